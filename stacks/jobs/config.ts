// The configuration of the jobs layer. Loads no construct.
import { arn, kmsKeyArn, logRetentionDays } from '@strata/core/config';
import { integer } from '@strata/core/rules';
import { namePrefix } from '@strata/layer/config';
import * as z from 'zod';
import { apiConfig } from './api-config';
import { databaseConfig } from './database-config';
import { connectionProblem } from './connections';
import { kindConfig, kindName } from './kind-config';

export { endpointNeeds } from './endpoint-needs';

const days = integer({ min: 1, max: 3650, unit: 'days' });

/** The configuration of the jobs layer. */
export const jobsConfig = z
  .strictObject({
    clusterName: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,255}$/, 'use letters, digits, hyphens and underscores')
      .default('jobs')
      .describe("ECS cluster of the workers; it is this layer's alone, as a cluster's capacity has one owner"),
    bucketName: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'use 3 to 63 lower-case letters, digits, dots and hyphens')
      .optional()
      .describe('Bucket of uploads and results, a name that nobody has. Default: jobs-<account>-<region>'),
    api: apiConfig.prefault({}).describe('Who may hand in work, and how much'),
    upload: z
      .strictObject({
        maxMiB: integer({ min: 1, max: 5120, unit: 'MiB' }).default(100).describe('Largest file in MiB'),
        expirySeconds: integer({ min: 30, max: 3600, unit: 'seconds' })
          .default(300)
          .describe('Seconds in which an upload has to begin'),
        contentTypes: z
          .array(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/, 'use a media type such as text/csv'))
          .min(1)
          .default(['text/csv'])
          .describe('Media types that may be uploaded'),
        retentionDays: days.default(1).describe('Days that uploaded files are kept'),
      })
      .prefault({})
      .describe('Files that people upload'),
    results: z
      .strictObject({
        retentionDays: days.default(30).describe('Days that results are kept, in the bucket and in the database'),
        loadRows: z.boolean().default(true).describe('Whether rows of results are loaded into the database'),
      })
      .prefault({})
      .describe('What workers write'),
    database: databaseConfig.prefault({ kind: 'rds' }).describe('The PostgreSQL database of jobs and rows'),
    kinds: z
      .record(kindName, kindConfig)
      .refine((kinds) => Object.keys(kinds).length > 0, 'there is no kind of work; add one, such as "sentiment": {}')
      .describe('Kind of work -> its worker'),
    alarms: z
      .boolean()
      .default(true)
      .describe(
        'Alarms on jobs whose workers died too often, on jobs that wait for more than twice acceptableLatencySeconds, and ' +
          'on functions',
      ),
    alarmTopicArn: arn.optional().describe('SNS topic for alarms. Default: none, they are visible in CloudWatch only'),
    logRetentionDays: logRetentionDays.default(7).describe('Days that logs are kept'),
    kmsKeyArn: kmsKeyArn.optional().describe('KMS key that encrypts bucket, queues and database. Default: keys of AWS'),
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    permissionsBoundaryArn: arn.optional().describe('Permissions boundary of every role created here'),
  })
  .superRefine((config, context) => {
    const connections = connectionProblem(config);
    if (connections !== undefined) context.addIssue({ code: 'custom', ...connections });
  });

export type JobsConfig = z.output<typeof jobsConfig>;
export type JobsConfigInput = z.input<typeof jobsConfig>;
