// Compares what a git ref and this checkout synthesize, for every environment of cdktf.json and every variant in
// __tests__/support/variants:
//   npm run synth:diff -- <git ref> [--only <part of a name>] [--ignore <regex of JSON paths>]
// Exits with 1 if anything differs or fails. The order of keys in an object is not compared, because it means nothing
// to Terraform; the order of a list is.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthCases } from './synth-diff/cases.mjs';
import { compareOutputs } from './synth-diff/compare.mjs';
import { checkOut } from './synth-diff/ref-checkout.mjs';
import { stopAll, synthesize } from './synth-diff/synthesize.mjs';

/** Differences that are shown of one case. */
const SHOWN = 20;
const USAGE = 'usage: npm run synth:diff -- <git ref> [--only <part of a name>] [--ignore <regex of JSON paths>]';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

try {
  const { ref, ignore, cases } = readArguments();
  process.exitCode = (await run(ref, ignore, cases)) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, ignore: { type: 'string' } },
  });
  if (positionals.length !== 1)
    throw new Error(`${positionals.length} git refs are given; give one, such as HEAD or main\n${USAGE}`);
  const all = synthCases(root);
  const cases = all.filter(({ name }) => name.includes(values.only ?? ''));
  if (cases.length === 0)
    throw new Error(
      `--only: no environment or variant has "${values.only}" in its name; use a part of one of these: ${all.map(({ name }) => name).join(', ')}`,
    );
  return { ref: positionals[0], ignore: pattern(values.ignore), cases };
}

function pattern(text) {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch (error) {
    throw new Error(
      `--ignore: "${text}" is not a regular expression (${error.message}); write one that matches the JSON paths to leave out`,
    );
  }
}

/** @returns {Promise<boolean>} whether everything is the same */
async function run(ref, ignore, cases) {
  const started = Date.now();
  const scratch = mkdtempSync(join(tmpdir(), 'strata-synth-diff-'));
  const checkout = checkOut(root, ref, join(scratch, 'ref'));
  const cleanUp = () => {
    stopAll();
    checkout.remove();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      cleanUp();
      process.exit(130);
    });
  try {
    const cwd = workingFolder(scratch);
    const counts = { same: 0, different: 0, failed: 0 };
    for (const one of cases) {
      // One after the other in each tree, so that the first bundles for all.
      const [before, after] = await Promise.all(
        [
          ['before', checkout.folder],
          ['after', root],
        ].map(([side, tree]) => synthesize({ tree, cwd, outdir: join(scratch, side), case: one })),
      );
      counts[report(one.name, before, after, ignore)] += 1;
    }
    console.log(
      `\n${counts.same} same, ${counts.different} different, ${counts.failed} failed, in ${Math.round((Date.now() - started) / 1000)} s (${ref} against the working tree)`,
    );
    return counts.different + counts.failed === 0;
  } finally {
    cleanUp();
  }
}

/** Both trees run in one folder, which has no state: paths of state files are the same, and no deployed neighbour is found. Variants name files of the tests. */
function workingFolder(scratch) {
  const folder = join(scratch, 'run');
  mkdirSync(folder);
  symlinkSync(join(root, '__tests__'), join(folder, '__tests__'));
  return folder;
}

/** @returns {'same' | 'different' | 'failed'} */
function report(name, before, after, ignore) {
  const errors = Object.entries({ before, after }).filter(([, { error }]) => error !== undefined);
  if (errors.length > 0) {
    console.log(`FAILED     ${name}`);
    for (const [side, { error }] of errors) console.log(`  ${side}: ${error.replaceAll('\n', '\n    ')}`);
    return 'failed';
  }
  const found = compareOutputs(before.files, after.files).filter(({ path }) => ignore?.test(path) !== true);
  console.log(`${found.length === 0 ? 'same      ' : 'DIFFERENT '} ${name}`);
  for (const { path, before: was, after: is } of found.slice(0, SHOWN))
    console.log(`  ${path}\n    before: ${was}\n    after:  ${is}`);
  if (found.length > SHOWN) console.log(`  and ${found.length - SHOWN} more`);
  return found.length === 0 ? 'same' : 'different';
}
