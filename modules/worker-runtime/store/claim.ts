import type { Pool } from 'pg';

import { asTenant } from './database';

export interface JobMessage {
  readonly jobId: string;
  readonly tenant: string;
}

/** A job that is this worker's until its lease ends. `attempt` is the fence of all that it writes. */
export interface Claim extends JobMessage {
  readonly kind: string;
  readonly attempt: number;
  readonly failures: number;
  readonly parameters: unknown;
  readonly checkpoint: unknown;
  readonly input: { readonly bucket: string; readonly key: string; readonly etag: string };
  /** The month in which the job was created, as a date. */
  readonly month: string;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'leased'; readonly seconds: number }
  | { readonly kind: 'ended'; readonly state: string; readonly attempt: number; readonly notified: boolean }
  | { readonly kind: 'missing' };

const CLAIM = `
  WITH claimed AS (
    UPDATE job SET state = 'running', attempt = attempt + 1, worker = $2, claimed_at = now(),
      lease_until = now() + $3 * interval '1 second'
    WHERE job_id = $1 AND state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < now())
    RETURNING *
  ), event AS (
    INSERT INTO job_event (job_id, attempt, what, detail) SELECT job_id, attempt, 'claimed', worker FROM claimed
  )
  SELECT kind, attempt, failures, parameters, checkpoint, input_bucket, input_key, input_etag,
    to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-01') AS month
  FROM claimed`;

/** Takes a job unless another worker's lease on it runs, by the database's clock. */
export function claimJob(
  pool: Pool,
  { jobId, tenant }: JobMessage,
  worker: string,
  leaseSeconds: number,
): Promise<ClaimResult> {
  return asTenant(pool, tenant, async (client) => {
    const { rows } = await client.query(CLAIM, [jobId, worker, leaseSeconds]);
    const row = rows[0];
    if (row !== undefined) {
      const { kind, attempt, failures, parameters, checkpoint, month } = row;
      const input = { bucket: row.input_bucket, key: row.input_key, etag: row.input_etag };
      return {
        kind: 'claimed',
        claim: { jobId, tenant, kind, attempt, failures, parameters, checkpoint, input, month },
      };
    }
    const now = await client.query(
      `SELECT state, attempt, notified_at IS NOT NULL AS notified,
         greatest(0, extract(epoch FROM lease_until - now()))::float8 AS seconds
       FROM job WHERE job_id = $1`,
      [jobId],
    );
    const job = now.rows[0];
    if (job === undefined) return { kind: 'missing' };
    if (job.state === 'queued' || job.state === 'running') return { kind: 'leased', seconds: job.seconds ?? 0 };
    return { kind: 'ended', state: job.state, attempt: job.attempt, notified: job.notified };
  });
}
