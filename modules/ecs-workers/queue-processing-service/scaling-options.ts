// How many workers there are, with the rules of Application Auto Scaling and CloudWatch. Loads no construct.
import { integer, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';

/** How many workers there are, and when. */
export interface ScalingOptions {
  /** Workers that run while nothing waits, 0 to 5000. @default 0 */
  readonly minWorkers?: number;
  /** Most workers, 1 to 5000. @default 4 */
  readonly maxWorkers?: number;
  /**
   * Seconds with neither a waiting nor a received message after which workers above `minWorkers` are stopped, 60 to
   * 86400 in whole minutes.
   * @default 900
   */
  readonly idleSeconds?: number;
  /** Seconds that a message may wait before another worker is started, 1 to 86400. @default 600 */
  readonly acceptableLatencySeconds?: number;
  /** Seconds that the work on a message usually takes, 1 to 43200. @default 60 */
  readonly expectedJobSeconds?: number;
}

/** The schema of `ScalingOptions`. */
export const scalingOptions = z.strictObject({
  minWorkers: integer({ min: 0, max: 5000, unit: 'workers' })
    .default(0)
    .describe('Workers that run while nothing waits'),
  maxWorkers: integer({ min: 1, max: 5000, unit: 'workers' }).default(4).describe('Most workers'),
  idleSeconds: integer({ min: 60, max: 86_400, unit: 'seconds' })
    .default(900)
    .describe('Seconds without work after which workers above minWorkers are stopped, in whole minutes'),
  acceptableLatencySeconds: integer({ min: 1, max: 86_400, unit: 'seconds' })
    .default(600)
    .describe('Seconds that a job may wait for a worker before more are started'),
  expectedJobSeconds: integer({ min: 1, max: 43_200, unit: 'seconds' })
    .default(60)
    .describe('Seconds that a job usually takes; with acceptableLatencySeconds it says how many may wait per worker'),
});

/** What does not fit together. */
export function scalingProblems(options: Required<ScalingOptions>, isKnown: IsKnown): OptionProblem[] {
  const { minWorkers, maxWorkers, idleSeconds } = options;
  const problems: OptionProblem[] = [];
  if (isKnown(minWorkers) && isKnown(maxWorkers) && minWorkers > maxWorkers)
    problems.push({
      path: ['minWorkers'],
      input: minWorkers,
      message: `use at most maxWorkers, which is ${maxWorkers}`,
    });
  if (isKnown(idleSeconds) && Number.isInteger(idleSeconds) && idleSeconds % 60 !== 0) {
    problems.push({
      path: ['idleSeconds'],
      input: idleSeconds,
      message: `use whole minutes, which alarms count in, such as ${Math.max(60, Math.round(idleSeconds / 60) * 60)}`,
    });
  }
  return problems;
}

/** How many messages may wait for each worker before another one is started. */
export function backlogPerWorker({
  acceptableLatencySeconds,
  expectedJobSeconds,
}: Required<Pick<ScalingOptions, 'acceptableLatencySeconds' | 'expectedJobSeconds'>>): number {
  return Math.max(1, Math.floor(acceptableLatencySeconds / expectedJobSeconds));
}
