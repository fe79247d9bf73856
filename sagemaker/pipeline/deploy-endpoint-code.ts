import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a Lambda function needs to know to run the code. */
export const DEPLOY_ENDPOINT_HANDLER = 'index.handler';
/** @see DEPLOY_ENDPOINT_HANDLER */
export const DEPLOY_ENDPOINT_RUNTIME = 'nodejs22.x';

let built = false;

/**
 * Folder with the code of the function that deploys a registered model: one file, its SDK clients included, the same
 * bytes for the same sources.
 *
 * @throws Error when the code is not there: in a checkout, when it does not bundle
 */
export function deployEndpointCode(): string {
  const folder = dirname(require.resolve('@strata/sagemaker-pipeline/package.json'));
  const published = join(folder, 'lib/deploy-endpoint');
  // A checkout has the sources; what an earlier build of the package left there may be older.
  if (!existsSync(join(folder, 'index.ts'))) return existing(published);
  const root = join(folder, '../..');
  // The synth builds it before it starts; this is for every other caller.
  if (!built && process.env.STRATA_FUNCTIONS_BUILT !== root) {
    const { status, stderr, error } = spawnSync('npm', ['run', '--silent', 'build:functions'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the code of the deploy function does not bundle: ${error?.message ?? stderr}`);
  }
  built = true;
  return existing(join(root, '.strata/functions/deploy-endpoint'));
}

function existing(folder: string): string {
  if (existsSync(join(folder, 'index.js'))) return folder;
  throw new Error(
    `the code of the deploy function is not in ${folder}; reinstall @strata/sagemaker-pipeline, or run ` +
      '"npm run build:functions" in a checkout',
  );
}
