import type { Pool } from 'pg';

import type { Claim } from './claim';
import { asTenant } from './database';

/** Gives a job back; the next claim may take it immediately. Returns false when the attempt no longer owns it. */
export function releaseJob(pool: Pool, claim: Claim, why: string): Promise<boolean> {
  return asTenant(pool, claim.tenant, async (client) => {
    const { rowCount } = await client.query(
      `WITH released AS (
         UPDATE job SET state = 'queued', lease_until = NULL, worker = NULL
         WHERE job_id = $1 AND attempt = $2 AND state = 'running' RETURNING job_id, attempt)
       INSERT INTO job_event (job_id, attempt, what, detail) SELECT job_id, attempt, 'released', $3 FROM released`,
      [claim.jobId, claim.attempt, why],
    );
    return rowCount === 1;
  });
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

/**
 * Counts a failure. Returns `queued` when another attempt follows, `failed` when none does, undefined when the job is
 * not this attempt's any more.
 */
export function failAttempt(
  pool: Pool,
  claim: Claim,
  { code, message, retry }: Failure,
  maxAttempts: number,
): Promise<'queued' | 'failed' | undefined> {
  return asTenant(pool, claim.tenant, async (client) => {
    const { rows } = await client.query<{ state: 'queued' | 'failed' }>(
      `WITH ended AS (
         UPDATE job SET failures = failures + 1, error_code = $3, error_message = $4, lease_until = NULL, worker = NULL,
           state = CASE WHEN $5 AND failures + 1 < $6 THEN 'queued' ELSE 'failed' END,
           finished_at = CASE WHEN $5 AND failures + 1 < $6 THEN NULL ELSE now() END
         WHERE job_id = $1 AND attempt = $2 AND state = 'running' RETURNING job_id, attempt, state
       ), event AS (
         INSERT INTO job_event (job_id, attempt, what, detail)
         SELECT job_id, attempt, 'attempt-failed', $3 || ': ' || $4 FROM ended
       ) SELECT state FROM ended`,
      [claim.jobId, claim.attempt, code, message, retry, maxAttempts],
    );
    return rows[0]?.state;
  });
}
