import { httpOrigin, serviceSettings, wholeNumber } from '@strata/service-runtime';
import { AWS_REGION } from '@strata/core/rules';
import * as z from 'zod';
import { config } from './package.json';

const MiB = 1024 * 1024;

const functionArn = z.string().regex(/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+$/, 'use the ARN of a function');

/** The environment variables of app-was. docs/apps.md lists them. */
export const settings = z.object({
  ...serviceSettings({ port: config.port, metricsPort: 9465 }),
  /** Region of the endpoint. */
  AWS_REGION: z
    .string()
    .regex(AWS_REGION, 'use the name of a region, such as ap-northeast-2')
    .default('ap-northeast-2'),
  /**
   * Name of the SageMaker endpoint.
   * Rule: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
   */
  SAGEMAKER_ENDPOINT_NAME: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'use 1 to 63 letters, digits and single inner hyphens')
    .default('image-classifier'),
  /**
   * How long one request to the endpoint may take, retries included. A real-time endpoint times out after 60 s.
   */
  ENDPOINT_TIMEOUT_SECONDS: wholeNumber({ min: 1, max: 120, default: 20 }),
  /** How long one attempt may take. */
  ENDPOINT_ATTEMPT_TIMEOUT_SECONDS: wholeNumber({ min: 1, max: 60, default: 10 }),
  /** How often the endpoint is asked before a failure that may pass is reported. */
  ENDPOINT_ATTEMPTS: wholeNumber({ min: 1, max: 10, default: 3 }),
  /** Largest photo. Real-time endpoints take 25 MB now, 6 MB by older documentation; serverless ones 4 MB. */
  MAX_IMAGE_BYTES: wholeNumber({ min: 1024, max: 25 * MiB, default: 6 * MiB }),
  /** Most pixels a photo may say it has: small files can unfold to gigabytes. */
  MAX_IMAGE_PIXELS: wholeNumber({ min: 10_000, max: 1_000_000_000, default: 64_000_000 }),
  /** How many photos are processed concurrently. */
  MAX_IN_FLIGHT: wholeNumber({ min: 1, max: 10_000, default: 64 }),
  /** How many bytes of photos are in memory at the same time. */
  MAX_BUFFERED_BYTES: wholeNumber({ min: MiB, max: 16 * 1024 * MiB, default: 64 * MiB }),
  /** How many requests may wait for a place. */
  MAX_WAITING: wholeNumber({ min: 0, max: 10_000, default: 256 }),
  /** How long a request may wait for a place. */
  MAX_WAIT_SECONDS: wholeNumber({ min: 1, max: 60, default: 10 }),
  /** How long an upload may stand still. */
  UPLOAD_IDLE_SECONDS: wholeNumber({ min: 1, max: 60, default: 15 }),
  /** Address of the jobs layer's API. Without it jobs are not offered. */
  JOBS_API_URL: httpOrigin.optional(),
  /** Region of that API. Default: AWS_REGION. */
  JOBS_REGION: z.string().regex(AWS_REGION, 'use the name of a region, such as ap-northeast-2').optional(),
  /** Kind of work that jobs are. */
  JOBS_KIND: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,24}$/, 'use the name of a kind of the jobs layer, such as sentiment')
    .default('sentiment'),
  /** The functions behind the API, and the role that invokes them: given where the API cannot be reached. */
  JOBS_SUBMIT_FUNCTION_ARN: functionArn.optional(),
  JOBS_STATUS_FUNCTION_ARN: functionArn.optional(),
  JOBS_CALLER_ROLE_ARN: z
    .string()
    .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, 'use the ARN of a role')
    .optional(),
  /** Address of Lambda, as the SDKs read it. Default: the region's. */
  AWS_ENDPOINT_URL_LAMBDA: httpOrigin.optional(),
});

export type Settings = z.output<typeof settings>;
