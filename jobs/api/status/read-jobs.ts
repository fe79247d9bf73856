import { asTenant } from '@strata/worker-runtime/jobs';

import type { ApiContext } from '../context';
import { ApiError } from '../http/api-error';
import type { Call, Route } from '../http/route';
import { type JobView, VIEW } from './job-view';

const POLL_MILLISECONDS = 500;
const PAGE = 50;
const MAX_EVENTS = 1000;
const STATES: readonly string[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];

export function jobIdOf({ event }: Call): string {
  return event.pathParameters?.jobId ?? '';
}

export const noSuchJob = (jobId: string): ApiError => new ApiError(404, 'not_found', `there is no job "${jobId}"`);

/** @throws ApiError 404 for a job of another tenant too */
export function readJob({ pool }: ApiContext, call: Call): Promise<JobView> {
  return asTenant(pool, call.tenant, async (client) => {
    const { rows } = await client.query<JobView>(`SELECT ${VIEW} FROM job WHERE job_id = $1`, [jobIdOf(call)]);
    if (rows[0] === undefined) throw noSuchJob(jobIdOf(call));
    return rows[0];
  });
}

/**
 * `GET /jobs/{jobId}?wait=20`: answers when the job has ended, or after so many seconds as it is then. No transaction
 * is open while it waits.
 */
export const getJob: Route = async (context, call) => {
  const text = call.event.queryStringParameters?.wait ?? '0';
  const wait = Number(text);
  if (!Number.isFinite(wait) || wait < 0)
    throw new ApiError(
      400,
      'bad_request',
      `wait: "${text}" is not a number of seconds; use 0 to ${context.settings.longPollSeconds}`,
    );
  const deadline = Date.now() + Math.min(wait, context.settings.longPollSeconds) * 1000;
  for (;;) {
    const job = await readJob(context, call);
    const left = deadline - Date.now();
    if ((job.state !== 'queued' && job.state !== 'running') || left <= 0) return { status: 200, body: job };
    await new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MILLISECONDS, left)));
  }
};

/** `GET /jobs?after=<jobId>&state=failed,cancelled&kind=<kind>`: the tenant's jobs, newest first, a page at a time. */
export const listJobs: Route = async ({ pool }, { event, tenant }) => {
  const { after = null, kind = null, state } = event.queryStringParameters ?? {};
  const states = state?.split(',') ?? null;
  const unknown = states?.find((one) => !STATES.includes(one));
  if (unknown !== undefined)
    throw new ApiError(400, 'bad_request', `state: "${unknown}" is not a state; use ${STATES.join(', ')}`);
  const jobs = await asTenant(pool, tenant, async (client) => {
    const { rows } = await client.query<JobView>(
      `SELECT ${VIEW} FROM job
       WHERE ($1::text IS NULL OR (created_at, job_id) < (SELECT created_at, job_id FROM job WHERE job_id = $1))
         AND ($2::text[] IS NULL OR state = ANY ($2)) AND ($3::text IS NULL OR kind = $3)
       ORDER BY created_at DESC, job_id DESC LIMIT ${PAGE + 1}`,
      [after, states, kind],
    );
    return rows;
  });
  const page = jobs.slice(0, PAGE);
  return { status: 200, body: { jobs: page, next: jobs.length > PAGE ? page.at(-1)?.jobId : null } };
};

/** `GET /jobs/{jobId}/trace`: what has happened to a job, oldest first; its latest events where there are many. */
export const traceJob: Route = async (context, call) => {
  await readJob(context, call);
  const events = await asTenant(context.pool, call.tenant, async (client) => {
    const { rows } = await client.query(
      `SELECT at, attempt, what, detail FROM
         (SELECT event_id, at, attempt, what, detail FROM job_event WHERE job_id = $1
          ORDER BY event_id DESC LIMIT ${MAX_EVENTS}) AS latest
       ORDER BY event_id`,
      [jobIdOf(call)],
    );
    return rows;
  });
  return { status: 200, body: { events } };
};
