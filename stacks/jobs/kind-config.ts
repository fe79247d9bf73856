// The schema of one kind of work: its worker, its queue and how it scales. Loads no construct.
import { integer } from '@strata/core/rules';
import { checkFargateSize, taskOptions } from '@strata/ecs/rules';
import * as z from 'zod';

/** Name of a kind: part of every name that its resources have. */
export const kindName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, 'use 1 to 20 lower-case letters, digits and hyphens, starting with a letter');

/**
 * Longest run of one attempt, in seconds: SQS forgets that a message was received after 12 hours
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html), and a job is
 * handed over before.
 */
export const MAX_RUNTIME_SECONDS = 39_600;

const { permissions, ephemeralStorageGiB, cpuArchitecture, secretsKmsKeyArns } = taskOptions.shape;

const kind = z.strictObject({
  cpu: z.number().default(1024).describe('CPU units of a worker; 1024 are one vCPU'),
  memoryMiB: z.number().default(2048).describe('Memory of a worker in MiB'),
  cpuArchitecture,
  ephemeralStorageGiB,
  permissions: permissions.describe('Permissions of the work in AWS, besides its own input and results'),
  secretsKmsKeyArns,
  environment: z.record(z.string(), z.string()).default({}).describe('Environment variables of the work'),
  spotPercent: integer({ min: 0, max: 100, unit: 'percent' })
    .default(0)
    .describe('Percentage of workers on Fargate Spot: cheaper, and AWS may stop them with two minutes of notice'),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe("ECR repository of the worker's image, by name or, in another account, by ARN. Default: <layer>-<kind>"),
  initialImage: z
    .string()
    .min(1)
    .optional()
    .describe('Image URI to run until the pipeline has deployed one. Default: none, jobs wait for the first image'),
  minWorkers: integer({ min: 0, max: 100, unit: 'workers' })
    .default(0)
    .describe('Workers that run while nothing waits'),
  maxWorkers: integer({ min: 1, max: 1000, unit: 'workers' }).default(4).describe('Most workers'),
  maxRuntimeSeconds: integer({ min: 1, max: MAX_RUNTIME_SECONDS, unit: 'seconds' })
    .default(3600)
    .describe('Seconds that one attempt may take; then it has failed'),
  visibilitySeconds: integer({ min: 30, max: 43_200, unit: 'seconds' })
    .default(120)
    .describe('Seconds after which the job of a worker that died is taken by another one'),
  heartbeatSeconds: integer({ min: 5, max: 3600, unit: 'seconds' })
    .default(30)
    .describe('Seconds between two signs of life of a worker; at most a third of visibilitySeconds'),
  maxAttempts: integer({ min: 1, max: 100, unit: 'attempts' })
    .default(4)
    .describe('Failed attempts after which a job has failed'),
  idleSeconds: integer({ min: 60, max: 86_400, unit: 'seconds' })
    .default(900)
    .describe('Seconds without work after which workers above minWorkers are stopped, in whole minutes'),
  acceptableLatencySeconds: integer({ min: 1, max: 86_400, unit: 'seconds' })
    .default(600)
    .describe('Seconds that a job may wait for a worker before more are started'),
  expectedJobSeconds: integer({ min: 1, max: MAX_RUNTIME_SECONDS, unit: 'seconds' })
    .default(60)
    .describe('Seconds that a job usually takes; with acceptableLatencySeconds it says how many may wait per worker'),
});

export type KindConfig = z.output<typeof kind>;

interface KindProblem {
  readonly key: keyof KindConfig;
  readonly message: string;
}

/** What does not fit together in a kind. */
function kindProblems(config: KindConfig): KindProblem[] {
  const problems: KindProblem[] = [];
  const { heartbeatSeconds: heartbeat, visibilitySeconds: visibility } = config;
  if (heartbeat > visibility / 3) {
    problems.push({
      key: 'heartbeatSeconds',
      message:
        `use at most a third of visibilitySeconds (${visibility}), which is ${Math.floor(visibility / 3)}, so that one ` +
        `lost sign of life does not give the job away; or raise visibilitySeconds to ${heartbeat * 3}`,
    });
  }
  if (config.minWorkers > config.maxWorkers)
    problems.push({ key: 'minWorkers', message: `use at most maxWorkers, which is ${config.maxWorkers}` });
  if (config.idleSeconds % 60 !== 0) {
    problems.push({
      key: 'idleSeconds',
      message: `use whole minutes, which alarms count in, such as ${Math.max(60, Math.round(config.idleSeconds / 60) * 60)}`,
    });
  }
  if (config.expectedJobSeconds > config.maxRuntimeSeconds) {
    problems.push({
      key: 'expectedJobSeconds',
      message: `use at most maxRuntimeSeconds (${config.maxRuntimeSeconds}), after which a job has failed; or raise that`,
    });
  }
  const size = checkFargateSize(config.cpu, config.memoryMiB);
  if (size !== undefined) problems.push({ key: 'memoryMiB', message: size });
  return problems;
}

/** The schema of a kind of work. */
export const kindConfig = kind.superRefine((config, context) => {
  for (const { key, message } of kindProblems(config)) {
    context.addIssue({ code: 'custom', path: [key], message, input: config[key] });
  }
});

/** How many jobs may wait for each worker before another one is started. */
export function backlogPerWorker({ acceptableLatencySeconds, expectedJobSeconds }: KindConfig): number {
  return Math.max(1, Math.floor(acceptableLatencySeconds / expectedJobSeconds));
}
