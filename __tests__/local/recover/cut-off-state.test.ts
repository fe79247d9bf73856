import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endsInTheMiddle, repairCutOffState } from '../../../local/recover/cut-off-state';

const folder = mkdtempSync(path.join(tmpdir(), 'strata-cut-off-state-'));
const file = path.join(folder, 'network.tfstate');
const stack = { terraform: { backend: { local: { path: file } } } };
afterEach(() => readdirSync(folder).forEach((name) => rmSync(path.join(folder, name))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['', '{"serial":8,"resour'])(
  'a state that is cut off is replaced by the copy of before the deploy: "%s"',
  (text) => {
    writeFileSync(file, text);
    writeFileSync(`${file}.backup`, '{"serial":7}');
    expect(repairCutOffState(stack)).toBe(
      `The state was cut off while it was written: ${file}.cut-off. Put ${file}.backup back`,
    );
    expect(readFileSync(file, 'utf8')).toBe('{"serial":7}');
    expect(readFileSync(`${file}.cut-off`, 'utf8')).toBe(text);
  },
);

test('a state that is whole is left as it is', () => {
  writeFileSync(file, '{"serial":8}');
  writeFileSync(`${file}.backup`, '{"serial":7}');
  expect(repairCutOffState(stack)).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('{"serial":8}');
});

test('after a first deploy there is no copy: one that ends in the middle is put aside, and all is found by its tags', () => {
  writeFileSync(file, '{"serial":1,"resour');
  expect(repairCutOffState(stack)).toBe(`The state was cut off while it was written: ${file}.cut-off.`);
  expect(existsSync(file)).toBe(false);
});

test('an empty one without a copy is no state for Terraform either', () => {
  writeFileSync(file, '');
  expect(repairCutOffState(stack)).toBeUndefined();
});

test('a state in S3 is not in a file', () => {
  expect(repairCutOffState({ terraform: { backend: { s3: { bucket: 'b' } } } })).toBeUndefined();
});

test.each([
  ['{"serial":8,"resour', true],
  ['{"serial":8}', false],
  ['', false],
])('whether a state ends in the middle: "%s" %s', async (text, expected) => {
  writeFileSync(file, text);
  expect(await endsInTheMiddle(stack)).toBe(expected);
});

test('one that is being written does not', async () => {
  writeFileSync(file, '{"serial":8,"resour');
  setTimeout(() => writeFileSync(file, '{"serial":8}'), 100);
  expect(await endsInTheMiddle(stack)).toBe(false);
});
