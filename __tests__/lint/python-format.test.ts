import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(__dirname, '../../scripts/lint/python-format.mjs');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-python-'));
  spawnSync('git', ['init', '-q'], { cwd: root });
});
afterEach(() => rmSync(root, { recursive: true }));

function check(source: string, ...options: string[]): { status: number | null; output: string } {
  writeFileSync(join(root, 'a.py'), source);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], { cwd: root, encoding: 'utf8' });
  return { status, output: (stderr + stdout).trim() };
}

test('Python that is formatted passes', () => {
  expect(check('x = {"a": 1}\n')).toEqual({ status: 0, output: '1 Python files are well formatted.' });
});

test('other layout is refused, and --write mends it', () => {
  expect(check("x = {'a':1}\n")).toEqual({
    status: 1,
    output: 'a.py is not formatted: npm run format\n1 problems.',
  });
  expect(check("x = {'a':1}\n", '--write').status).toBe(0);
  expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe('x = {"a": 1}\n');
});

test('a text that is too long is refused with its line', () => {
  const { status, output } = check(`x = 1\ny = "${'a'.repeat(120)}"\n`);
  expect(status).toBe(1);
  expect(output).toContain('a.py:2 has 126 characters; at most 120');
});
