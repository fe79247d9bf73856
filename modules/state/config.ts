// The schema of a backend choice. Loads no construct.
import * as z from 'zod';

const localBackend = z.strictObject({
  type: z.literal('local'),
  directory: z
    .string()
    .min(1)
    .default('.strata/state')
    .describe('Folder that holds the state files, relative to where the app runs'),
});

const s3Backend = z.strictObject({
  type: z.literal('s3'),
  bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'use a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
    )
    .describe('Bucket made by the bootstrap layer'),
  region: z.string().min(1).describe('Region of the bucket, such as ap-northeast-2'),
  prefix: z
    .string()
    .regex(/^[^/]+(\/[^/]+)*$/, 'use a prefix without a slash at either end or two in a row')
    .optional()
    .describe('Put in front of every key'),
  kmsKeyId: z
    .string()
    .min(1)
    .optional()
    .describe("ARN of the KMS key that encrypts the state. Default: the bucket's own encryption, at least AES-256"),
  roleArn: z
    .string()
    .startsWith('arn:', 'use the ARN of a role')
    .optional()
    .describe('Role to assume to reach the bucket'),
});

const cloudBackend = z.strictObject({
  type: z.literal('cloud'),
  organization: z.string().min(1).describe('HCP Terraform organization'),
  hostname: z.string().min(1).default('app.terraform.io').describe('Host of HCP Terraform or Terraform Enterprise'),
  project: z.string().min(1).optional().describe('HCP Terraform project that new workspaces are put in'),
});

/** Where state lives: one choice for an environment, used to write it and to read a neighbour's. */
export const stateBackendConfig = z.discriminatedUnion('type', [localBackend, s3Backend, cloudBackend]);

export type LocalBackendConfig = z.input<typeof localBackend>;
export type S3BackendConfig = z.input<typeof s3Backend>;
export type CloudBackendConfig = z.input<typeof cloudBackend>;
/** Where state lives. */
export type StateBackend = z.input<typeof stateBackendConfig>;

/** HCP Terraform's own host, used where a backend names none. */
export const DEFAULT_HOSTNAME = 'app.terraform.io';
/** Folder of local state, used where a backend names none. */
export const DEFAULT_DIRECTORY = '.strata/state';
