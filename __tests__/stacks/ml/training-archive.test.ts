import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sourceFiles, tarGz } from '../../../stacks/ml/training-archive';

const folder = mkdtempSync(join(tmpdir(), 'strata-training-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'train.py': 'print("훈련")\n',
  'package/__init__.py': '',
  'package/data.py': 'x = 1\n'.repeat(300),
};

function write(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  return join(folder, name);
}

test('tar unpacks what was packed', () => {
  const directory = write('one', FILES);
  writeFileSync(join(folder, 'one.tar.gz'), tarGz(sourceFiles(directory)));
  mkdirSync(join(folder, 'unpacked'));
  const { status, stderr } = spawnSync('tar', ['-xzf', join(folder, 'one.tar.gz'), '-C', join(folder, 'unpacked')], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const [path, content] of Object.entries(FILES))
    expect(readFileSync(join(folder, 'unpacked', path), 'utf8')).toBe(content);
});

test('the same files give the same bytes, whenever they were written, on every machine', () => {
  const again = write('again', Object.fromEntries(Object.entries(FILES).reverse()));
  utimesSync(join(again, 'train.py'), 1, 1);
  const archive = tarGz(sourceFiles(again));
  expect(Buffer.from(archive)).toEqual(Buffer.from(tarGz(sourceFiles(write('first', FILES)))));
  expect(createHash('sha256').update(archive).digest('hex')).toMatchInlineSnapshot(
    `"acdfdc17443f83a621e4df9b3467d3a07817834d20af1c6661821c81b8d75ef4"`,
  );
});

test('what Python and editors leave is left out', () => {
  const directory = write('litter', {
    ...FILES,
    'package/__pycache__/data.cpython-312.pyc': 'x',
    '.venv/bin/python': 'x',
    '.DS_Store': 'x',
    'venv/x.py': 'x',
    'strata.egg-info/PKG-INFO': 'x',
    'old.pyc': 'x',
  });
  expect(sourceFiles(directory).map(({ path }) => path)).toEqual([
    'package/__init__.py',
    'package/data.py',
    'train.py',
  ]);
});

test('a path that is too long for the format is refused', () => {
  expect(() => tarGz([{ path: `${'d/'.repeat(50)}x.py`, content: new Uint8Array() }])).toThrow(
    'has 104 bytes, a path in the archive at most 100; shorten it',
  );
});
