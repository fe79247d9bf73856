// The configuration of the ci-cd layer. Loads no construct.
import { arn, kmsKeyArn, logRetentionDays } from '@strata/core/config';
import { namePrefix, neighbourConfig } from '@strata/layer/config';
import * as z from 'zod';
import { configProblems } from './config-problems';
import { endpointPipeline, environmentName, servicePipeline, workerPipeline } from './pipeline-config';
import { sourceConfig } from './source-config';

/** How the project's own applications are built, from a checkout of the whole repository. */
const own = (app: string) => ({
  dockerfile: 'scripts/images/Dockerfile',
  buildArgs: { APP: app },
  testCommands: ['npm ci --no-audit --no-fund', `npm test -- __tests__/${app}`],
});
/** How the model's inference container is built. */
export const modelEndpointDefaults = {
  dockerfile: 'sagemaker/endpoint/Dockerfile',
  testCommands: ['npm ci --no-audit --no-fund', 'npm test -- __tests__/sagemaker/endpoint'],
};

const custom = z.union([
  z.literal(false),
  z.discriminatedUnion('kind', [
    z.strictObject({ ...servicePipeline().shape, kind: z.literal('service') }),
    z.strictObject({ ...endpointPipeline().shape, kind: z.literal('endpoint') }),
    z.strictObject({ ...workerPipeline().shape, kind: z.literal('worker') }),
  ]),
]);

const pipelines = z
  .object({
    'app-web': z.union([z.literal(false), servicePipeline(own('app-web'))]).prefault({}),
    'app-was': z.union([z.literal(false), servicePipeline(own('app-was'))]).prefault({}),
    'model-endpoint': z
      .union([z.literal(false), endpointPipeline(modelEndpointDefaults)])
      .optional()
      .describe('Default: present if the environment has an ml layer'),
  })
  .catchall(
    z.preprocess(
      (value) =>
        typeof value === 'object' && value !== null && !('kind' in value) ? { kind: 'service', ...value } : value,
      custom,
    ),
  );

const layerPipeline = z.strictObject({
  pipelineName: z
    .string()
    .regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'use 1 to 100 letters, digits and . @ _ -')
    .default('layers-pipeline'),
  source: sourceConfig.optional().describe("Default: the layer's source"),
  layers: z
    .array(
      z.strictObject({
        layer: environmentName.describe('Id of its stack'),
        applyPolicyArns: z.array(arn).min(1).describe('Managed policies that allow what the layer makes'),
        planPolicyArns: z
          .array(arn)
          .min(1)
          .optional()
          .describe('Managed policies that allow reading it. Default: ReadOnlyAccess of AWS'),
        approvalTopicArn: arn
          .optional()
          .describe('SNS topic on which its owner is asked to approve. Default: ' + "the layer's own"),
        autoApprove: z.boolean().default(false),
      }),
    )
    .min(1)
    .describe('In the order in which they are applied'),
  stateKmsKeyArn: arn
    .optional()
    .describe(
      'KMS key of the bucket that states are in. Default: kmsKeyId of the state, or kmsKeyArn of the bootstrap layer ' +
        'of this environment',
    ),
  terraformVersion: z.string().regex(/^\d+\.\d+\.\d+$/, 'use a version such as 1.12.2'),
  terraformSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'use the SHA-256 of the zip, from SHA256SUMS of that version on releases.hashicorp.com'),
  cpuArchitecture: z.enum(['ARM64', 'X86_64']).default('ARM64').describe('Of the build machines'),
  buildEnvironment: z
    .record(z.string(), z.string())
    .default({})
    .describe('Environment variables of the builds, not for secrets'),
  buildSecrets: z
    .record(z.string(), arn)
    .default({})
    .describe('Environment variable -> full secret ARN in Secrets Manager, such as TF_TOKEN_app_terraform_io'),
});

/** The configuration of the ci-cd layer. */
export const ciCdConfig = z
  .strictObject({
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    pipelines: pipelines.prefault({}).describe('Pipeline -> what it deploys; false removes it'),
    source: sourceConfig
      .optional()
      .describe(
        'Source of every pipeline without its own: one repository with pathPatterns per pipeline. Default: one ' +
          'CodeCommit repository per pipeline',
      ),
    connections: z
      .record(
        z.string().regex(/^[\w.-]{1,32}$/, 'use 1 to 32 letters, digits and . _ -'),
        z.strictObject({ providerType: z.enum(['GitHub', 'GitLab', 'Bitbucket']) }),
      )
      .default({})
      .describe('Connections to create; each must be confirmed once in the console'),
    environments: z
      .record(environmentName, neighbourConfig)
      .default({})
      .describe('Further environment -> where to read its compute layer, if not in the same project and backend'),
    notifications: z
      .strictObject({
        topicArn: arn.optional().describe('SNS topic to use. Default: one is created'),
        emailAddresses: z.array(z.email()).default([]),
        kmsKeyArn: kmsKeyArn
          .optional()
          .describe('Key of the topic created here; EventBridge must be allowed to use it. Default: one is created'),
        states: z
          .array(z.enum(['STARTED', 'SUCCEEDED', 'FAILED', 'STOPPED', 'SUPERSEDED', 'CANCELED', 'RESUMED']))
          .min(1)
          .default(['FAILED', 'SUCCEEDED']),
      })
      .refine(({ topicArn, kmsKeyArn: key }) => topicArn === undefined || key === undefined, {
        path: ['kmsKeyArn'],
        message: 'the topic given has its own key; leave one of topicArn and kmsKeyArn out',
      })
      .prefault({}),
    layerPipeline: layerPipeline.optional().describe('A pipeline for the layers themselves. Default: none'),
    artifactExpirationDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe('Days to keep the artifacts between actions'),
    kmsKeyArn: kmsKeyArn.optional().describe("Key of the artifacts. Default: Amazon S3's own key of the account"),
    logRetentionDays: logRetentionDays.default(30).describe('Days to keep build logs'),
    permissionsBoundaryArn: arn.optional().describe('Permissions boundary of every role created here'),
  })
  .superRefine((config, context) => {
    for (const problem of configProblems(config)) context.addIssue({ code: 'custom', ...problem });
  });

export type CiCdConfig = z.output<typeof ciCdConfig>;
export type CiCdConfigInput = z.input<typeof ciCdConfig>;
