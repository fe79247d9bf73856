import { type Environment, findProgram, isAtLeast, UserError } from '../toolchain';
import { runToEnd } from './run-to-end';

/** What the training code is written for; SageMaker's PyTorch images have 3.11 or newer. */
export const MINIMUM_PYTHON_VERSION = '3.10.0';

const NAMES = ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

export interface Python {
  /** Absolute path of the interpreter itself, not of a version manager's stand-in. */
  readonly path: string;
  /** For example `3.11.7`. */
  readonly version: string;
}

/**
 * Finds a Python on PATH that can make virtual environments.
 *
 * @throws UserError that lists what was found and why it will not do
 */
export async function findPython(environment: Environment = process.env): Promise<Python> {
  const refused: string[] = [];
  const seen = new Set<string>();
  for (const name of NAMES) {
    const program = findProgram(name, environment);
    if (program === undefined) continue;
    const ask = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3]); import venv, ensurepip';
    const { code, stdout, output } = await runToEnd(program, ['-c', ask], environment);
    const [path, version] = stdout.split(/\r?\n/);
    // A version manager has stand-ins for versions that it did not install.
    if (path === undefined || version === undefined || version === '' || seen.has(path)) continue;
    seen.add(path);
    if (!isAtLeast(version, MINIMUM_PYTHON_VERSION)) refused.push(`${path} is Python ${version}`);
    else if (code !== 0)
      refused.push(
        `${path} (${version}) cannot make virtual environments (on Debian and Ubuntu: apt install ` +
          `python3-venv): ${output.trim().split('\n').at(-1)}`,
      );
    else return { path, version };
  }
  throw new UserError(
    `the model is trained with Python ${MINIMUM_PYTHON_VERSION.replace(/\.0$/, '')} or newer, and there is ` +
      'none on PATH' +
      `${refused.length > 0 ? ` (${refused.join('; ')})` : ''}: install it ` +
      '(https://www.python.org/downloads/), or set STRATA_PYTHON to an interpreter that has the packages ' +
      'already',
  );
}
