// The schema of a pipeline. Loads no construct.
import { arn } from '@strata/core/config';
import * as z from 'zod';
import { sourceConfig } from './source-config';

const environmentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use 1 to 32 lower-case letters, digits and hyphens, starting with a letter');
const path = z
  .string()
  .refine(
    (value) => value !== '' && !/^[-/]/.test(value) && !value.split('/').includes('..'),
    'use a relative path in the source',
  );

const smokeTest = z
  .strictObject({
    path: z.string().regex(/^\//, 'use a path that starts with /').default('/'),
    service: z.string().optional().describe('Service of the compute layer to test. Default: the deployed one'),
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'use http:// or https:// and a host')
      .optional()
      .describe("A URL other than the service's, without the path"),
    expectedStatus: z.number().int().min(100).max(599).default(200),
    expectedText: z.string().min(1).optional().describe('Text that the response must contain. Default: anything'),
    attempts: z.number().int().min(1).max(100).default(10),
    intervalSeconds: z.number().int().min(0).max(300).default(6),
  })
  .refine(({ service, url }) => service === undefined || url === undefined, {
    path: ['url'],
    message: 'set service or url, not both',
  });

const rolling = z.strictObject({
  type: z.literal('rolling'),
  timeoutMinutes: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(60)
    .describe('Minutes the deploy action waits for the service'),
});

const hook = z
  .string()
  .regex(/^arn:[a-z-]+:lambda:/, 'use the ARN of a Lambda function')
  .optional();
const blueGreen = z
  .strictObject({
    type: z.literal('blue-green'),
    trafficShift: z
      .strictObject({
        type: z.enum(['all-at-once', 'canary', 'linear']),
        percentage: z
          .number()
          .int()
          .min(1)
          .max(99)
          .optional()
          .describe('Percentage of traffic in the first step (canary) or in each step. Default: 10'),
        intervalMinutes: z.number().int().min(1).max(2880).optional().describe('Minutes between steps. Default: 5'),
      })
      .refine(
        ({ type, percentage, intervalMinutes }) =>
          type !== 'all-at-once' || (percentage === undefined && intervalMinutes === undefined),
        'percentage and intervalMinutes have no effect on a shift in one step; leave them out, or use canary or linear',
      )
      .default({ type: 'all-at-once' }),
    testListener: z
      .boolean()
      .default(false)
      .describe("Expose new tasks on the service's testListenerPort before they take production traffic"),
    rollBackOnAlarms: z
      .boolean()
      .default(false)
      .describe("Roll back on the service's alarms (rollBackOnAlarms in compute)"),
    terminationWaitMinutes: z
      .number()
      .int()
      .min(0)
      .max(2880)
      .default(5)
      .describe('Minutes the previous tasks keep running after the shift'),
    lifecycleHooks: z
      .strictObject({
        BeforeInstall: hook,
        AfterInstall: hook,
        AfterAllowTestTraffic: hook,
        BeforeAllowTraffic: hook,
        AfterAllowTraffic: hook,
      })
      .default({})
      .describe('Functions that CodeDeploy calls during a deployment'),
  })
  .refine(({ lifecycleHooks, testListener }) => lifecycleHooks.AfterAllowTestTraffic === undefined || testListener, {
    path: ['lifecycleHooks', 'AfterAllowTestTraffic'],
    message: 'there is no test traffic; set testListener to true',
  });

const deployment = z.discriminatedUnion('type', [rolling, blueGreen]);

/** The steps for one environment. */
const steps = {
  deployment: deployment
    .prefault({ type: 'rolling' })
    .describe('How the service is deployed; its deploymentController in compute must fit'),
  approvalMessage: z.string().min(1).max(1000).optional(),
  smokeTest: smokeTest.optional().describe('Requests a URL after the deployment. Default: none'),
  rollBackOnFailure: z
    .boolean()
    .default(false)
    .describe('Deploy the previous image again if a step of the environment fails, including the smoke test'),
};

/** A further environment. */
const further = z.strictObject({
  environment: environmentName.describe('Its name; its compute layer is read'),
  ...steps,
  approval: z.boolean().default(true).describe('Whether the deployment must be approved first'),
  service: z.string().optional().describe("Its service in that environment. Default: the pipeline's"),
});

const build = {
  repository: z
    .string()
    .optional()
    .describe("Repository of the image, as the registry layer calls it. Default: the service's name"),
  source: sourceConfig
    .optional()
    .describe("Default: the layer's source; without one, a CodeCommit repository named as the pipeline"),
  pathPatterns: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(8)
    .optional()
    .describe("Paths of the layer's source that start this pipeline"),
  cpuArchitecture: z.enum(['ARM64', 'X86_64']),
  dockerfile: path,
  context: path.default('.').describe('Build context of the Dockerfile'),
  buildArgs: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'use letters, digits and underscores'), z.string())
    .describe('Not for secrets'),
  target: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'use letters, digits and _ . -')
    .optional()
    .describe('Stage of the Dockerfile. Default: the last'),
  testCommands: z.array(z.string().refine((command) => command.trim() !== '', 'leave an empty command out')),
  runtimeVersions: z
    .record(z.string().regex(/^[a-z]+$/), z.string().regex(/^[A-Za-z0-9.]+$/))
    .optional()
    .describe("Runtimes of the build in CodeBuild's own image. Default: nodejs 22"),
  buildEnvironment: z
    .record(z.string(), z.string())
    .default({})
    .describe('Environment variables of the build, not for secrets'),
  buildSecrets: z
    .record(z.string(), arn)
    .default({})
    .describe('Environment variable of the build -> full secret ARN in Secrets Manager'),
  buildImage: z
    .string()
    .min(1)
    .optional()
    .describe("Image of the build, with Docker, jq and the AWS CLI. Default: CodeBuild's own, Amazon Linux 2023"),
  buildComputeType: z
    .string()
    .regex(/^BUILD_/, 'use a size such as BUILD_GENERAL1_SMALL')
    .default('BUILD_GENERAL1_SMALL'),
  buildTimeoutMinutes: z.number().int().min(5).max(2160).default(30).describe('Build timeout in minutes'),
  buildQueuedTimeoutMinutes: z.number().int().min(5).max(480).default(60).describe('Minutes a build may stay queued'),
  layerCache: z.boolean().default(true).describe('Cache image layers on the build host for the next build on it'),
  executionMode: z
    .enum(['SUPERSEDED', 'QUEUED'])
    .default('SUPERSEDED')
    .describe('What happens when a newer execution catches up'),
  pipelineName: z
    .string()
    .regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'use 1 to 100 letters, digits and . @ _ -')
    .optional()
    .describe('Default: <pipeline>-pipeline'),
  buildProjectName: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{1,149}$/, 'use 2 to 150 letters, digits, hyphens and underscores')
    .optional()
    .describe('Default: appWebBuild for app-web'),
  approval: z.boolean().default(false).describe('Whether the deployment must be approved first'),
  ...steps,
};

/** Defaults of one pipeline that differ from the general ones. */
export interface PipelineDefaults {
  readonly cpuArchitecture?: 'ARM64' | 'X86_64';
  readonly dockerfile?: string;
  readonly buildArgs?: Record<string, string>;
  readonly testCommands?: string[];
}

function withDefaults(defaults: PipelineDefaults) {
  return {
    ...build,
    cpuArchitecture: build.cpuArchitecture
      .default(defaults.cpuArchitecture ?? 'ARM64')
      .describe("Of the image; the task definition's must be the same"),
    dockerfile: build.dockerfile.default(defaults.dockerfile ?? 'Dockerfile'),
    buildArgs: build.buildArgs.default(defaults.buildArgs ?? {}),
    testCommands: build.testCommands
      .default(defaults.testCommands ?? [])
      .describe("The application's tests; the first failure ends the execution"),
  };
}

/** The schema of a pipeline to the compute layer. */
export function servicePipeline(defaults: PipelineDefaults = {}) {
  return z.strictObject({
    ...withDefaults(defaults),
    target: build.target,
    kind: z.literal('service').default('service'),
    service: z.string().optional().describe("Service of the compute layer. Default: the pipeline's name here"),
    promoteTo: z.array(further).default([]).describe('Further environments, in order'),
  });
}

/** The schema of a pipeline to the model's endpoint. */
export function endpointPipeline(defaults: PipelineDefaults = {}) {
  const {
    deployment: _deployment,
    smokeTest: _smokeTest,
    rollBackOnFailure: _rollBack,
    ...options
  } = withDefaults({ cpuArchitecture: 'X86_64', ...defaults });
  return z.strictObject({ ...options, kind: z.literal('endpoint').default('endpoint') });
}

/** The schema of a pipeline to the workers of a kind of work. */
export function workerPipeline() {
  const {
    deployment: _deployment,
    smokeTest: _smokeTest,
    rollBackOnFailure: _rollBack,
    ...options
  } = withDefaults({ cpuArchitecture: 'ARM64' });
  return z.strictObject({
    ...options,
    repository: build.repository.describe(
      'Repository of the image, as the registry layer calls it. Default: jobs-<kind>',
    ),
    kind: z.literal('worker').default('worker'),
    worker: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,24}$/, 'use the name of a kind of work of the jobs layer, such as sentiment')
      .describe('Kind of work of the jobs layer whose workers run the image'),
    timeoutMinutes: z
      .number()
      .int()
      .min(1)
      .max(480)
      .default(60)
      .describe('Minutes to wait for a new task, and for one of the five deployments to end that ECS allows a service'),
  });
}

export type ServicePipelineConfig = z.output<ReturnType<typeof servicePipeline>>;
export type EndpointPipelineConfig = z.output<ReturnType<typeof endpointPipeline>>;
export type WorkerPipelineConfig = z.output<ReturnType<typeof workerPipeline>>;
export type PipelineConfig = ServicePipelineConfig | EndpointPipelineConfig | WorkerPipelineConfig;
export type FurtherEnvironment = ServicePipelineConfig['promoteTo'][number];
export { environmentName };
