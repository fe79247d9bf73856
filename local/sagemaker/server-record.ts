import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from '../process/process-state';

/** `command`: ends with its command, within seconds; `service`: runs until it is stopped. */
export type Lifetime = 'command' | 'service';

export interface ServerRecord {
  readonly pid: number;
  readonly lifetime: Lifetime;
  /** Undefined while it starts. */
  readonly url?: string;
}

/** Only one server at a time may use a state folder. */
export class ServerRunsError extends Error {
  constructor(
    readonly file: string,
    readonly record: ServerRecord,
  ) {
    super(`process ${record.pid} already runs the local SageMaker of ${file}`);
  }
}

/** The server that uses a folder now, according to its file; undefined if there is none. */
export function runningServer(file: string): ServerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as ServerRecord;
    return isAlive(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Records that this process uses a folder now.
 * @throws ServerRunsError when another one does
 */
export function claim(file: string, record: ServerRecord): void {
  try {
    writeFileSync(file, JSON.stringify(record), { flag: 'wx' });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const other = runningServer(file);
  if (other !== undefined && other.pid !== process.pid) throw new ServerRunsError(file, other);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(record));
  renameSync(temporary, file);
}

export function release(file: string): void {
  if (runningServer(file)?.pid === process.pid) rmSync(file, { force: true });
}
