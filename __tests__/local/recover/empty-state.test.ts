import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { restoreEmptyState } from '../../../local/recover/empty-state';

const folder = mkdtempSync(path.join(tmpdir(), 'strata-empty-state-'));
const file = path.join(folder, 'network.tfstate');
const stack = { terraform: { backend: { local: { path: file } } } };
afterEach(() => [file, `${file}.backup`].forEach((one) => rmSync(one, { force: true })));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a state that is empty is replaced by the copy of before the deploy', () => {
  writeFileSync(file, '');
  writeFileSync(`${file}.backup`, '{"serial":7}');
  expect(restoreEmptyState(stack)).toBe(`${file}.backup`);
  expect(readFileSync(file, 'utf8')).toBe('{"serial":7}');
});

test('a state with anything in it is left as it is', () => {
  writeFileSync(file, '{"serial":8}');
  writeFileSync(`${file}.backup`, '{"serial":7}');
  expect(restoreEmptyState(stack)).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('{"serial":8}');
});

test('after a first deploy there is no copy: all is found by its tags', () => {
  writeFileSync(file, '');
  expect(restoreEmptyState(stack)).toBeUndefined();
  expect(existsSync(file)).toBe(true);
});

test('a state in S3 is not in a file', () => {
  expect(restoreEmptyState({ terraform: { backend: { s3: { bucket: 'b' } } } })).toBeUndefined();
});
