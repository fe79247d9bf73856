import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { ContainerDescription } from './application';
import { UserError } from '../toolchain';

/** What is started: the program that `npm run apps` runs as well. */
const APPLICATION_PROGRAM = join(__dirname, 'application-program.ts');

const START_TIMEOUT_MILLISECONDS = 60_000;
const STOP_TIMEOUT_MILLISECONDS = 35_000;

/** The files of an application that runs in the background, below `.strata/`. */
function files(directory: string) {
  return {
    state: join(directory, 'application.json'),
    description: join(directory, 'application-containers.json'),
    log: join(directory, 'application.log'),
  };
}

/**
 * Runs app-web and app-was in the background, as their deployed task definitions describe them; one that ran before is
 * stopped first.
 * @returns where a person opens the page, what answers as its model, and the log
 * @throws UserError with the last lines of the log when it does not start
 */
export async function startApplication(
  root: string,
  directory: string,
  containers: readonly ContainerDescription[],
): Promise<{ readonly url: string; readonly models: readonly string[]; readonly log: string }> {
  await stopApplication(directory);
  const { state, description, log } = files(directory);
  mkdirSync(directory, { recursive: true });
  writeFileSync(description, JSON.stringify({ containers }, null, 2));
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', APPLICATION_PROGRAM, description], {
    cwd: root,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  const deadline = Date.now() + START_TIMEOUT_MILLISECONDS;
  while (Date.now() < deadline && child.exitCode === null) {
    const told = readFileSync(log, 'utf8');
    const url = /^(http:\/\/\S+)$/m.exec(told)?.[1];
    if (url !== undefined) {
      writeFileSync(state, JSON.stringify({ pid: child.pid, url }));
      return { url, models: [...told.matchAll(/^endpoint (\S+: .+)$/gm)].map((match) => match[1]!), log };
    }
    await pause(100);
  }
  child.kill();
  throw new UserError(
    `the application does not start; ${log} ends ` +
      `with:\n${readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n')}`,
  );
}

/** Stops an application that was started before; says whether there was one. */
export async function stopApplication(directory: string): Promise<boolean> {
  const { state } = files(directory);
  const pid = runningPid(state);
  rmSync(state, { force: true });
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MILLISECONDS;
  while (isAlive(pid) && Date.now() < deadline) await pause(100);
  return true;
}

function runningPid(state: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(state, 'utf8')) as { pid: number };
    return isAlive(pid) && isOurs(pid) ? pid : undefined;
  } catch {
    return undefined; // none was started
  }
}

/**
 * A process id is given away again after its process has ended: only a process that runs our program is ours. Without
 * /proc it is taken to be.
 */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(APPLICATION_PROGRAM);
  } catch {
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
