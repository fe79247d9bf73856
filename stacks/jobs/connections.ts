// How many connections the layer opens to its database at most. Loads no construct.
import { maxConnections, type DatabaseConfig } from './database-config';

/** Calls of the submit function, and of the one for dead letters, that run together; each has one connection. */
export const SUBMIT_CONCURRENCY = 10;
export const DEAD_LETTER_CONCURRENCY = 2;
/** A worker commits on one and gives signs of life on another. */
const WORKER_CONNECTIONS = 2;
/** Kept for migrations, backups and a person. */
const SPARE = 5;

interface Connecting {
  readonly database: DatabaseConfig;
  readonly api: { readonly concurrentPolls: number };
  readonly kinds: Readonly<Record<string, { readonly maxWorkers: number }>>;
}

/** Calls of the status function that run together: those that wait, and as many that don't. */
export function statusConcurrency(concurrentPolls: number): number {
  return concurrentPolls + 5;
}

/** Where workers and functions together may open more connections than the database takes. */
export function connectionProblem({ database, api, kinds }: Connecting) {
  const most = maxConnections(database);
  if (most === undefined) return undefined;
  const workers = Object.values(kinds).reduce((sum, { maxWorkers }) => sum + maxWorkers, 0);
  const ofWorkers = workers * WORKER_CONNECTIONS;
  const functions = SUBMIT_CONCURRENCY + DEAD_LETTER_CONCURRENCY + statusConcurrency(api.concurrentPolls);
  if (ofWorkers + functions + SPARE <= most) return undefined;
  return {
    path: ['database'],
    message:
      `${workers} workers (maxWorkers of all kinds) may hold ${ofWorkers} connections, functions ${functions}, and ` +
      `${SPARE} are kept for migrations; the database takes about ${most}. Use a larger database, or lower maxWorkers ` +
      'or api.concurrentPolls',
  };
}
