import * as z from 'zod';

/**
 * Longest run of one attempt, in seconds: SQS forgets that a message was received after 12 hours, whatever extends it
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html), and one hour
 * stays for the commit.
 */
export const MAX_RUNTIME_SECONDS = 39_600;

const seconds = (max: number) => z.number().positive().max(max);

/** How long a job may take, and when a worker that is silent has lost it. */
export const jobLimits = z.strictObject({
  visibilitySeconds: z
    .number()
    .int()
    .min(1)
    .max(43_200)
    .default(120)
    .describe('Seconds after which the job of a worker that died is taken by another one'),
  heartbeatSeconds: seconds(3600)
    .default(30)
    .describe('Seconds between two signs of life of a worker; at most a third of visibilitySeconds'),
  maxRuntimeSeconds: seconds(MAX_RUNTIME_SECONDS)
    .default(3600)
    .describe('Seconds that one attempt may take; then it has failed'),
  maxAttempts: z.number().int().min(1).max(1000).default(4).describe('Failed attempts after which a job has failed'),
});

export type JobLimits = z.output<typeof jobLimits>;

/** Why one lost sign of life would give a job away; `undefined` where it would not. */
export function heartbeatProblem(
  limits: Pick<JobLimits, 'heartbeatSeconds' | 'visibilitySeconds'>,
): string | undefined {
  const { heartbeatSeconds: heartbeat, visibilitySeconds: visibility } = limits;
  if (heartbeat <= visibility / 3) return undefined;
  return (
    `use at most a third of visibilitySeconds (${visibility}), which is ${Math.floor(visibility / 3)}, so that one lost ` +
    `sign of life does not give the job away; or raise visibilitySeconds to ${Math.ceil(heartbeat * 3)}`
  );
}
