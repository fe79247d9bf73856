import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The functions of the layer, by the names of their bundles. */
export type JobsFunction = 'jobs-submit' | 'jobs-status' | 'jobs-dead-letter' | 'jobs-wake';

/** Lambda runtime that the bundles are built for. */
export const JOBS_RUNTIME = 'nodejs22.x';

let built = false;

/**
 * The folder with a function's code: in the published package its own copy, in a checkout what `npm run
 * build:functions` makes.
 * @throws Error when the code does not bundle, or is not there
 */
export function functionCode(name: JobsFunction): string {
  const folder = dirname(require.resolve('@strata/stack-jobs/package.json'));
  if (!existsSync(join(folder, 'index.ts'))) return existing(join(folder, 'lib/functions', name));
  const root = join(folder, '../..');
  // The synth builds it before it starts; this is for every other caller.
  if (!built && process.env.STRATA_FUNCTIONS_BUILT !== root) {
    const { status, stderr, error } = spawnSync('npm', ['run', '--silent', 'build:functions'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the functions of the jobs layer do not bundle: ${error?.message ?? stderr}`);
  }
  built = true;
  return existing(join(root, '.strata/functions', name));
}

function existing(folder: string): string {
  if (existsSync(join(folder, 'index.js'))) return folder;
  throw new Error(
    `the code of a function is not in ${folder}; reinstall @strata/stack-jobs, or run "npm run build:functions" in a ` +
      'checkout',
  );
}
