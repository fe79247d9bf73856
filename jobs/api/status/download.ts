import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { asTenant, CSV_OBJECT, ROWS_OBJECT } from '@strata/worker-runtime/jobs';

import { ApiError } from '../http/api-error';
import type { Route } from '../http/route';
import { jobIdOf, noSuchJob } from './read-jobs';

const EXPIRY_SECONDS = 300;

const OBJECTS: Readonly<Record<string, string>> = { ndjson: ROWS_OBJECT, csv: CSV_OBJECT };

/** `GET /jobs/{jobId}/download?format=csv`: an address of the result's rows that is good for a few minutes. */
export const download: Route = async ({ pool, s3, settings }, call) => {
  const jobId = jobIdOf(call);
  const format = call.event.queryStringParameters?.format ?? 'ndjson';
  const object = Object.hasOwn(OBJECTS, format) ? OBJECTS[format] : undefined;
  if (object === undefined)
    throw new ApiError(
      400,
      'bad_request',
      `format: "${format}" is not there; use one of ${Object.keys(OBJECTS).join(', ')}`,
    );
  const job = await asTenant(pool, call.tenant, async (client) => {
    const { rows } = await client.query<{ state: string; prefix: string | null }>(
      'SELECT state, result_prefix AS prefix FROM job WHERE job_id = $1',
      [jobId],
    );
    return rows[0];
  });
  if (job === undefined) throw noSuchJob(jobId);
  if (job.state !== 'succeeded' || job.prefix === null)
    throw new ApiError(409, 'no_result', `job ${jobId} is ${job.state} and has no result`);
  const command = new GetObjectCommand({
    Bucket: settings.bucket,
    Key: `${job.prefix}${object}`,
    ResponseContentDisposition: `attachment; filename="${jobId}.${format}"`,
  });
  const url = await getSignedUrl(s3, command, { expiresIn: EXPIRY_SECONDS });
  return { status: 200, body: { url, expiresSeconds: EXPIRY_SECONDS } };
};
