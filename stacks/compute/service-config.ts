// The schema of one service: the options of its construct, and what only this layer knows. Loads no construct.
import { serviceOptions } from '@strata/ecs-patterns/rules';
import * as z from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,24}$/, 'use 1 to 25 lower-case letters, digits and hyphens, starting with a letter');

/** Options that the layer sets for all its services, or that follow from the environment. */
export const SET_BY_LAYER = {
  dualStack: true,
  logRetentionDays: true,
  permissionsBoundaryArn: true,
  executeCommandKmsKeyArn: true,
  executeCommandLogGroupArn: true,
  deletionProtection: true,
  accessLogsForceDestroy: true,
  skipDestroy: true,
} as const;

/** What only the layer knows of a service. */
const ownOptions = {
  callers: z
    .array(name)
    .default([])
    .describe('Services of this layer that may call this one; each gets its address as <SERVICE>_URL'),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe("ECR repository of the image, by name or, in another account, by ARN. Default: the service's name"),
  initialImage: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Image URI to run until the pipeline has deployed one. Default: none, the service waits for its first image',
    ),
  modelEndpoint: z
    .boolean()
    .default(false)
    .describe("Whether the service may invoke the model's endpoint; it gets the name as SAGEMAKER_ENDPOINT_NAME"),
  submitsJobs: z
    .boolean()
    .default(false)
    .describe('Whether the service may hand in work to the jobs layer, as tenant web; it gets JOBS_API_URL'),
  uploadsJobFiles: z
    .boolean()
    .default(false)
    .describe("Whether the service's pages upload files for jobs; it gets the bucket's origin as JOBS_UPLOAD_ORIGIN"),
};

const service = serviceOptions.omit(SET_BY_LAYER).extend(ownOptions);

/** Defaults of one service that differ from the general ones. */
export interface ServiceDefaults {
  readonly exposure?: 'public' | 'internal' | 'none';
  readonly containerPort?: number;
  readonly cpu?: number;
  readonly memoryMiB?: number;
  readonly callers?: string[];
  readonly modelEndpoint?: boolean;
  readonly submitsJobs?: boolean;
  readonly uploadsJobFiles?: boolean;
  readonly taskRoleName?: string;
}

/** The schema of a service whose defaults are `defaults`, then the general ones. */
export function serviceConfig(defaults: ServiceDefaults = {}): typeof service {
  const changed = Object.entries(defaults).map(([key, value]) => {
    const option: z.ZodType = service.shape[key as keyof ServiceDefaults];
    return [key, option.default(value).describe(option.description!)];
  });
  return service.extend(Object.fromEntries(changed)) as typeof service;
}

/** The options of the construct in a service's configuration, without what only the layer knows. */
export function constructOptions(service: ServiceConfig) {
  const { callers, repository, initialImage, modelEndpoint, submitsJobs, uploadsJobFiles, ...options } = service;
  return options;
}

export type ServiceConfig = z.output<typeof service>;
export { name as serviceName };
