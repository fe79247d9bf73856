// The configuration of the ml layer. Loads no construct.
import { arn, kmsKeyArn, logRetentionDays } from '@strata/core/config';
import { namePrefix } from '@strata/layer/config';
import * as z from 'zod';
import { MODEL_PACKAGE_GROUP_NAME, studioProblems } from '@strata/sagemaker/rules';
import { deployFunctionConfig } from './deploy-function-config';
import { endpointConfig, endpointConfigProblems } from './endpoint-config';
import { nameOf } from './name-schema';
import { studioConfig } from './studio-config';
import { trainingConfig } from './training-config';

export { endpointNeeds } from './endpoint-needs';
export { endpointNameOf } from './names';

// Names of models and configurations are the endpoint's with up to 18 characters behind it, and have at most 63.
const LONGEST_ENDPOINT_NAME = 45;

const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'use a bucket name: 3 to 63 lower-case letters, digits and hyphens');
const bucketDays = z.number().int().min(1).max(3650);
const accountIds = z.array(z.string().regex(/^\d{12}$/, 'use an AWS account id of 12 digits, as a string'));

/** The configuration of the ml layer. */
export const mlConfig = z
  .strictObject({
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    // Lower case, as SageMaker writes an endpoint's ARN in lower case whatever its name is, and IAM compares ARNs by
    // their letters.
    endpointName: z
      .string()
      .regex(/^[a-z0-9](-?[a-z0-9])*$/, 'use lower-case letters, digits and single hyphens between them')
      .default('image-classifier')
      .describe('Changing it creates another endpoint'),
    imageRepository: z
      .string()
      .min(1)
      .default('model-endpoint')
      .describe('Repository of the inference container, as the registry layer calls it'),
    modelPackageGroupName: nameOf(MODEL_PACKAGE_GROUP_NAME)
      .optional()
      .describe('Group in the model registry. Default: <project>-<environment>-<endpointName>'),
    modelReaderAccountIds: accountIds
      .default([])
      .describe(
        'Other accounts that may read the models in the registry. To use a model they also need access to the ' +
          'artifact bucket, the image and the key, which is granted elsewhere',
      ),
    modelContributorAccountIds: accountIds
      .default([])
      .describe('Other accounts that may also register and approve models there'),
    datasetBucketName: bucketName
      .optional()
      .describe('Default: derived from project and environment. Changing it replaces the bucket'),
    artifactBucketName: bucketName
      .optional()
      .describe('Default: derived from project and environment. Changing it replaces the bucket'),
    noncurrentVersionExpirationDays: bucketDays
      .default(90)
      .describe('Days after which noncurrent versions of an object are deleted in both buckets'),
    noncurrentVersionsToKeep: z
      .number()
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Number of noncurrent versions of an object that are kept regardless of age. Default: none'),
    dataCaptureExpirationDays: bucketDays
      .default(30)
      .describe('Days after which captured requests and answers (data-capture/) are deleted'),
    asyncExpirationDays: bucketDays
      .default(7)
      .describe('Days after which requests, answers and failures of an async endpoint (async/) are deleted'),
    checkpointExpirationDays: bucketDays
      .default(30)
      .describe('Days after which checkpoints of training (checkpoints/) are deleted'),
    abortIncompleteUploadDays: bucketDays
      .optional()
      .describe('Days after which incomplete multipart uploads are deleted. Default: 7'),
    minimumTlsVersion: z
      .enum(['1.2', '1.3'])
      .optional()
      .describe("Minimum TLS version of requests to the buckets. Default: S3's own, 1.2"),
    accessLogsBucketName: bucketName
      .optional()
      .describe('Bucket that S3 writes the access logs of both buckets to; it must let logging.s3.amazonaws.com in'),
    accessLogsPrefix: z
      .string()
      .min(1)
      .optional()
      .describe("Key prefix of the access logs. Default: each bucket's name"),
    kmsKey: z
      .enum(['aws', 'create'])
      .default('aws')
      .describe(
        'create: a key of this layer encrypts datasets, models, volumes and homes; KMS charges it per month. ' +
          'aws: AWS managed keys',
      ),
    kmsKeyArn: kmsKeyArn.optional().describe("Use this key instead; its policy must let this account's roles use it"),
    logRetentionDays: logRetentionDays
      .default(30)
      .describe("Days to keep the logs of the deploy function and of the endpoint's containers"),
    accountLogGroups: z
      .boolean()
      .default(false)
      .describe(
        'Whether this environment creates the log groups that SageMaker shares in an account and region ' +
          '(/aws/sagemaker/TrainingJobs, ProcessingJobs and studio), with logRetentionDays. For one environment of ' +
          'an account, before the first job runs; otherwise SageMaker creates them, and they never expire',
      ),
    alarmTopicArn: arn.optional().describe('SNS topic for alarms. Default: none, alarms send no notifications'),
    permissionsBoundaryArn: arn.optional().describe('Permissions boundary of every role created here'),
    studio: z
      .union([z.literal(false), studioConfig])
      .prefault({})
      .describe('Studio domain; false for none. It costs while applications run in it, and for what is stored'),
    training: trainingConfig.prefault({}),
    endpoint: endpointConfig.prefault({}),
    deployFunction: deployFunctionConfig.prefault({}).describe('owner pipeline: what runs the deploy function'),
  })
  .superRefine((config, context) => {
    const wrong = (path: (string | number)[], message: string, input?: unknown) =>
      context.addIssue({ code: 'custom', path, message, input });
    const length = config.endpointName.length + (config.namePrefix === undefined ? 0 : config.namePrefix.length + 1);
    if (length > LONGEST_ENDPOINT_NAME) {
      wrong(
        ['endpointName'],
        `it has ${length} characters${config.namePrefix === undefined ? '' : ' with namePrefix'}; use at ` +
          `most ${LONGEST_ENDPOINT_NAME}, so that the names of its models fit`,
        config.endpointName,
      );
    }
    if (config.kmsKeyArn !== undefined && config.kmsKey === 'create')
      wrong(['kmsKeyArn'], 'it is set and kmsKey is "create"; leave one of the two out', config.kmsKeyArn);
    const trainingDays = Math.ceil(
      Math.max(config.training.maxWaitTimeSeconds, config.training.maxRuntimeSeconds) / 86_400,
    );
    if (config.checkpointExpirationDays <= trainingDays) {
      wrong(
        ['checkpointExpirationDays'],
        `training may take ${trainingDays} days and go on from a checkpoint as old; use ${trainingDays + 1} or more, ` +
          'or lower training.maxWaitTimeSeconds',
        config.checkpointExpirationDays,
      );
    }
    for (const { path, message } of endpointConfigProblems(config.endpoint)) wrong(['endpoint', ...path], message);
    for (const { path, message, input } of config.studio === false ? [] : studioProblems(config.studio))
      wrong(['studio', ...path], message, input);
    if (config.endpoint.owner === 'terraform') {
      config.training.schedules.forEach(({ pipeline }, index) => {
        if (pipeline === 'deploy')
          wrong(
            ['training', 'schedules', index, 'pipeline'],
            'there is no such pipeline where Terraform owns the endpoint; use "train" or "model"',
            pipeline,
          );
      });
    }
  });

export type MlConfig = z.output<typeof mlConfig>;
export type MlConfigInput = z.input<typeof mlConfig>;
