import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BACKENDS, LAYERS, MOMENTS, type KillTestResults } from '../../../scripts/kill-test/case';
import { document } from '../../../scripts/kill-test/document';

const docs = path.resolve(__dirname, '../../../docs');
const results = JSON.parse(readFileSync(path.join(docs, 'kill-test.json'), 'utf8')) as KillTestResults;

test('the page of killed deploys is the one made from the results', () => {
  expect(readFileSync(path.join(docs, 'kill-test.md'), 'utf8')).toBe(document(results));
});

test('every case that was run has recovered', () => {
  expect(results.cases.filter(({ outcome }) => outcome !== 'recovered')).toEqual([]);
});

test('a page without any has a row for each case, and counts them as not run', () => {
  const page = document({ ...results, cases: [] });
  const total = BACKENDS.length * LAYERS.length * MOMENTS.length;
  expect(page.match(/not run yet \|$/gm)).toHaveLength(total);
  expect(page).toContain(`0 of ${total} cases recovered, ${total} not run yet`);
});

test('an outcome of several lines stays in its row', () => {
  const [first] = results.cases;
  expect(document({ ...results, cases: [{ ...first!, outcome: 'the deploy failed:\nError: a | b' }] })).toContain(
    '| the deploy failed: Error: a \\| b |',
  );
});
