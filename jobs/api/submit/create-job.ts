import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { asTenant, JobQueue } from '@strata/worker-runtime/jobs';
import { createHash } from 'node:crypto';
import * as z from 'zod';

import type { ApiContext } from '../context';
import { ApiError } from '../http/api-error';
import { readBody, type Route } from '../http/route';
import { kindOf } from '../kind-of';
import { wake } from '../wake/wake';
import { uploadKey } from './create-upload';

const body = z.strictObject({
  jobId: z.string().regex(/^[\w-]{22}$/, 'use the jobId that POST /uploads answered'),
  kind: z.string(),
  parameters: z.record(z.string(), z.json()).default({}),
});

type Body = z.infer<typeof body>;

/**
 * `POST /jobs`: the row, then the message, then 202. The same `Idempotency-Key` answers the same job, whatever was lost
 * on the way; the first request that was answered 202 has sent a message.
 */
export const createJob: Route = async (context, { event, tenant }) => {
  const given = readBody(event, body);
  const key = event.headers?.['idempotency-key'] ?? given.jobId;
  if (key.length > 200) throw new ApiError(400, 'bad_request', 'the Idempotency-Key is longer than 200 characters');
  const kind = kindOf(context.settings, given.kind);
  const { jobId, isWaiting } = await storeJob(context, tenant, key, given);
  if (isWaiting) {
    await new JobQueue(context.sqs, kind.queueUrl).send({ jobId, tenant });
    await Promise.all([markSent(context, tenant, jobId), wake(context, given.kind)]);
  }
  return { status: 202, body: { jobId } };
};

/** Whether a message is due: nobody has claimed the job, so one may never have been sent. A second does no harm. */
async function storeJob(
  context: ApiContext,
  tenant: string,
  key: string,
  given: Body,
): Promise<{ readonly jobId: string; readonly isWaiting: boolean }> {
  const hash = createHash('sha256')
    .update(JSON.stringify([given.jobId, given.kind, given.parameters]))
    .digest('hex');
  const known = await findJob(context, tenant, key, hash);
  if (known !== undefined) return known;
  const input = { bucket: context.settings.bucket, key: uploadKey(tenant, given.jobId) };
  const etag = await etagOf(context, input);
  try {
    await insertJob(context, tenant, [
      given.jobId,
      key,
      hash,
      given.kind,
      given.parameters,
      input.bucket,
      input.key,
      etag,
    ]);
    return { jobId: given.jobId, isWaiting: true };
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    const now = await findJob(context, tenant, key, hash); // the same request at the same time was first
    if (now !== undefined) return now;
    throw new ApiError(409, 'job_exists', `job ${given.jobId} was submitted under another Idempotency-Key`);
  }
}

async function findJob(
  { pool }: ApiContext,
  tenant: string,
  key: string,
  hash: string,
): Promise<{ readonly jobId: string; readonly isWaiting: boolean } | undefined> {
  const row = await asTenant(pool, tenant, async (client) => {
    const { rows } = await client.query<{ job_id: string; body_sha256: string; waiting: boolean }>(
      `SELECT job_id, body_sha256, state = 'queued' AND attempt = 0 AS waiting FROM job WHERE idempotency_key = $1`,
      [key],
    );
    return rows[0];
  });
  if (row === undefined) return undefined;
  if (row.body_sha256 !== hash)
    throw new ApiError(409, 'idempotency_conflict', 'this Idempotency-Key was used with another body; use a new key');
  return { jobId: row.job_id, isWaiting: row.waiting };
}

function insertJob({ pool, settings }: ApiContext, tenant: string, values: unknown[]): Promise<void> {
  return asTenant(pool, tenant, async (client) => {
    // One submit of a tenant at a time, so that two cannot both be the last that fits.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`strata.submit.${tenant}`]);
    const { rows } = await client.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM job WHERE state IN ('queued', 'running')",
    );
    if (rows[0]!.n >= settings.queuedJobsPerTenant)
      throw new ApiError(429, 'too_many_jobs', `${rows[0]!.n} jobs wait or run, as many as allowed; wait for one`, 30);
    await client.query(
      `WITH made AS (
         INSERT INTO job (job_id, idempotency_key, body_sha256, kind, parameters, input_bucket, input_key, input_etag)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING job_id)
       INSERT INTO job_event (job_id, attempt, what) SELECT job_id, 0, 'submitted' FROM made`,
      values,
    );
  });
}

async function etagOf({ s3 }: ApiContext, { bucket, key }: { bucket: string; key: string }): Promise<string> {
  try {
    const { ETag: etag } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return etag!;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status !== 404 && status !== 403) throw error; // 403 to a role that may not list
    throw new ApiError(409, 'input_missing', 'the file has not arrived; upload it, then submit the job');
  }
}

function markSent({ pool }: ApiContext, tenant: string, jobId: string): Promise<void> {
  return asTenant(pool, tenant, async (client) => {
    await client.query('UPDATE job SET sent_at = now() WHERE job_id = $1', [jobId]);
  });
}
