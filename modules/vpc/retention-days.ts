import { isResolved, type Problems } from '@strata/validation';

/**
 * Days that CloudWatch Logs can keep a log group's events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Checks a retention against CloudWatch's list; a token passes. */
export function requireRetentionDays(problems: Problems, key: string, days: number | undefined): void {
  if (!isResolved(days) || (LOG_RETENTION_DAYS as readonly number[]).includes(days)) return;
  const nearest = LOG_RETENTION_DAYS.reduce((best, allowed) => (Math.abs(allowed - days) < Math.abs(best - days) ? allowed : best));
  problems.add(`${key}: ${days} is not a retention of CloudWatch Logs; the nearest is ${nearest}; allowed are ${LOG_RETENTION_DAYS.join(', ')} days`);
}
