import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, packageSources } from '../../../local/python';
import { runToEnd } from '../../../local/python/run-to-end';
import { UserError } from '../../../local/toolchain';

const requirements = join(__dirname, 'python/requirements.txt');

/**
 * The Python of the comparison server, created once in a folder and again when its requirements change.
 * @throws UserError when there is no Python, or the packages cannot be installed.
 */
export async function ensureServingPython(folder: string, progress: (text: string) => void): Promise<string> {
  const python = join(folder, 'bin/python');
  const stampFile = join(folder, 'requirements.sha256');
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return python;

  const base = await findPython();
  progress(`making a Python environment in ${folder}, once`);
  rmSync(folder, { recursive: true, force: true });
  const made = await runToEnd(base.path, ['-m', 'venv', folder], process.env);
  if (made.code !== 0)
    throw new UserError(`${base.path} could not make a virtual environment in ${folder}:\n${made.output.trim()}`);
  const configuration = (await runToEnd(python, ['-m', 'pip', 'config', 'list'], process.env)).stdout;
  const failures: string[] = [];
  for (const { description, args } of packageSources(configuration)) {
    const installed = await runToEnd(
      python,
      ['-m', 'pip', 'install', '--quiet', ...args, '-r', requirements],
      process.env,
    );
    if (installed.code === 0) {
      writeFileSync(stampFile, stamp);
      return python;
    }
    failures.push(`${description}: ${installed.output.trim().split('\n').at(-1)}`);
  }
  throw new UserError(`the packages of ${requirements} cannot be installed:\n${failures.join('\n')}`);
}
