import type { RetryPolicy } from '../retry-policy';

/** A job that SageMaker could not start or keep running for want of capacity, or by its own fault, is started again. */
export const JOB_RETRIES: readonly RetryPolicy[] = [
  { exceptionTypes: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 10, backoffRate: 2, maxAttempts: 5 },
  {
    exceptionTypes: ['SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
    intervalSeconds: 60,
    backoffRate: 2,
    maxAttempts: 3,
  },
];
