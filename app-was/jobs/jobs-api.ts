import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { iamAuthorization, JobsClient } from '@strata/jobs-client';
import type { Settings } from '../settings';
import { invokeFunctions } from './invoke-functions';

/** The API of the jobs layer, or `undefined` where this environment has none. */
export function openJobsApi(settings: Settings): JobsClient | undefined {
  const { JOBS_API_URL: url, JOBS_REGION: region = settings.AWS_REGION } = settings;
  if (url === undefined) return undefined;
  const credentials = defaultProvider();
  const functions = functionsOf(settings);
  return new JobsClient({
    url,
    // The page repeats what failed for a reason that passes, and shows that it does.
    maxAttempts: 1,
    ...(functions === undefined
      ? { authorization: iamAuthorization(credentials, region) }
      : { fetch: invokeFunctions({ ...functions, authorization: iamAuthorization(credentials, region, 'lambda') }) }),
  });
}

/** Given where the API cannot be reached from the VPC. */
function functionsOf(settings: Settings) {
  const {
    JOBS_SUBMIT_FUNCTION_ARN: submitArn,
    JOBS_STATUS_FUNCTION_ARN: statusArn,
    JOBS_CALLER_ROLE_ARN: roleArn,
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
  } = settings;
  return submitArn === undefined || statusArn === undefined || roleArn === undefined
    ? undefined
    : { submitArn, statusArn, roleArn, endpoint };
}
