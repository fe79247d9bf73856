import { asTenant, JobQueue, type JobMessage, markNotified, unsentEnding } from '@strata/worker-runtime/jobs';
import * as z from 'zod';

import { type ApiContext, openContext } from '../context';
import { eachRecord, type SqsBatchResponse, type SqsEvent } from '../sqs-records';

const message = z.object({ jobId: z.string().min(1), tenant: z.string().min(1) });

/**
 * Marks jobs failed whose workers died as often as the queue allows; the last error that a program reported stays. A
 * job that a worker holds is none of them: its message goes back.
 */
export async function handleDeadLetters(context: ApiContext, event: SqsEvent): Promise<SqsBatchResponse> {
  return eachRecord(event, async (body) => {
    const job = parse(body);
    if (job === undefined) {
      console.error('a dead letter is not a job and is dropped:', body);
      return;
    }
    const held = await failJob(context, job);
    if (held !== undefined) {
      const kind = context.settings.kinds[held.kind];
      if (kind !== undefined) await new JobQueue(context.sqs, kind.queueUrl).send(job, held.seconds + 1);
      return;
    }
    const ending = await unsentEnding(context.pool, job);
    if (ending === undefined) return;
    await context.events.send(job, ending);
    await markNotified(context.pool, job);
  });
}

function parse(body: string): JobMessage | undefined {
  try {
    return message.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Undefined when the job has ended, now or before. */
function failJob(
  { pool }: ApiContext,
  { jobId, tenant }: JobMessage,
): Promise<{ readonly kind: string; readonly seconds: number } | undefined> {
  return asTenant(pool, tenant, async (client) => {
    const failed = await client.query(
      `WITH ended AS (
         UPDATE job SET state = 'failed', finished_at = now(), lease_until = NULL,
           error_code = coalesce(error_code, 'worker_lost'),
           error_message = coalesce(error_message, 'the worker died each time that it worked on this job')
         WHERE job_id = $1 AND state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < now())
         RETURNING job_id, attempt)
       INSERT INTO job_event (job_id, attempt, what) SELECT job_id, attempt, 'dead-letter' FROM ended`,
      [jobId],
    );
    if (failed.rowCount === 1) return undefined;
    const { rows } = await client.query<{ kind: string; seconds: number }>(
      `SELECT kind, extract(epoch FROM lease_until - now())::float8 AS seconds FROM job
       WHERE job_id = $1 AND state = 'running' AND lease_until >= now()`,
      [jobId],
    );
    return rows[0];
  });
}

export const handler = (event: SqsEvent): Promise<SqsBatchResponse> =>
  handleDeadLetters((context ??= openContext()), event);
let context: ApiContext | undefined;
