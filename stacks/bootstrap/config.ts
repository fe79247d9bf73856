// The configuration of the bootstrap layer. Loads no construct.
import { kmsKeyArn } from '@strata/core/config';
import * as z from 'zod';

const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'use a bucket name: 3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen',
  );

/** The configuration of the bootstrap layer. */
export const bootstrapConfig = z
  .strictObject({
    bucketName: bucketName
      .optional()
      .describe(
        "Name, globally unique; changing it replaces the bucket. Default: the bucket in the environment's " +
          'state, else <project>-<environment>-terraform-state',
      ),
    kmsKeyArn: kmsKeyArn
      .optional()
      .describe(
        'KMS key that encrypts the states; state.kmsKeyId must be the same or left out. Default: AES-256, free',
      ),
    noncurrentVersionsToKeep: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(50)
      .describe('Number of noncurrent versions of a state that are kept regardless of age'),
    noncurrentVersionExpirationDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe('Days to keep older versions'),
    accessLogsBucketName: bucketName.optional().describe('Bucket for access logs. Default: none are written'),
    accessLogsPrefix: z.string().min(1).optional().describe('Key prefix of the access logs. Default: <bucketName>/'),
    preventDestroy: z
      .boolean()
      .default(true)
      .describe(
        "Whether Terraform refuses every plan that would destroy the bucket, regardless of the environment's " +
          'deletionProtection',
      ),
    forceDestroy: z
      .boolean()
      .default(false)
      .describe('Whether destroying the bucket destroys the states in it; needs preventDestroy false'),
  })
  .superRefine((config, context) => {
    const wrong = (key: 'accessLogsPrefix' | 'forceDestroy', message: string) =>
      context.addIssue({ code: 'custom', path: [key], message, input: config[key] });
    if (config.accessLogsPrefix !== undefined && config.accessLogsBucketName === undefined)
      wrong('accessLogsPrefix', 'requires accessLogsBucketName; set that too');
    if (config.forceDestroy && config.preventDestroy)
      wrong('forceDestroy', 'has no effect while preventDestroy is true; set that to false too');
  });

export type BootstrapConfig = z.output<typeof bootstrapConfig>;
export type BootstrapConfigInput = z.input<typeof bootstrapConfig>;
