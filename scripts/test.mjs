// `npm test`: installs what is needed, runs every kind of test and ends with the sum of all of them.
// `npm test -- <pattern>` runs jest alone, for what matches. Plain Node: it must start on a checkout without
// node_modules.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ensureInstalled } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ci = process.env.CI === 'true';
const jestArguments = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'strata-test-'));

/** @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Count */
/** @typedef {(text: string | Buffer) => void} Print takes what a command prints */

/**
 * The kinds of test besides jest. Each uses one core; the first, the longest, runs beside the others and the beginning
 * of jest. To add one, add an entry: `run` gives its count.
 *
 * @type {{ name: string, run: (print: Print) => Promise<Count> }[]}
 */
const quick = [
  { name: 'pytest', run: (print) => counted('test:python', print) },
  { name: 'lint', run: (print) => script('lint', print) },
  { name: 'types', run: (print) => script('typecheck', print) },
  { name: 'contracts', run: (print) => script('contracts:check', print) },
  { name: 'changesets', run: (print) => script('changesets:check', print) },
  { name: 'changed', run: (print) => script('changesets:changed', print) },
  { name: 'runtimes', run: (print) => counted('test:runtimes', print) },
];

/**
 * One npm script that either holds or does not. Ending with 77 means: could not be checked here (the reason is its last
 * line).
 */
async function script(name, print) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (scripts[name] === undefined)
    return { passed: 0, failed: 1, skipped: 0, note: `package.json has no script "${name}"` };
  const { status, output } = await command('npm', ['run', '--silent', name], print);
  if (status === 77) return { passed: 0, failed: 0, skipped: 1, note: output.trim().split('\n').at(-1) };
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function jest() {
  const report = join(scratch, 'jest.json');
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status } = await command(
    process.execPath,
    [bin, ...(ci ? ['--ci'] : []), '--json', `--outputFile=${report}`, ...jestArguments],
    (data) => process.stderr.write(data),
    { quiet: true },
  );
  if (!existsSync(report))
    return { passed: 0, failed: 1, skipped: 0, note: `jest ended with ${status} and wrote no report` };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  // Jest can fail without a failed test: an obsolete snapshot in CI, an open handle, a crashed worker.
  const crashed = status !== 0 && failed === 0;
  return {
    passed: result.numPassedTests,
    failed: crashed ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    ...(crashed ? { note: `jest ended with ${status} although no test failed` } : {}),
  };
}

/** An npm script that ends with a count, as pytest does. Ending with 77 means the same as for every script. */
async function counted(name, print) {
  const { status, output } = await command('npm', ['run', '--silent', name], print);
  if (status === 77) return { passed: 0, failed: 0, skipped: 1, note: output.trim().split('\n').at(-1) };
  // Such as `1 failed, 80 passed, 2 skipped, 1 error in 17.14s`, coloured on a terminal.
  const summary =
    stripVTControlCharacters(output)
      .trim()
      .split('\n')
      .findLast((line) => / in [0-9.]+s\b/.test(line)) ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}s?\\b`).exec(summary)?.[1] ?? 0);
  const failed = count('failed') + count('error');
  const crashed = status !== 0 && failed === 0;
  return {
    passed: count('passed'),
    failed: crashed ? 1 : failed,
    skipped: count('skipped'),
    ...(crashed ? { note: `${name} ended with ${status} although no test failed` } : {}),
  };
}

/**
 * Runs a command, printing its output as it comes (`quiet`: stderr only, where stdout is data).
 *
 * @param {Print} print
 */
function command(file, args, print, { quiet = false } = {}) {
  return new Promise((done) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      if (!quiet) print(data);
    });
    child.stderr.on('data', print);
    child.on('error', (error) => done({ status: 127, output: error.message }));
    child.on('close', (status, signal) => done({ status: status ?? signal, output }));
  });
}

function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key];
  return total;
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The first, which takes the longest and one core, runs beside all others; jest begins when those have ended. */
async function runAll([longest, ...others]) {
  console.log(`\n${longest.name} beside ${others.map(({ name }) => name).join(', ')}, and then jest.`);
  const beside = shown(longest);
  const results = [];
  for (const kind of others) results.push(await shown(kind));
  results.push(await timed('jest', jest));
  return [await beside, ...results];
}

/** What it prints is shown when it ends. */
async function shown({ name, run }) {
  const printed = [];
  const result = await timed(name, () => run((data) => printed.push(Buffer.from(data))));
  process.stdout.write(Buffer.concat([Buffer.from(`\n--- ${name}\n`), ...printed]));
  return result;
}

async function timed(name, run) {
  const started = performance.now();
  return { name, count: await run(), seconds: (performance.now() - started) / 1000 };
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node.js ${process.versions.node} is too old; install 20.19 or newer.`);
    return 1;
  }
  if (!ensureInstalled(root)) return 1;

  const results = jestArguments.length > 0 ? [await timed('jest', jest)] : await runAll(quick);

  console.log('');
  for (const { name, count, seconds } of results) {
    console.log(
      `${name.padEnd(12)} ${describe(count)} (${seconds.toFixed(1)} s)${count.note ? `: ${count.note}` : ''}`,
    );
  }
  const total = sum(results.map(({ count }) => count));
  if (total.passed + total.failed === 0) console.log('No test ran.');
  console.log(describe(total));
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

process.exitCode = await main().finally(() => rmSync(scratch, { recursive: true, force: true }));
