// Whatever changed, vanished or ran at the same time: what runs is what the files say.
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { House } from './house';

const BUNDLE = '.strata/synth/main.js';
const STAMP = `${BUNDLE}.inputs.json`;

// Each case is a few processes, on a machine that may be busy.
jest.setTimeout(60_000);

let house: House;

/** The code cache beside the bundle: named after the V8 that made it. */
function cacheName(): string {
  const [name, ...others] = readdirSync(house.path('.strata/synth')).filter((file) => file.endsWith('.cache'));
  if (name === undefined || others.length > 0)
    throw new Error(`not one code cache, but ${[name, ...others].join(', ')}`);
  return `.strata/synth/${name}`;
}

beforeEach(() => {
  house = new House();
  house.write('main.ts', `import { word } from './word';\nconsole.log(word);`);
  house.write('word.ts', `export const word: string = 'single';`);
});
afterEach(() => house.remove());

async function expectToSay(word: string): Promise<void> {
  expect(await house.synth()).toEqual({ status: 0, stdout: `${word}\n`, stderr: '' });
}

/** Makes a file look as if it had just been written. */
function touch(name: string): void {
  const now = new Date();
  utimesSync(house.path(name), now, now);
}

test('the bundle is made once, and its code cache with it', async () => {
  await expectToSay('single');
  const { mtimeMs, ino } = statSync(house.path(BUNDLE));
  const cache = statSync(house.path(cacheName())).ino;
  await expectToSay('single');
  expect(statSync(house.path(BUNDLE))).toMatchObject({ mtimeMs, ino });
  expect(statSync(house.path(cacheName())).ino).toBe(cache);
});

test.each<[string, () => void]>([
  ['a file of it changed', () => house.write('word.ts', `export const word: string = 'per-az';`, 30)],
  [
    'a file of it changed to one that is as long and as old',
    () => {
      const { mtime } = statSync(house.path('word.ts'));
      writeFileSync(house.path('word.ts'), `export const word: string = 'per-az ';`);
      utimesSync(house.path('word.ts'), mtime, mtime);
      writeFileSync(house.path('word.ts'), `export const word: string = 'per-az';`);
    },
  ],
  ['its entry changed', () => house.write('main.ts', `console.log('per-az');`, 30)],
  [
    'a file of it gave way to a folder',
    () => {
      rmSync(house.path('word.ts'));
      house.write('word/index.ts', `export const word = 'per-az';`);
    },
  ],
])('it is made again where %s', async (_title, change) => {
  await expectToSay('single');
  change();
  await expectToSay('per-az');
  await expectToSay('per-az');
});

test.each([
  ['tsconfig.json'],
  ['package-lock.json'],
  ['scripts/synth/bundle.mjs'],
  ['scripts/synth/bundle-id.mjs'],
  ['scripts/synth/core-plugins.mjs'],
  ['scripts/synth/run-cached.mjs'],
])('it is made again where %s changed', async (name) => {
  await expectToSay('single');
  const { ino } = statSync(house.path(BUNDLE));
  touch(name);
  await expectToSay('single');
  expect(statSync(house.path(BUNDLE)).ino).not.toBe(ino);
});

test('a file that vanished is missed, and all is well when it is back', async () => {
  await expectToSay('single');
  cpSync(house.path('word.ts'), house.path('kept.ts'));
  rmSync(house.path('word.ts'));
  const { status, stdout, stderr } = await house.synth();
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('main.ts:1:21: ERROR: Could not resolve "./word"');
  cpSync(house.path('kept.ts'), house.path('word.ts'));
  await expectToSay('single');
});

test.each<[string, () => void]>([
  ['no bundle', () => rmSync(house.path(BUNDLE))],
  ['half a stamp', () => truncateSync(house.path(STAMP), 40)],
  ['no stamp', () => rmSync(house.path(STAMP))],
  ['half a code cache', () => truncateSync(house.path(cacheName()), statSync(house.path(cacheName())).size / 2)],
  ['an empty code cache', () => truncateSync(house.path(cacheName()), 0)],
  ['nothing left of it', () => rmSync(house.path('.strata'), { recursive: true })],
])('%s does no harm', async (_title, spoil) => {
  await expectToSay('single');
  spoil();
  await expectToSay('single');
  expect([BUNDLE, STAMP, cacheName()].filter((name) => !existsSync(house.path(name)))).toEqual([]);
});

describe('a synth that began before a change and ended after the next one', () => {
  const kept = (name: string): Buffer => readFileSync(house.path(name));

  test('leaves its code cache: it is not run for the new bundle, although that is as long', async () => {
    await expectToSay('single');
    const [old, cache] = [kept(BUNDLE), kept(cacheName())];
    house.write('word.ts', `export const word: string = 'per-az';`, 30);
    await expectToSay('per-az');
    expect(kept(BUNDLE)).toHaveLength(old.length);
    writeFileSync(house.path(cacheName()), cache);
    await expectToSay('per-az');
  });

  test('leaves its bundle: it is not taken for the new one', async () => {
    await expectToSay('single');
    const old = kept(BUNDLE);
    house.write('word.ts', `export const word: string = 'per-az';`, 30);
    await expectToSay('per-az');
    writeFileSync(house.path(BUNDLE), old);
    await expectToSay('per-az');
  });

  test('leaves its stamp: the next one bundles again', async () => {
    await expectToSay('single');
    const stamp = kept(STAMP);
    house.write('word.ts', `export const word: string = 'per-az';`, 30);
    await expectToSay('per-az');
    writeFileSync(house.path(STAMP), stamp);
    await expectToSay('per-az');
  });
});

test('synths that run at once all say what the files say', async () => {
  expect(await Promise.all(Array.from({ length: 5 }, () => house.synth()))).toEqual(
    Array.from({ length: 5 }, () => ({ status: 0, stdout: 'single\n', stderr: '' })),
  );
  await expectToSay('single');
});

test('a change while some are running is seen by all that start after it', async () => {
  const before = [house.synth(), house.synth()];
  await new Promise((done) => setTimeout(done, 150));
  house.write('word.ts', `export const word: string = 'per-az';`, 0);
  const after = [house.synth(), house.synth()];
  for (const { status, stdout } of await Promise.all(before)) {
    expect(status).toBe(0);
    expect(['single\n', 'per-az\n']).toContain(stdout);
  }
  for (const ended of await Promise.all(after)) expect(ended).toEqual({ status: 0, stdout: 'per-az\n', stderr: '' });
  await expectToSay('per-az');
});
