import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

// `npm test` in a small repository: its scripts and its jest are stand-ins that end as each case says, the command is
// the real one. Only the first test has the real npm, which takes half a second to begin a script.

const root = resolve(__dirname, '../..');
const scripts = {
  lint: 'exit 0',
  typecheck: 'exit 0',
  'contracts:check': 'exit 0',
  'changesets:check': 'exit 0',
  'changesets:changed': 'exit 0',
};
const python = { 'test:python': 'echo "3 passed, 1 warning in 2.50s"' };
const runtimes = { 'test:runtimes': 'echo "2 passed, 0 failed, 0 skipped in 1.20s"' };
const holds = { ...scripts, ...python, ...runtimes };
const green = {
  numPassedTests: 5,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

let repository: string;

function write(path: string, content: string | object): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), typeof content === 'string' ? content : JSON.stringify(content));
}

interface Jest {
  /** The report that jest writes; none where it crashes before. */
  readonly report?: object;
  readonly status?: number;
}

function npmTest(
  scripts: object,
  jest: Jest,
  ...args: readonly string[]
): { status: number | null; last: string | undefined; output: string } {
  write('package.json', { name: 'house', scripts });
  const writesReport =
    jest.report === undefined
      ? ''
      : `require('fs').writeFileSync(process.argv.find((a) => a.startsWith('--outputFile=')).slice(13), ${JSON.stringify(JSON.stringify(jest.report))});`;
  write(
    'node_modules/jest/bin/jest.js',
    `${writesReport} console.error('jest got ' + process.argv.slice(2).filter((a) => !a.startsWith('--')).join(' ')); process.exit(${jest.status ?? 0});`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, 'scripts/test.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(repository, 'bin')}${delimiter}${process.env['PATH']}` },
  });
  return { status, last: stdout.trimEnd().split('\n').at(-1), output: stdout + stderr };
}

/** An npm that runs scripts, and does nothing else. */
const NPM = `#!${process.execPath}
const { scripts } = JSON.parse(require('fs').readFileSync('package.json', 'utf8'));
const { status } = require('child_process').spawnSync(scripts[process.argv.at(-1)], { shell: true, stdio: 'inherit' });
process.exit(status);
`;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'strata-npm-test-'));
  for (const name of ['test.mjs', 'install.mjs'])
    cpSync(join(root, 'scripts', name), join(repository, 'scripts', name));
  write('bin/npm', NPM);
  chmodSync(join(repository, 'bin/npm'), 0o755);
  write('package-lock.json', { packages: { '': {}, 'node_modules/jest': { version: '30.0.0' } } });
  write('node_modules/.package-lock.json', { packages: { 'node_modules/jest': { version: '30.0.0' } } });
});

afterEach(() => rmSync(repository, { recursive: true, force: true }));

test('ends with the sum over all runners', () => {
  rmSync(join(repository, 'bin'), { recursive: true });
  expect(npmTest(holds, { report: green })).toMatchObject({ status: 0, last: '15 passed, 0 failed' });
});

test('names what was skipped and why', () => {
  const { status, last, output } = npmTest(
    { ...holds, 'changesets:changed': 'echo not on a branch; exit 77' },
    { report: { ...green, numPendingTests: 2 } },
  );
  expect({ status, last }).toEqual({ status: 0, last: '14 passed, 0 failed, 3 skipped' });
  expect(output).toMatch(/^changed +0 passed, 0 failed, 1 skipped \(.*\): not on a branch$/m);
});

test('without Python the tests that need it are skipped, with the reason', () => {
  const { last, output } = npmTest(
    { ...scripts, ...runtimes, 'test:python': 'echo "there is no Python on PATH"; exit 77' },
    { report: green },
  );
  expect(last).toBe('12 passed, 0 failed, 1 skipped');
  expect(output).toMatch(/^pytest +0 passed, 0 failed, 1 skipped \(.*\): there is no Python on PATH$/m);
});

test('without the Node.js that ships its tests are skipped, with the reason', () => {
  const { last, output } = npmTest(
    { ...scripts, ...python, 'test:runtimes': 'echo "npm has no Node.js for this platform"; exit 77' },
    { report: green },
  );
  expect(last).toBe('13 passed, 0 failed, 1 skipped');
  expect(output).toMatch(/^runtimes +0 passed, 0 failed, 1 skipped \(.*\): npm has no Node\.js for this platform$/m);
});

test.each<[string, object, Jest, string]>([
  ['lint fails', { ...holds, lint: 'exit 1' }, { report: green }, '14 passed, 1 failed'],
  ['a check is gone', { ...holds, 'contracts:check': undefined }, { report: green }, '14 passed, 1 failed'],
  [
    'Python tests fail',
    { ...scripts, ...runtimes, 'test:python': 'echo "1 failed, 4 passed, 2 errors in 61.20s (0:01:01)"; exit 1' },
    { report: green },
    '16 passed, 3 failed',
  ],
  [
    'Python tests end without a summary',
    { ...scripts, ...runtimes, 'test:python': 'exit 2' },
    { report: green },
    '12 passed, 1 failed',
  ],
  [
    'tests fail under the Node.js that ships',
    { ...holds, 'test:runtimes': 'echo "3 passed, 1 failed, 0 skipped in 9.30s"; exit 1' },
    { report: green },
    '16 passed, 1 failed',
  ],
  ['a test fails', holds, { report: { ...green, numFailedTests: 2 }, status: 1 }, '15 passed, 2 failed'],
  [
    'a test file does not load',
    holds,
    { report: { ...green, numRuntimeErrorTestSuites: 1 }, status: 1 },
    '15 passed, 1 failed',
  ],
  ['jest fails without a failed test', holds, { report: green, status: 1 }, '15 passed, 1 failed'],
  ['jest dies before it reports', holds, { status: 134 }, '10 passed, 1 failed'],
])('fails when %s', (_title, scripts, jest, last) => {
  expect(npmTest(scripts, jest)).toMatchObject({ status: 1, last });
});

test('with a pattern runs jest alone, and no match is a failure', () => {
  const found = npmTest(holds, { report: green }, '__tests__/modules/vpc');
  expect(found).toMatchObject({ status: 0, last: '5 passed, 0 failed' });
  expect(found.output).toContain('jest got __tests__/modules/vpc');
  expect(npmTest(holds, { report: { ...green, numPassedTests: 0 } }, 'nothing')).toMatchObject({
    status: 1,
    last: '0 passed, 0 failed',
  });
});

describe('what is installed', () => {
  const reason = (): string => {
    const script = `import(${JSON.stringify(join(root, 'scripts/install.mjs'))}).then((m) => console.log(m.staleInstall(${JSON.stringify(repository)})))`;
    return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim();
  };

  test('as the lock file says: nothing to do, whatever is there for other platforms', () => {
    write('package-lock.json', {
      packages: {
        '': {},
        'modules/vpc': { version: '0.1.0' },
        'node_modules/jest': { version: '30.0.0' },
        'node_modules/binary-darwin': { version: '1.0.0', optional: true },
      },
    });
    expect(reason()).toBe('undefined');
  });

  test('another version', () => {
    write('package-lock.json', { packages: { 'node_modules/jest': { version: '30.0.1' } } });
    expect(reason()).toBe('jest is not installed as package-lock.json says');
  });

  test('a workspace whose link is gone', () => {
    const packages = { 'node_modules/@strata/vpc': { resolved: 'modules/vpc', link: true } };
    write('package-lock.json', { packages });
    write('node_modules/.package-lock.json', { packages });
    expect(reason()).toBe('the link to modules/vpc is missing');
    write('modules/vpc/package.json', {});
    mkdirSync(join(repository, 'node_modules/@strata'));
    symlinkSync('../../modules/vpc', join(repository, 'node_modules/@strata/vpc'));
    expect(reason()).toBe('undefined');
  });

  test('nothing at all', () => {
    rmSync(join(repository, 'node_modules'), { recursive: true });
    expect(reason()).toBe('node_modules is missing');
  });
});
