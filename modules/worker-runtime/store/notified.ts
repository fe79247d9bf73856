import type { Pool } from 'pg';

import type { JobMessage } from './claim';
import { asTenant } from './database';

export interface Ending {
  readonly state: string;
  readonly attempt: number;
  readonly kind: string;
  readonly rows: number | null;
  readonly errorCode: string | null;
}

/** What the event of an ended job says; undefined when it has been sent already, or the job runs. */
export function unsentEnding(pool: Pool, { jobId, tenant }: JobMessage): Promise<Ending | undefined> {
  return asTenant(pool, tenant, async (client) => {
    const { rows } = await client.query<Ending>(
      `SELECT state, attempt, kind, result_rows::float8 AS rows, error_code AS "errorCode" FROM job
       WHERE job_id = $1 AND notified_at IS NULL AND state IN ('succeeded', 'failed', 'cancelled')`,
      [jobId],
    );
    return rows[0];
  });
}

export function markNotified(pool: Pool, { jobId, tenant }: JobMessage): Promise<void> {
  return asTenant(pool, tenant, async (client) => {
    await client.query('UPDATE job SET notified_at = now() WHERE job_id = $1 AND notified_at IS NULL', [jobId]);
  });
}
