import { DeleteObjectsCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Client } from 'pg';
import * as z from 'zod';

/** Whose data are deleted: all of a tenant's, or those of one of its jobs. */
export const forgetRequest = z.strictObject({ tenant: z.string().min(1), jobId: z.string().min(1).optional() });

export type ForgetRequest = z.infer<typeof forgetRequest>;

export interface Forgotten {
  readonly jobs: number;
  readonly rows: number;
  readonly objects: number;
}

export interface ForgetContext {
  /** Connected as the owner of the tables. */
  readonly client: Client;
  readonly s3: S3Client;
  readonly bucket: string;
}

const JOBS_AT_ONCE = 100;

/**
 * Deletes jobs with everything that is known of them: objects first, so that a call that was cut off finds the rest when
 * it is repeated. What runs is cancelled before; its worker commits nothing any more.
 */
export async function forget(context: ForgetContext, request: ForgetRequest): Promise<Forgotten> {
  const { client } = context;
  const { tenant, jobId = null } = request;
  await client.query(
    `UPDATE job SET state = 'cancelled', finished_at = now(), lease_until = NULL
     WHERE tenant = $1 AND ($2::text IS NULL OR job_id = $2) AND state IN ('queued', 'running')`,
    [tenant, jobId],
  );
  // Also of uploads that no job was made of.
  const uploads = `uploads/${encodeURIComponent(tenant)}/`;
  let objects =
    jobId === null
      ? await deleteObjects(context, uploads)
      : await deleteObjects(context, `${uploads}${jobId}`, (key) => key === `${uploads}${jobId}`);
  let [jobs, rows] = [0, 0];
  for (;;) {
    const { rows: found } = await client.query<{ job_id: string }>(
      'SELECT job_id FROM job WHERE tenant = $1 AND ($2::text IS NULL OR job_id = $2) LIMIT $3',
      [tenant, jobId, JOBS_AT_ONCE],
    );
    if (found.length === 0) return { jobs, rows, objects };
    const ids = found.map(({ job_id: id }) => id);
    for (const id of ids) objects += await deleteObjects(context, `results/${id}/`);
    rows += (await client.query('DELETE FROM result_row WHERE tenant = $1 AND job_id = ANY ($2)', [tenant, ids]))
      .rowCount!;
    // Events go with their job.
    jobs += (await client.query('DELETE FROM job WHERE tenant = $1 AND job_id = ANY ($2)', [tenant, ids])).rowCount!;
  }
}

async function deleteObjects(
  { s3, bucket }: ForgetContext,
  prefix: string,
  isMeant: (key: string) => boolean = () => true,
): Promise<number> {
  let count = 0;
  for await (const { Contents: contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix },
  )) {
    const keys = contents.flatMap(({ Key: key = '' }) => (isMeant(key) ? [key] : []));
    if (keys.length === 0) continue;
    const Objects = keys.map((Key) => ({ Key }));
    const { Errors: [error] = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (error !== undefined)
      throw new Error(`s3://${bucket}/${error.Key} is not deleted: ${error.Message}; repeat the call`);
    count += keys.length;
  }
  return count;
}
