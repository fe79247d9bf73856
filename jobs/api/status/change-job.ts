import { asTenant, JobQueue } from '@strata/worker-runtime/jobs';

import { ApiError } from '../http/api-error';
import type { Route } from '../http/route';
import { kindOf } from '../kind-of';
import { wake } from '../wake/wake';
import { jobIdOf, readJob } from './read-jobs';

/** `POST /jobs/{jobId}/cancel`: the worker hears of it at its next heartbeat. Of an ended job it changes nothing. */
export const cancelJob: Route = async (context, call) => {
  await asTenant(context.pool, call.tenant, (client) =>
    client.query(
      `WITH ended AS (
         UPDATE job SET state = 'cancelled', finished_at = now(), lease_until = NULL
         WHERE job_id = $1 AND state IN ('queued', 'running') RETURNING job_id, attempt)
       INSERT INTO job_event (job_id, attempt, what) SELECT job_id, attempt, 'cancelled' FROM ended`,
      [jobIdOf(call)],
    ),
  );
  return { status: 200, body: await readJob(context, call) };
};

/** `POST /jobs/{jobId}/retry`: a new series of attempts of a job that failed or was cancelled. */
export const retryJob: Route = async (context, call) => {
  const jobId = jobIdOf(call);
  const before = await readJob(context, call);
  const kind = kindOf(context.settings, before.kind);
  const changed = await asTenant(context.pool, call.tenant, (client) =>
    client.query(
      `WITH again AS (
         UPDATE job SET state = 'queued', failures = 0, error_code = NULL, error_message = NULL, finished_at = NULL,
           notified_at = NULL, lease_until = NULL
         WHERE job_id = $1 AND state IN ('failed', 'cancelled') RETURNING job_id, attempt)
       INSERT INTO job_event (job_id, attempt, what) SELECT job_id, attempt, 'retried' FROM again`,
      [jobId],
    ),
  );
  // Queued already: an earlier retry may not have come to its message, and a second message does no harm.
  if (changed.rowCount === 0 && before.state !== 'queued')
    throw new ApiError(409, 'not_ended', `job ${jobId} is ${before.state}; only a failed or cancelled job is retried`);
  await new JobQueue(context.sqs, kind.queueUrl).send({ jobId, tenant: call.tenant });
  await wake(context, before.kind);
  return { status: 202, body: { jobId } };
};
