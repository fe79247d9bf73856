// The configuration of the compute layer. Loads no construct.
import { arn, kmsKeyArn, logRetentionDays } from '@strata/core/config';
import { namePrefix } from '@strata/layer/config';
import * as z from 'zod';
import { configProblems } from './config-problems';
import { serviceConfig, type ServiceConfig } from './service-config';

export { endpointNeeds } from './endpoint-needs';
export { jobCallers } from './job-callers';

/** The services every installation has, unless it sets one to false. */
const webService = serviceConfig({
  exposure: 'public',
  containerPort: 8000,
  cpu: 512,
  memoryMiB: 1024,
  uploadsJobFiles: true,
});
const wasService = serviceConfig({
  exposure: 'internal',
  containerPort: 8081,
  cpu: 1024,
  memoryMiB: 3072,
  callers: ['app-web'],
  modelEndpoint: true,
  submitsJobs: true,
  taskRoleName: 'ecsWasTaskRole',
});

const services = z
  .object({
    'app-web': z.union([z.literal(false), webService]).prefault({}),
    'app-was': z.union([z.literal(false), wasService]).prefault({}),
  })
  .catchall(z.union([z.literal(false), serviceConfig()]));

/** The configuration of the compute layer. */
export const computeConfig = z
  .strictObject({
    clusterName: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,255}$/, 'use letters, digits, hyphens and underscores')
      .default('AppEcsCluster'),
    importCluster: z.boolean().default(false).describe('Use an existing cluster of that name instead of creating one'),
    containerInsights: z
      .enum(['disabled', 'enabled', 'enhanced'])
      .default('disabled')
      .describe('CloudWatch Container Insights, charged per metric'),
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    dualStack: z.boolean().default(false).describe('IPv6 besides IPv4, in a network that has it'),
    logRetentionDays: logRetentionDays.default(7).describe('Days that logs are kept'),
    alarmTopicArn: arn.optional().describe('SNS topic for alarms. Default: one is created if a service has alarms'),
    alarmEmailAddresses: z
      .array(z.email('use an email address such as "team@example.com"'))
      .default([])
      .describe('Email addresses subscribed to the alarm topic created here; each must confirm'),
    executeCommandLogGroupName: z
      .string()
      .min(1)
      .optional()
      .describe('Log group for ECS Exec sessions. Default: none, in the log group of the task'),
    executeCommandKmsKeyArn: kmsKeyArn
      .optional()
      .describe('KMS key that encrypts ECS Exec sessions. Default: none, TLS only'),
    executeCommandLogging: z
      .enum(['DEFAULT', 'NONE', 'OVERRIDE'])
      .optional()
      .describe('How ECS Exec sessions are recorded. Default: OVERRIDE with a log group, else DEFAULT'),
    permissionsBoundaryArn: arn.optional().describe('Permissions boundary of every role created here'),
    modelLayer: z
      .enum(['if-deployed', 'required', 'none'])
      .optional()
      .describe(
        "How the ml layer is read, which publishes the name of the model's endpoint. Default: if-deployed in " +
          'an environment that has an ml layer (required if its state is in HCP Terraform, which cannot tell ' +
          'whether there is one), else none',
      ),
    modelEndpointName: z
      .string()
      .regex(/^[a-z0-9](-?[a-z0-9]){0,62}$/, 'use 1 to 63 lower-case letters, digits and single hyphens between them')
      .optional()
      .describe(
        "Name of the model's endpoint if the ml layer is not read or not deployed. Default: as this " +
          "environment's ml layer is configured to call it, else image-classifier",
      ),
    jobsLayer: z
      .enum(['if-deployed', 'required', 'none'])
      .optional()
      .describe(
        'How the jobs layer is read, which publishes where work is handed in. Default: if-deployed in an environment ' +
          'that has a jobs layer (required if its state is in HCP Terraform, which cannot tell whether there is one), ' +
          'else none',
      ),
    services: services.prefault({}).describe('Service -> its options; false removes app-web or app-was'),
  })
  .superRefine((config, context) => {
    for (const problem of configProblems(config)) context.addIssue({ code: 'custom', ...problem });
  });

export type ComputeConfig = z.output<typeof computeConfig>;
export type ComputeConfigInput = z.input<typeof computeConfig>;
export type { ServiceConfig };
