import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The functions of the layer, by the names of their bundles. */
export type JobsFunction = 'jobs-submit' | 'jobs-status' | 'jobs-dead-letter' | 'jobs-wake' | 'jobs-migrate';

/** Lambda runtime that the bundles are built for. */
export const JOBS_RUNTIME = 'nodejs22.x';

/**
 * Node.js of Lambda knows the certificates of RDS by this file alone.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-certificates
 */
export const CERTIFICATES = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };

/**
 * Set once the bundles are there, so that a process which synthesizes the layer several times looks for changes of their
 * sources once.
 */
const BUILT = 'STRATA_JOBS_FUNCTIONS_BUILT';

/**
 * The folder with a function's code: in the published package its own copy, in a checkout what `npm run
 * build:functions` makes. It bundles here, where the layer is synthesized, and only what has changed.
 * @throws Error when the code does not bundle, or is not there
 */
export function functionCode(name: JobsFunction): string {
  const folder = dirname(require.resolve('@strata/stack-jobs/package.json'));
  if (!existsSync(join(folder, 'index.ts'))) return existing(join(folder, 'lib/functions', name));
  const root = join(folder, '../..');
  if (process.env[BUILT] !== root) {
    const build = join(root, 'scripts/functions/build.mjs');
    const { status, stderr, error } = spawnSync(process.execPath, [build, 'jobs'], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the functions of the jobs layer do not bundle: ${error?.message ?? stderr}`);
    process.env[BUILT] = root;
  }
  return existing(join(root, '.strata/functions', name));
}

function existing(folder: string): string {
  if (existsSync(join(folder, 'index.js'))) return folder;
  throw new Error(
    `the code of a function is not in ${folder}; reinstall @strata/stack-jobs, or run "npm run build:functions" in a ` +
      'checkout',
  );
}
