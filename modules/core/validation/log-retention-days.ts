/**
 * Retention periods that CloudWatch Logs accepts, in days. Loads no construct.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What is wrong with a retention period, with the nearest allowed one; `undefined` if nothing is. */
export function logRetentionProblem(days: number): string | undefined {
  if ((LOG_RETENTION_DAYS as readonly number[]).includes(days)) return undefined;
  const nearest = LOG_RETENTION_DAYS.reduce((best, allowed) =>
    Math.abs(allowed - days) < Math.abs(best - days) ? allowed : best,
  );
  return (
    `not a CloudWatch Logs retention period; the nearest is ${nearest}; allowed are ` +
    `${LOG_RETENTION_DAYS.join(', ')} days`
  );
}
