import type { Pool } from 'pg';

import type { Claim } from './claim';
import { asTenant } from './database';

export interface Saying {
  readonly fraction?: number;
  readonly note?: string;
  /** JSON text. */
  readonly checkpoint?: string;
}

/** `lost`: another attempt has the job, or it has ended otherwise. */
export type Renewal = 'held' | 'cancelled' | 'lost';

/** Renews the lease and saves what the program said since. */
export function renewLease(pool: Pool, claim: Claim, leaseSeconds: number, saying: Saying): Promise<Renewal> {
  return asTenant(pool, claim.tenant, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE job SET lease_until = now() + $3 * interval '1 second', progress = coalesce($4, progress),
         progress_note = coalesce($5, progress_note), checkpoint = coalesce($6::jsonb, checkpoint)
       WHERE job_id = $1 AND attempt = $2 AND state = 'running'`,
      [claim.jobId, claim.attempt, leaseSeconds, saying.fraction, saying.note, saying.checkpoint],
    );
    if (rowCount === 1) return 'held';
    const { rows } = await client.query<{ state: string }>('SELECT state FROM job WHERE job_id = $1', [claim.jobId]);
    return rows[0]?.state === 'cancelled' ? 'cancelled' : 'lost';
  });
}
