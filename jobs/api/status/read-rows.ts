import { asTenant } from '@strata/worker-runtime/jobs';

import { ApiError } from '../http/api-error';
import type { Call, Route } from '../http/route';
import { jobIdOf, noSuchJob } from './read-jobs';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

interface Result {
  readonly state: string;
  readonly attempt: number;
  readonly total: number;
  /** Of the partition that its rows are in. */
  readonly month: string;
}

/**
 * `GET /jobs/{jobId}/rows?after=100&limit=50`: rows of the result in their order, a page at a time, of the attempt that
 * the job names. `after` counts rows, so any page is as fast as the first.
 */
export const listRows: Route = async ({ pool }, call) => {
  const jobId = jobIdOf(call);
  const after = wholeNumber(call, 'after', 0, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const limit = wholeNumber(call, 'limit', DEFAULT_LIMIT, { min: 1, max: MAX_LIMIT });
  return await asTenant(pool, call.tenant, async (client) => {
    const { rows: jobs } = await client.query<Result>(
      `SELECT state, attempt, coalesce(result_rows, 0)::float8 AS total,
         to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-01') AS month
       FROM job WHERE job_id = $1`,
      [jobId],
    );
    const [job] = jobs;
    if (job === undefined) throw noSuchJob(jobId);
    if (job.state !== 'succeeded')
      throw new ApiError(409, 'no_result', `job ${jobId} is ${job.state} and has no result`);
    const { rows } = await client.query<{ data: unknown }>(
      `SELECT data FROM result_row
       WHERE month = $1 AND job_id = $2 AND attempt = $3 AND row_no > $4 ORDER BY row_no LIMIT $5`,
      [job.month, jobId, job.attempt, after, limit],
    );
    if (rows.length === 0 && after < job.total)
      throw new ApiError(409, 'rows_not_loaded', 'the rows are not in the database; download the result');
    return { status: 200, body: { rows: rows.map(({ data }) => data), total: job.total } };
  });
};

function wholeNumber(
  { event }: Call,
  name: string,
  otherwise: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const text = event.queryStringParameters?.[name] ?? String(otherwise);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ApiError(400, 'bad_request', `${name}: "${text}" is not allowed; use a whole number from ${min} to ${max}`);
}
