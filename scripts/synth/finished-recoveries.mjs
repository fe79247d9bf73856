// Takes away what a recovery has left for a deploy (`.strata/recover`) as soon as that deploy has imported it: an
// `import` block of something that is later destroyed would fail the deploy after that.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param directory where cdktf runs
 * @param outdir where it writes stacks to
 */
export async function dropFinishedRecoveries(directory, outdir) {
  const folder = join(directory, '.strata', 'recover');
  if (!existsSync(folder)) return;
  const files = readdirSync(folder, { recursive: true }).map(String);
  for (const path of files.filter((file) => file.endsWith('.json'))) {
    const [, environment = '', layer = ''] = path.slice(0, -'.json'.length).split(/[\\/]/);
    const file = join(folder, path);
    if (await isFinished(file, join(outdir, environment, layer))) rmSync(file);
  }
}

/** Whether the state has all of it. Where the state cannot be read, it stays: what is imported twice has no effect. */
async function isFinished(file, layerFolder) {
  if (!existsSync(layerFolder)) return false;
  try {
    const { imports } = JSON.parse(readFileSync(file, 'utf8'));
    const terraform = process.env.TERRAFORM_BINARY_NAME || 'terraform';
    const { stdout } = await run(terraform, ['state', 'list'], { cwd: layerFolder });
    const addresses = new Set(stdout.split(/\r?\n/));
    return imports.every(({ to }) => addresses.has(to));
  } catch {
    return false;
  }
}
