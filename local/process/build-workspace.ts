import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { UserError } from '../toolchain';

/**
 * Builds a package of this checkout by the command in its own package.json, as `npm run build -- --outdir=<outdir>`
 * does, but without npm, which takes longer to start than the build.
 * @param folder the package's folder
 * @throws UserError with what the build said when it fails
 */
export function buildWorkspace(folder: string, outdir: string): Promise<void> {
  const child = startBuild(folder, [`--outdir=${outdir}`], ['ignore', 'ignore', 'pipe']);
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr!.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new UserError(`${folder} does not build:\n${errors}`)),
    );
  });
}

/** Starts the build of a package by the command in its own package.json. */
export function startBuild(
  folder: string,
  args: readonly string[],
  stdio: NonNullable<Parameters<typeof spawn>[2]>['stdio'],
) {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { build: string } };
  return spawn('sh', ['-c', `exec ${scripts.build} "$@"`, 'sh', ...args], {
    cwd: folder,
    stdio,
    env: { ...process.env, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) },
  });
}
