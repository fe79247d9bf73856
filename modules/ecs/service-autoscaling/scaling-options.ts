// The options of a service's scaling, with the rules of Application Auto Scaling. Loads no construct.
import { integer, isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';
import { scheduleProblem, timezoneProblem } from './schedule';

/** New bounds at a given time: below the minimum ECS starts tasks, above the maximum it stops them. */
export interface ScheduledCapacity {
  /** Name, unique in the service. */
  readonly name: string;
  /** cron(minute hour day-of-month month day-of-week year), rate(2 hours) or at(2026-12-31T08:00:00). */
  readonly schedule: string;
  /** Name of the IANA time zone that the schedule is in. @default Etc/UTC */
  readonly timezone?: string;
  /** Fewest tasks from then on. @default unchanged */
  readonly minCapacity?: number;
  /** Most tasks from then on. @default unchanged */
  readonly maxCapacity?: number;
  /** First time, in RFC 3339: 2026-12-01T00:00:00Z. @default immediately */
  readonly startTime?: string;
  /** Last time, in RFC 3339. @default none */
  readonly endTime?: string;
}

/**
 * The bounds of the number of tasks, and what it scales on.
 * @see
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
 */
export interface ScalingOptions {
  /** Fewest tasks, 0 to 5000. @default 2 */
  readonly minCapacity?: number;
  /** Most tasks, 1 to 5000. @default 4 */
  readonly maxCapacity?: number;
  /**
   * Target for the service's average CPU utilization, 1 to 100 percent of what its tasks reserve; false turns the
   * policy off.
   * @default 70
   */
  readonly cpuTargetPercent?: number | false;
  /**
   * Target for the service's average memory utilization, 1 to 100 percent of what its tasks reserve.
   * @default memory does not scale
   */
  readonly memoryTargetPercent?: number;
  /** Target number of requests per minute per task, at least 1. @default requests do not scale */
  readonly requestsPerTarget?: number;
  /** Seconds after a scale-out before the next one, 0 to 86400. @default 300 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds after a scale-in before the next one, 0 to 86400. @default 300 */
  readonly scaleInCooldownSeconds?: number;
  /** Whether to only add tasks and never remove any. @default false */
  readonly disableScaleIn?: boolean;
  /** New bounds at certain times. @default none */
  readonly schedules?: readonly ScheduledCapacity[];
}

const tasks = (min: number) => integer({ min, max: 5000, unit: 'tasks' });
const percent = z.number().min(1).max(100);
const cooldown = integer({ min: 0, max: 86_400, unit: 'seconds' });
const time = z
  .string()
  .refine(
    (value) =>
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(value) && !Number.isNaN(Date.parse(value)),
    'use a time in RFC 3339, such as 2026-12-01T00:00:00Z',
  );
/** A rule whose message is the problem that a function returns. */
const text = (problemOf: (value: string) => string | undefined) =>
  z.string().superRefine((input, context) => {
    const message = problemOf(input);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input });
  });

/** The schema of `ScheduledCapacity`. */
export const scheduledCapacity = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,255}$/, 'use 1 to 255 letters, digits, dots, hyphens and underscores')
    .describe('Name, unique in the service'),
  schedule: text(scheduleProblem).describe(
    'cron(minute hour day-of-month month day-of-week year), rate(2 hours) or at(2026-12-31T08:00:00)',
  ),
  timezone: text(timezoneProblem)
    .optional()
    .describe('Name of the IANA time zone that the schedule is in. Default: Etc/UTC'),
  minCapacity: tasks(0).optional().describe('Fewest tasks from then on. Default: unchanged'),
  maxCapacity: tasks(0).optional().describe('Most tasks from then on. Default: unchanged'),
  startTime: time.optional().describe('First time, in RFC 3339: 2026-12-01T00:00:00Z. Default: immediately'),
  endTime: time.optional().describe('Last time, in RFC 3339. Default: none'),
});

/** The schema of `ScalingOptions`. */
export const scalingOptions = z.strictObject({
  minCapacity: tasks(0).default(2).describe('Fewest tasks, 0 to 5000'),
  maxCapacity: tasks(1).default(4).describe('Most tasks, 1 to 5000'),
  cpuTargetPercent: z
    .union([z.literal(false), percent])
    .default(70)
    .describe(
      "Target for the service's average CPU utilization, 1 to 100 percent of what its tasks reserve; false " +
        'turns the policy off',
    ),
  memoryTargetPercent: percent
    .optional()
    .describe(
      "Target for the service's average memory utilization, 1 to 100 percent of what its tasks reserve. " +
        'Default: memory does not scale',
    ),
  requestsPerTarget: z
    .number()
    .min(1)
    .optional()
    .describe('Target number of requests per minute per task, at least 1. Default: requests do not scale'),
  scaleOutCooldownSeconds: cooldown.default(300).describe('Seconds after a scale-out before the next one, 0 to 86400'),
  scaleInCooldownSeconds: cooldown.default(300).describe('Seconds after a scale-in before the next one, 0 to 86400'),
  disableScaleIn: z.boolean().default(false).describe('Whether to only add tasks and never remove any'),
  schedules: z.array(scheduledCapacity).default([]).describe('New bounds at certain times'),
});

/** Problems between the options of a service's scaling. */
export function scalingProblems(options: ScalingOptions, isKnown: IsKnown = isGiven): OptionProblem[] {
  const { minCapacity: min = 2, maxCapacity: max = 4, schedules = [] } = options;
  return [
    ...boundsProblems([], min, max, isKnown),
    ...(options.cpuTargetPercent === false &&
    options.memoryTargetPercent === undefined &&
    options.requestsPerTarget === undefined &&
    schedules.length === 0
      ? [
          {
            path: ['cpuTargetPercent'],
            input: false,
            message: 'nothing else scales the service; set memoryTargetPercent, requestsPerTarget or schedules',
          },
        ]
      : []),
    ...schedules.flatMap(({ name, minCapacity, maxCapacity }, i) => [
      ...(schedules.slice(0, i).some((other) => other.name === name)
        ? [
            {
              path: ['schedules', i, 'name'],
              input: name,
              message: 'is the name of another schedule; give each its own',
            },
          ]
        : []),
      ...(minCapacity === undefined && maxCapacity === undefined
        ? [
            {
              path: ['schedules', i],
              message: 'neither minCapacity nor maxCapacity is set, so it changes nothing; set at least one',
            },
          ]
        : []),
      ...boundsProblems(['schedules', i], minCapacity, maxCapacity, isKnown),
    ]),
  ];
}

function boundsProblems(
  path: (string | number)[],
  min: number | undefined,
  max: number | undefined,
  isKnown: IsKnown,
): OptionProblem[] {
  return isKnown(min) && isKnown(max) && min > max
    ? [{ path: [...path, 'minCapacity'], input: min, message: `use at most maxCapacity, which is ${max}` }]
    : [];
}
