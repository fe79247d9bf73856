import type { Pool } from 'pg';

import type { Reach } from '../fault-point';
import type { Log } from '../metrics';
import type { JobQueue } from '../queue/job-queue';
import type { ResultStore } from '../results/result-store';
import type { WorkerSettings } from '../settings';
import type { EventSender } from './event-sender';

/** What a worker works with. */
export interface WorkerContext {
  readonly settings: WorkerSettings;
  /** The program that does the work, and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Names this worker in the database and the log. */
  readonly worker: string;
  readonly pool: Pool;
  readonly queue: JobQueue;
  readonly store: ResultStore;
  readonly events: EventSender;
  readonly reach: Reach;
  readonly log: Log;
}

/** Writes a line of JSON that says what happened to which job. */
export function say(
  context: Pick<WorkerContext, 'log'>,
  what: string,
  details: Readonly<Record<string, unknown>>,
): void {
  context.log(JSON.stringify({ time: new Date().toISOString(), what, ...details }));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
