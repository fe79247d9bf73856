// docs/jobs.md names the test of each row of its crash table: those tests are there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folders = ['__tests__/e2e', '__tests__/local/jobs', '__tests__/modules/worker-runtime'];
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);
const rows = readFileSync(join(root, 'docs/jobs.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const header = rows.findIndex(([first]) => first === 'it breaks');
const table = rows.slice(header + 1).filter(([, , test]) => test?.includes('`') === true);

test('the table has its rows', () => {
  expect(header).toBeGreaterThan(-1);
  expect(table.length).toBeGreaterThanOrEqual(20);
});

test.each(table.map(([what, , tests]) => [what!, tests!]))('%s: its test is there', (_, tests) => {
  for (const [, name] of tests.matchAll(/`([^`]+)`/g))
    expect([name, sources.some((source) => source.includes(name!))]).toEqual([name, true]);
});
