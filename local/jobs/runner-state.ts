// Who runs the jobs layer on this machine, so that --destroy ends it, also when it was killed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLine, isAlive } from '../process/process-state';

const STOP_MILLISECONDS = 45_000;

export interface RunnerState {
  readonly pid: number;
  /** Address of the API. */
  readonly url: string;
  /** Its command line: process ids are used again. */
  readonly command: string;
}

/** Says that this process is the runner. */
export function writeRunner(file: string, url: string): void {
  const state: RunnerState = { pid: process.pid, url, command: commandLine(process.pid) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(state)}\n`);
}

export function forgetRunner(file: string): void {
  rmSync(file, { force: true });
}

/** The runner that runs; undefined when none does. */
export function readRunner(file: string): RunnerState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as RunnerState;
    return isAlive(state.pid) && commandLine(state.pid) === state.command ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the runner that runs, with all that it started. Returns whether there was one. */
export async function stopRunner(file: string): Promise<boolean> {
  const state = readRunner(file);
  if (state !== undefined) {
    process.kill(state.pid, 'SIGTERM');
    const deadline = Date.now() + STOP_MILLISECONDS;
    while (isAlive(state.pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
    if (isAlive(state.pid)) process.kill(state.pid, 'SIGKILL');
  }
  forgetRunner(file);
  return state !== undefined;
}
