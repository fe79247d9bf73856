// What the owner of the bootstrap layer may choose. Loads no construct.
import * as z from 'zod';

const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'use a bucket name: 3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen',
  );

/** What the owner of the bootstrap layer may choose. */
export const bootstrapConfig = z
  .strictObject({
    bucketName: bucketName
      .optional()
      .describe(
        'Name, unique in all of AWS; a change replaces the bucket. Default: the bucket that the ' +
          "environment's state names, else <project>-<environment>-terraform-state",
      ),
    kmsKeyArn: z
      .string()
      .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/, 'use the ARN of a KMS key, not of an alias')
      .optional()
      .describe(
        'KMS key that encrypts the states; the state may leave kmsKeyId out, or names the same. Default: AES-256, free',
      ),
    noncurrentVersionsToKeep: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(50)
      .describe('Former versions of a state that are kept whatever their age'),
    noncurrentVersionExpirationDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe('Days that older ones are kept'),
    accessLogsBucketName: bucketName.optional().describe('Bucket for access logs. Default: none are written'),
    accessLogsPrefix: z.string().min(1).optional().describe('Key prefix of the access logs. Default: <bucketName>/'),
    preventDestroy: z
      .boolean()
      .default(true)
      .describe(
        "Whether Terraform refuses every plan that would destroy the bucket, whatever the environment's " +
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
      wrong('accessLogsPrefix', 'it goes with accessLogsBucketName; add that');
    if (config.forceDestroy && config.preventDestroy)
      wrong('forceDestroy', 'it does nothing while preventDestroy is on; set that to false as well');
  });

export type BootstrapConfig = z.output<typeof bootstrapConfig>;
export type BootstrapConfigInput = z.input<typeof bootstrapConfig>;
