import { csvLine } from '../../app-web/page/comments/csv-line';
import { csvCell } from '../../modules/worker-runtime/results/csv';

test.each([
  '=1+1',
  '+1',
  '-1',
  '@a',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1+1',
  '\u00a0=1',
  '\uff1d1',
  'a;b',
  'a,"b"',
  'plain',
  '',
])('the page guards %j as the worker does, so that no spreadsheet takes it for a formula', (text) =>
  expect(csvLine([text])).toBe(`${csvCell(text)}\r\n`),
);
