import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(__dirname, '../../scripts/lint/lock-file.mjs');

function check(packages: object): { status: number | null; output: string } {
  const root = mkdtempSync(join(tmpdir(), 'strata-lock-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
  rmSync(root, { recursive: true });
  return { status, output: (stderr + stdout).trim() };
}

const bundler = { version: '1.2.3', optionalDependencies: { '@bundler/linux': '1.2.3', '@bundler/darwin': '1.2.3' } };

test('a lock file with every platform passes', () => {
  const packages = {
    '': {},
    'node_modules/bundler': bundler,
    'node_modules/@bundler/linux': {},
    'node_modules/bundler/node_modules/@bundler/darwin': {},
  };
  expect(check(packages)).toEqual({ status: 0, output: 'package-lock.json is whole.' });
});

test('a lock file that lacks a platform is refused, with the package to pin', () => {
  const { status, output } = check({ 'node_modules/bundler': bundler, 'node_modules/@bundler/linux': {} });
  expect(status).toBe(1);
  expect(output).toContain(
    'package-lock.json: bundler@1.2.3 lacks 1 of its optional packages, such as @bundler/darwin; use a version of bundler',
  );
});
