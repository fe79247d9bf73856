import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Environment, UserError } from '../toolchain';
import type { Location } from './location';
import { findMotoServer } from './moto';
import { commandLine, endOrphan, isAlive, readState } from '../process/process-state';
import { HEALTH_PATH } from './shim';

/** Who listens on the emulator's port. */
export type PortOwner =
  | { readonly kind: 'none' }
  | { readonly kind: 'this'; readonly pid: number; readonly ready: boolean }
  | { readonly kind: 'other-checkout'; readonly pid: number; readonly root: string }
  | { readonly kind: 'other-program' };

/** Asks the port who it is. */
export async function portOwner(location: Location): Promise<PortOwner> {
  const owner = await ask(location);
  if (owner !== undefined) return owner;
  // Not HTTP, or a process that is just ending: its port stays open for a moment.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return (await ask(location)) ?? { kind: 'other-program' };
}

/** Undefined when something listens and does not answer in HTTP. */
async function ask(location: Location): Promise<PortOwner | undefined> {
  if (!(await isListening(location.port))) return { kind: 'none' };
  try {
    const response = await fetch(`${location.endpoint}${HEALTH_PATH}`, { signal: AbortSignal.timeout(5000) });
    const answer = parseAnswer(await response.text()) as {
      emulator?: string;
      root?: string;
      pid?: number;
      ready?: boolean;
    };
    if (answer.emulator !== 'strata') return { kind: 'other-program' };
    if (answer.root !== location.root) return { kind: 'other-checkout', pid: answer.pid ?? 0, root: answer.root ?? '' };
    return { kind: 'this', pid: answer.pid ?? 0, ready: answer.ready === true };
  } catch {
    return undefined;
  }
}

function parseAnswer(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => settle(true));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

export interface StartOptions {
  /** @default process.env */
  readonly environment?: Environment;
  readonly progress?: (text: string) => void;
}

/**
 * Starts the emulator in the background unless it runs, and waits until it answers.
 *
 * @returns whether it was started now
 * @throws UserError when the port is taken, moto cannot be had, or the emulator ends while it starts
 */
export async function startEmulator(location: Location, options: StartOptions = {}): Promise<boolean> {
  const environment = options.environment ?? process.env;
  const owner = await portOwner(location);
  if (owner.kind === 'this' && owner.ready) return false;
  if (owner.kind === 'other-program' || owner.kind === 'other-checkout') throw portTaken(location, owner);

  let ended: string | undefined;
  if (owner.kind === 'none') {
    mkdirSync(location.directory, { recursive: true });
    const left = readState(location.stateFile);
    if (left !== undefined && !isAlive(left.pid)) {
      endOrphan(left);
      rmSync(location.stateFile, { force: true });
    }
    const server = await findMotoServer({ venv: location.venv, environment, progress: options.progress });
    options.progress?.(`starting the AWS emulator on ${location.endpoint}`);
    const log = openSync(location.logFile, 'w');
    const loader = pathToFileURL(require.resolve('tsx')).href;
    const child = spawn(process.execPath, ['--import', loader, join(__dirname, 'daemon.ts'), server, location.root], {
      cwd: location.root,
      env: { ...environment, STRATA_EMULATOR_PORT: String(location.port) } as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    child.on('exit', (code, signal) => (ended = signal ?? `exit code ${code}`));
    child.unref();
  }
  const deadline = Date.now() + 60_000;
  for (;;) {
    const now = await portOwner(location);
    if (now.kind === 'this' && now.ready) return true;
    if (now.kind === 'other-program' || now.kind === 'other-checkout') throw portTaken(location, now);
    if ((ended !== undefined && now.kind === 'none') || Date.now() > deadline) {
      const log = existsSync(location.logFile)
        ? readFileSync(location.logFile, 'utf8').trim().split('\n').slice(-8).join('\n')
        : '';
      throw new UserError(
        `the AWS emulator did not start (${ended ?? 'no answer within 60 s'}); the end of ${location.logFile}:\n${log}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ends the emulator and forgets everything in it. Returns whether there was one. */
export async function stopEmulator(location: Location): Promise<boolean> {
  const state = readState(location.stateFile);
  const owner = await portOwner(location);
  const pid = owner.kind === 'this' ? owner.pid : undefined;
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + 8000;
    while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  if (state !== undefined && !isAlive(state.pid)) endOrphan(state);
  if (state === undefined || !isAlive(state.pid)) rmSync(location.stateFile, { force: true });
  return pid !== undefined;
}

/** Empties the emulator without restarting it. */
export async function resetEmulator(location: Location): Promise<void> {
  const owner = await portOwner(location);
  if (owner.kind !== 'this')
    throw new UserError(`no emulator of this checkout on port ${location.port}: start it with 'npm run emulator'`);
  const response = await fetch(`${location.endpoint}/moto-api/reset`, { method: 'POST' });
  if (!response.ok) throw new UserError(`the emulator refused to be reset: HTTP ${response.status}`);
}

function portTaken(location: Location, owner: PortOwner): UserError {
  const choose = 'or choose another port with STRATA_EMULATOR_PORT';
  if (owner.kind === 'other-checkout') {
    return new UserError(
      `port ${location.port} is held by the emulator of another checkout, ${owner.root} (pid ${owner.pid}): ` +
        `stop it there with 'npm run emulator -- stop', ${choose}`,
    );
  }
  const by = listenerOf(location.port);
  return new UserError(
    `port ${location.port} is taken${by === undefined ? ' by another program' : ` by ${by}`}: stop that, ${choose}`,
  );
}

/** What listens on a port, as far as this system and user can tell. */
function listenerOf(port: number): string | undefined {
  for (const [program, args, pattern] of [
    ['lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], /^(\d+)/m],
    ['ss', ['-Hltnp', `sport = :${port}`], /pid=(\d+)/],
  ] as const) {
    try {
      const found = pattern.exec(
        execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      );
      if (found?.[1] !== undefined) return `pid ${found[1]} (${commandLine(Number(found[1])).slice(0, 80)})`;
    } catch {
      // The tool is not installed, or may not see the process.
    }
  }
  return listenerFromProc(port);
}

/** Linux without lsof and ss: the socket's inode in /proc/net/tcp, then the process that has it open. */
function listenerFromProc(port: number): string | undefined {
  try {
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [],
    );
    const fields = sockets
      .map((line) => line.trim().split(/\s+/))
      .find((line) => line[1]?.endsWith(suffix) === true && line[3] === '0A');
    if (fields?.[9] === undefined) return undefined;
    const wanted = `socket:[${fields[9]}]`;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === wanted)) {
          return (
            `pid ${pid} ` +
            `(${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 80)})`
          );
        }
      } catch {
        // Another user's process, or one that has ended meanwhile.
      }
    }
  } catch {
    // No /proc.
  }
  return undefined;
}
