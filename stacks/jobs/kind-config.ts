// The schema of one kind of work: its worker, its queue and how it scales. Loads no construct.
import { integer, isGiven, type OptionProblem } from '@strata/core/rules';
import { checkFargateSize, containerOptions, fargateServiceOptions, taskOptions } from '@strata/ecs/rules';
import { scalingOptions, scalingProblems } from '@strata/ecs-workers/rules';
import { heartbeatProblem, jobLimits, MAX_RUNTIME_SECONDS } from '@strata/worker-runtime/rules';
import * as z from 'zod';

/** Name of a kind: part of every name that its resources have. */
export const kindName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, 'use 1 to 20 lower-case letters, digits and hyphens, starting with a letter');

const { permissions, ephemeralStorageGiB, cpuArchitecture, secretsKmsKeyArns } = taskOptions.shape;
const { maxWorkers, minWorkers, idleSeconds, acceptableLatencySeconds, expectedJobSeconds } = scalingOptions.shape;
const { command, entryPoint, secrets } = containerOptions.shape;
const limits = jobLimits.shape;

/** A limit in whole seconds, with the default and the words of the worker's own. */
function limit(
  name: keyof typeof limits,
  bounds: { readonly min: number; readonly max: number; readonly unit: string },
) {
  return integer(bounds).default(limits[name].parse(undefined)).describe(limits[name].description!);
}

const kind = z.strictObject({
  cpu: z.number().default(1024).describe('CPU units of a worker; 1024 are one vCPU'),
  memoryMiB: z.number().default(2048).describe('Memory of a worker in MiB'),
  cpuArchitecture,
  ephemeralStorageGiB,
  permissions: permissions.describe('Permissions of the work in AWS, besides its own input and results'),
  secretsKmsKeyArns,
  command,
  entryPoint,
  secrets,
  environment: z.record(z.string(), z.string()).default({}).describe('Environment variables of the work'),
  spotPercent: fargateServiceOptions.shape.spotPercent.describe(
    'Percentage of workers on Fargate Spot: cheaper, and AWS may stop them with two minutes of notice',
  ),
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
  minWorkers,
  maxWorkers,
  maxRuntimeSeconds: limit('maxRuntimeSeconds', { min: 1, max: MAX_RUNTIME_SECONDS, unit: 'seconds' }),
  visibilitySeconds: limit('visibilitySeconds', { min: 30, max: 43_200, unit: 'seconds' }),
  heartbeatSeconds: limit('heartbeatSeconds', { min: 5, max: 3600, unit: 'seconds' }),
  maxAttempts: limit('maxAttempts', { min: 1, max: 100, unit: 'attempts' }),
  idleSeconds,
  acceptableLatencySeconds,
  expectedJobSeconds,
});

export type KindConfig = z.output<typeof kind>;

/** What does not fit together in a kind. */
function kindProblems(config: KindConfig): OptionProblem[] {
  const problems = scalingProblems(config, isGiven);
  const heartbeat = heartbeatProblem(config);
  if (heartbeat !== undefined) problems.push({ path: ['heartbeatSeconds'], message: heartbeat });
  if (config.expectedJobSeconds > config.maxRuntimeSeconds) {
    problems.push({
      path: ['expectedJobSeconds'],
      message: `use at most maxRuntimeSeconds (${config.maxRuntimeSeconds}), after which a job has failed; or raise that`,
    });
  }
  const size = checkFargateSize(config.cpu, config.memoryMiB);
  if (size !== undefined) problems.push({ path: ['memoryMiB'], message: size });
  return problems;
}

/** The schema of a kind of work. */
export const kindConfig = kind.superRefine((config, context) => {
  for (const { path, message } of kindProblems(config))
    context.addIssue({ code: 'custom', path, message, input: config[path[0] as keyof KindConfig] });
});
