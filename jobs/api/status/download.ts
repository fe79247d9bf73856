import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { asTenant, ROWS_OBJECT } from '@strata/worker-runtime/jobs';

import { ApiError } from '../http/api-error';
import type { Route } from '../http/route';
import { jobIdOf, noSuchJob } from './read-jobs';

const EXPIRY_SECONDS = 300;

/** `GET /jobs/{jobId}/download`: an address of the result's rows that is good for a few minutes. */
export const download: Route = async ({ pool, s3, settings }, call) => {
  const jobId = jobIdOf(call);
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
    Key: `${job.prefix}${ROWS_OBJECT}`,
    ResponseContentDisposition: `attachment; filename="${jobId}.ndjson"`,
  });
  const url = await getSignedUrl(s3, command, { expiresIn: EXPIRY_SECONDS });
  return { status: 200, body: { url, expiresSeconds: EXPIRY_SECONDS } };
};
