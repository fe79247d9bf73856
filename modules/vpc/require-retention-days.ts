import { isResolved, type Problems } from '@strata/validation';
import { LOG_RETENTION_DAYS } from './log-retention-days';

/** Checks a retention against CloudWatch's list; a token passes. */
export function requireRetentionDays(problems: Problems, key: string, days: number | undefined): void {
  if (!isResolved(days) || (LOG_RETENTION_DAYS as readonly number[]).includes(days)) return;
  const nearest = LOG_RETENTION_DAYS.reduce((best, allowed) => (Math.abs(allowed - days) < Math.abs(best - days) ? allowed : best));
  problems.add(`${key}: ${days} is not a retention of CloudWatch Logs; the nearest is ${nearest}; allowed are ${LOG_RETENTION_DAYS.join(', ')} days`);
}
