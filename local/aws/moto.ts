import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { type Environment, findProgram, UserError } from '../toolchain';

/** The release line the patches were written against. */
export const MOTO_REQUIREMENT = 'moto[server]==5.2.*';

export interface FindMotoOptions {
  /** Folder of the virtual environment that is made when moto is not installed. */
  readonly venv: string;
  /** @default process.env */
  readonly environment?: Environment;
  /** Whether to install moto when it is missing. @default true */
  readonly install?: boolean;
  /** Told what takes time. */
  readonly progress?: (text: string) => void;
}

/**
 * Finds `moto_server`: on PATH, then in the virtual environment; otherwise makes the environment and installs moto into
 * it.
 *
 * @throws UserError when there is no Python to install it with, or the installation fails
 */
export async function findMotoServer(options: FindMotoOptions): Promise<string> {
  const environment = options.environment ?? process.env;
  const onPath = findProgram('moto_server', environment);
  // A version manager's stand-in may be on PATH without moto behind it.
  if (onPath !== undefined && (await succeeds(onPath, ['--help'], environment))) return onPath;

  const installed = join(options.venv, process.platform === 'win32' ? 'Scripts' : 'bin', 'moto_server');
  if (existsSync(installed) && (await succeeds(installed, ['--help'], environment))) return installed;

  const python = findProgram('python3', environment) ?? findProgram('python', environment);
  if (python === undefined) {
    throw new UserError(
      "no 'moto_server' on PATH, and no 'python3' to install it with: install Python 3.10 or newer " +
        '(https://www.python.org/downloads/), ' +
        `or moto itself with "pip install '${MOTO_REQUIREMENT}'"`,
    );
  }
  if (options.install === false) throw new UserError("no 'moto_server' on PATH: `npm run emulator` installs it");
  options.progress?.(`installing ${MOTO_REQUIREMENT} into ${options.venv} (once)`);
  rmSync(options.venv, { recursive: true, force: true });
  await install(
    python,
    ['-m', 'venv', options.venv],
    environment,
    'make a virtual environment (on Debian and Ubuntu: python3-venv)',
  );
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', MOTO_REQUIREMENT];
  try {
    await install(join(installed, '..', 'python'), pip, environment, `install ${MOTO_REQUIREMENT} with pip`);
  } catch (error) {
    rmSync(options.venv, { recursive: true, force: true });
    throw error;
  }
  return installed;
}

async function succeeds(program: string, args: readonly string[], environment: Environment): Promise<boolean> {
  return (await runToEnd(program, args, environment)).code === 0;
}

async function install(
  program: string,
  args: readonly string[],
  environment: Environment,
  doing: string,
): Promise<void> {
  const { code, output } = await runToEnd(program, args, environment);
  if (code === 0) return;
  // pip says each of its retries, at length.
  const said = output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('WARNING:'));
  const lines = said.slice(-4).join('\n');
  throw new UserError(
    `the AWS emulator needs moto, and could not ${doing}:\n${lines}\n` +
      `install it yourself with "pip install '${MOTO_REQUIREMENT}'", so that 'moto_server' is on PATH`,
  );
}

function runToEnd(
  program: string,
  args: readonly string[],
  environment: Environment,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

export interface Moto {
  readonly process: ChildProcess;
  readonly port: number;
  /** Settles when moto answers; rejects when it ends before that. */
  readonly ready: Promise<void>;
}

/** Starts moto on 127.0.0.1. Its log goes to `output`, a file descriptor, or nowhere. */
export function startMoto(server: string, port: number, output: number | 'ignore' = 'ignore'): Moto {
  // A certificate is valid immediately, not after moto's default of one minute.
  const env = { MOTO_ACM_VALIDATION_WAIT: '1', ...process.env };
  const child = spawn(server, ['-H', '127.0.0.1', '-p', String(port)], { env, stdio: ['ignore', output, output] });
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= `it ended with ${signal ?? `exit code ${code}`}`));
  const ready = (async () => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (ended !== undefined) throw new UserError(`moto_server (${server}) did not start: ${ended}`);
      if (Date.now() > deadline) throw new UserError(`moto_server (${server}) did not answer within 60 s`);
      try {
        const response = await fetch(`http://127.0.0.1:${port}/moto-api/`, { signal: AbortSignal.timeout(5000) });
        await response.arrayBuffer();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  })();
  return { process: child, port, ready };
}

/** A port of 127.0.0.1 that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
