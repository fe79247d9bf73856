/**
 * Failures that a step may be tried again after.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html
 */
export const RETRY_EXCEPTIONS = [
  'Step.SERVICE_FAULT',
  'Step.THROTTLING',
  'SageMaker.JOB_INTERNAL_ERROR',
  'SageMaker.CAPACITY_ERROR',
  'SageMaker.RESOURCE_LIMIT',
] as const;
export type RetryException = (typeof RETRY_EXCEPTIONS)[number];

/** How often a step is tried again. Either `maxAttempts` or `expireAfterMinutes` must be given, not both. */
export interface RetryPolicy {
  readonly exceptionTypes: readonly RetryException[];
  /** Wait before the first retry, in seconds. @default 1 */
  readonly intervalSeconds?: number;
  /** By which each wait is longer than the one before. @default 2 */
  readonly backoffRate?: number;
  /** 1 to 20. */
  readonly maxAttempts?: number;
  /** No retry begins later than this many minutes after the first attempt; 1 to 14400. */
  readonly expireAfterMinutes?: number;
}

export function retryPolicyDefinition(policy: RetryPolicy): object {
  return {
    ExceptionType: policy.exceptionTypes,
    IntervalSeconds: policy.intervalSeconds ?? 1,
    BackoffRate: policy.backoffRate ?? 2,
    ...(policy.maxAttempts === undefined ? {} : { MaxAttempts: policy.maxAttempts }),
    ...(policy.expireAfterMinutes === undefined ? {} : { ExpireAfterMin: policy.expireAfterMinutes }),
  };
}
