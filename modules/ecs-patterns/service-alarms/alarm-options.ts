// The options of a service's alarms. Loads no construct.
import * as z from 'zod';

/**
 * Thresholds of a service's alarms.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
 */
export interface AlarmOptions {
  /** Alarm on fewer running tasks than this for 3 minutes; false for no alarm. @default 1 */
  readonly minRunningTasks?: number | false;
  /** Alarm on average CPU above this percentage for 5 minutes; false for no alarm. @default 90 */
  readonly cpuHighPercent?: number | false;
  /** Alarm on average memory above this percentage for 5 minutes; false for no alarm. @default 90 */
  readonly memoryHighPercent?: number | false;
  /**
   * Alarm when the load balancer itself answers more than this percentage of requests 5xx for 3 minutes; false for no
   * alarm.
   * @default 5
   */
  readonly loadBalancer5xxPercent?: number | false;
  /** Alarm when the targets answer more than this percentage of requests 5xx for 3 minutes; false for no alarm. @default 5 */
  readonly target5xxPercent?: number | false;
  /**
   * Requests per minute below which both 5xx percentages count as 0, as one failure in two requests is no trend.
   * @default 10
   */
  readonly minRequestsPerMinute?: number;
  /** Alarm on a p99 of the targets' response time above this many seconds for 5 minutes; false for no alarm. @default 2 */
  readonly p99ResponseTimeSeconds?: number | false;
  /** Alarm on more unhealthy targets than this for 5 minutes; false for no alarm. @default 0 */
  readonly maxUnhealthyHosts?: number | false;
  /** Whether to alarm when no target is healthy for 2 minutes. @default true */
  readonly noHealthyHost?: boolean;
  /**
   * Alarm on more connections than this per minute rejected because of the load balancer's limit; false for no alarm.
   * @default 0
   */
  readonly maxRejectedConnections?: number | false;
  /** Whether the topic is also notified when an alarm recovers. @default true */
  readonly notifyOnRecovery?: boolean;
}

const orFalse = (option: z.ZodType<number>) => z.union([z.literal(false), option]);
const percent = orFalse(
  z
    .number()
    .refine((value) => value > 0 && value < 100, 'use a percentage above 0 and below 100, or false for no alarm'),
);
const count = (least: number, message = `use a whole number from ${least}, or false for no alarm`) =>
  z.number().refine((value) => Number.isInteger(value) && value >= least, message);

/** The schema of `AlarmOptions`. */
export const alarmOptions = z.strictObject({
  minRunningTasks: orFalse(count(1))
    .default(1)
    .describe('Alarm on fewer running tasks than this for 3 minutes; false for no alarm'),
  cpuHighPercent: percent
    .default(90)
    .describe('Alarm on average CPU above this percentage for 5 minutes; false for no alarm'),
  memoryHighPercent: percent
    .default(90)
    .describe('Alarm on average memory above this percentage for 5 minutes; false for no alarm'),
  loadBalancer5xxPercent: percent
    .default(5)
    .describe(
      'Alarm when the load balancer itself answers more than this percentage of requests 5xx for 3 minutes; false for no alarm',
    ),
  target5xxPercent: percent
    .default(5)
    .describe(
      'Alarm when the targets answer more than this percentage of requests 5xx for 3 minutes; false for no alarm',
    ),
  minRequestsPerMinute: count(1, 'use a whole number from 1')
    .default(10)
    .describe(
      'Requests per minute below which both 5xx percentages count as 0, as one failure in two requests ' +
        'is no trend',
    ),
  p99ResponseTimeSeconds: orFalse(z.number().refine((value) => value > 0, 'use seconds above 0, or false for no alarm'))
    .default(2)
    .describe("Alarm on a p99 of the targets' response time above this many seconds for 5 minutes; false for no alarm"),
  maxUnhealthyHosts: orFalse(count(0))
    .default(0)
    .describe('Alarm on more unhealthy targets than this for 5 minutes; false for no alarm'),
  noHealthyHost: z.boolean().default(true).describe('Whether to alarm when no target is healthy for 2 minutes'),
  maxRejectedConnections: orFalse(count(0))
    .default(0)
    .describe(
      "Alarm on more connections than this per minute rejected because of the load balancer's limit; false for " +
        'no alarm',
    ),
  notifyOnRecovery: z.boolean().default(true).describe('Whether the topic is also notified when an alarm recovers'),
});
