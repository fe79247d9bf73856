import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type Environment, UserError } from '../toolchain';
import { findPython } from './find-python';
import { packageSources, TORCH_VERSION } from './package-sources';
import { runToEnd } from './run-to-end';

export interface PythonEnvironment {
  /** Absolute path of an interpreter that has all packages of `sagemaker/training`. */
  readonly python: string;
}

export interface PythonEnvironmentOptions {
  /** The checkout. @default this one */
  readonly root?: string;
  /** @default process.env */
  readonly environment?: Environment;
  /** Told what takes time. */
  readonly progress?: (text: string) => void;
  /** Whether to install what is missing. @default true */
  readonly install?: boolean;
}

const REQUIREMENTS = ['requirements.txt', 'requirements-dev.txt'];
/** Written last, with a hash of the requirements: an environment without it is not whole. */
const STAMP = 'strata-stamp';
const IMPORTS = ['torch', 'onnx', 'onnxscript', 'onnxruntime', 'numpy', 'PIL', 'tqdm'];

/**
 * The Python that trains and evaluates. Created once in `.strata/python`, and again when the requirements change. With
 * STRATA_PYTHON set, that interpreter is taken as it is: the way to use one's own build of torch, with CUDA for
 * example.
 *
 * @throws UserError when there is no Python, when the packages cannot be installed, or when STRATA_PYTHON lacks some
 */
export async function ensurePythonEnvironment(options: PythonEnvironmentOptions = {}): Promise<PythonEnvironment> {
  const environment = options.environment ?? process.env;
  const root = options.root ?? resolve(__dirname, '..', '..');
  const own = environment.STRATA_PYTHON;
  if (own !== undefined && own !== '') return checkOwn(own, environment);

  const directory = join(root, '.strata', 'python');
  const python = join(directory, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = requirementsStamp(root);
  const isThere = (): boolean => existsSync(python) && readStamp(directory) === stamp;
  if (isThere()) return { python };
  if (options.install === false)
    throw new UserError(`${directory} is missing or out of date: \`npm run train -- --help\` makes it`);

  return withLock(`${directory}.lock`, options.progress, async () => {
    // Another process may have made it while this one waited.
    if (!isThere()) await create(root, directory, python, environment, stamp, options.progress);
    return { python };
  });
}

async function create(
  root: string,
  directory: string,
  python: string,
  environment: Environment,
  stamp: string,
  progress?: (text: string) => void,
): Promise<void> {
  // One that works is brought up to date in place: a training may be running from it.
  const former = existsSync(python) && (await runToEnd(python, ['-m', 'pip', '--version'], environment)).code === 0;
  let base = python;
  if (former) {
    progress?.(`bringing the Python environment in ${directory} up to date`);
    rmSync(join(directory, STAMP), { force: true });
  } else {
    const found = await findPython(environment);
    base = `${found.path} (${found.version})`;
    progress?.(
      `making a Python environment in ${directory}, once, with Python ${found.version}: torch, onnxruntime ` +
        'and others, about 1 GB',
    );
    rmSync(directory, { recursive: true, force: true });
    const made = await runToEnd(found.path, ['-m', 'venv', directory], environment);
    if (made.code !== 0)
      throw new UserError(`${found.path} could not make a virtual environment in ${directory}:\n${made.output.trim()}`);
  }

  const pip = (args: readonly string[], onLine?: (line: string) => void) =>
    runToEnd(python, ['-m', 'pip', '--disable-pip-version-check', ...args], environment, onLine);
  const configuration = (await pip(['config', 'list'])).stdout;
  const requirements = join(root, 'sagemaker', 'training', 'requirements-dev.txt');
  const failures: string[] = [];
  for (const source of packageSources(configuration)) {
    const installed = await pip(
      ['install', '--no-input', '--progress-bar', 'off', ...source.args, source.torch, '-r', requirements],
      (line) => {
        const wheel = /^(?:\s*Downloading|Processing|Installing collected packages:)\s+(\S+)/.exec(line);
        if (wheel !== null) progress?.(line.trim().slice(0, 120));
      },
    );
    if (installed.code === 0) {
      writeFileSync(join(directory, STAMP), stamp);
      return;
    }
    // pip says each of its retries, at length.
    const said = installed.output
      .trim()
      .split('\n')
      .filter((line) => /^ERROR|error:/i.test(line.trim()));
    failures.push(
      `from ${source.description} ` +
        `(${source.torch}):\n${(said.length > 0 ? said : [installed.output.trim()]).slice(-3).join('\n')}`,
    );
  }
  if (!former) rmSync(directory, { recursive: true, force: true });
  throw new UserError(
    `the Python packages for training could not be installed with ${base}.\n${failures.join('\n')}\n` +
      'check that the index can be reached (pip config list shows which), or set STRATA_PYTHON to an ' +
      'interpreter that has them already ' +
      `(torch, and what ${requirements} lists)`,
  );
}

async function checkOwn(path: string, environment: Environment): Promise<PythonEnvironment> {
  const ask =
    'import importlib.util, json, sys; print(json.dumps([sys.executable, [n for n in ' +
    `${JSON.stringify(IMPORTS)} if importlib.util.find_spec(n) is None]]))`;
  const { code, stdout, output } = await runToEnd(path, ['-c', ask], environment);
  if (code !== 0)
    throw new UserError(
      `STRATA_PYTHON is '${path}', which does not run as a Python: ${output.trim().split('\n').at(-1) ?? ''}`,
    );
  const [python, missing] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as [string, string[]];
  if (missing.length > 0)
    throw new UserError(
      `STRATA_PYTHON is '${path}', which lacks ${missing.join(', ')}: install them there ` +
        '(sagemaker/training/requirements-dev.txt), or unset it',
    );
  return { python };
}

function requirementsStamp(root: string): string {
  const hash = createHash('sha256').update(TORCH_VERSION);
  for (const name of REQUIREMENTS) hash.update(readFileSync(join(root, 'sagemaker', 'training', name)));
  return hash.digest('hex');
}

function readStamp(directory: string): string | undefined {
  const path = join(directory, STAMP);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** One process installs, the others wait for it. The lock of a process that is no more counts for nothing. */
async function withLock<T>(
  path: string,
  progress: ((text: string) => void) | undefined,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(join(path, '..'), { recursive: true });
  for (let told = false; ;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const { holder, age } = readLock(path);
    // Without a number: about to be written, or its process ended in between.
    if (holder > 0 ? !isAlive(holder) : age > 10_000) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) progress?.(`waiting for process ${holder}, which is making the Python environment`);
    told = true;
    await new Promise((wake) => setTimeout(wake, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function readLock(path: string): { holder: number; age: number } {
  try {
    return { holder: Number(readFileSync(path, 'utf8')), age: Date.now() - statSync(path).mtimeMs };
  } catch {
    return { holder: 0, age: 0 }; // released just now
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
