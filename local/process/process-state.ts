import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What `.strata/emulator.json` holds while an emulator runs. */
export interface EmulatorState {
  readonly pid: number;
  readonly port: number;
  readonly motoPid: number;
  readonly motoPort: number;
}

/** The state that was written, or undefined when there is none or it cannot be read. */
export function readState(file: string): EmulatorState | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<EmulatorState>;
    return typeof value.pid === 'number' && typeof value.motoPid === 'number' ? (value as EmulatorState) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process runs. A zombie, as in a container without an init process, does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/**
 * Ends what an emulator left behind when it was killed: its moto, recognised by its command line, since process ids are
 * used again.
 */
export function endOrphan(state: EmulatorState): void {
  if (isAlive(state.motoPid) && commandLine(state.motoPid).includes(`-p ${state.motoPort}`))
    process.kill(state.motoPid, 'SIGKILL');
}

export function commandLine(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
