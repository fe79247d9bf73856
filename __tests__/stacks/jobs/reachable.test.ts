import type { HttpApiProps } from '@strata/apigatewayv2';
import type { QueueProcessingServiceProps } from '@strata/ecs-workers';
import type { LambdaFunctionProps } from '@strata/lambda';
import type { PostgresDatabaseProps } from '@strata/rds';
import type { PrivateBucketProps } from '@strata/s3';
import { databaseConfig } from '../../../stacks/jobs/database-config';
import { kindConfig } from '../../../stacks/jobs/kind-config';
import { jobsConfig, type JobsConfigInput } from '@strata/stack-jobs/config';

// Every prop of the constructs in the jobs layer can be set in cdktf.json, or is left out for a reason: one too many or
// too few does not compile.

type KeysOf<T> = T extends unknown ? keyof T : never;
type LeftOut<Props, Config> = Readonly<Record<Exclude<keyof Props, KeysOf<Config>>, string>>;

const TAGS = "the layer's default tags are on it";
const NAMED = 'named after the layer, and after its kind of work';
const NETWORK = 'of the network layer';
const MADE = 'the layer makes it, or tells it of what it makes';
const CODE = 'follows from the code of the layer';
const OF_LAYER = 'one option of the layer, for all that has it';
const PROTECTION = "the environment's deletionProtection";
const IMAGE = "the worker's image says so";
const ALONE = 'a worker is one container, without a port';

const WORKER: LeftOut<QueueProcessingServiceProps, JobsConfigInput['kinds'][string]> = {
  name: NAMED,
  namePrefix: OF_LAYER,
  clusterName: OF_LAYER,
  clusterArn: MADE,
  vpcId: NETWORK,
  subnetIds: NETWORK,
  assignPublicIp: 'workers are in private subnets',
  dualStack: 'nothing that a worker calls is reached by IPv6 alone',
  image: 'repository and initialImage',
  repositoryArn: 'repository',
  alarms: OF_LAYER,
  queueKmsKeyArn: 'kmsKeyArn of the layer',
  logKmsKeyArn: 'logs have no input and no results of jobs',
  logRetentionDays: OF_LAYER,
  permissionsBoundaryArn: OF_LAYER,
  preventDestroy: PROTECTION,
  skipDestroy: PROTECTION,
  stopTimeoutSeconds: 'the longest that Fargate allows',
  containerCpu: ALONE,
  containerMemoryMiB: ALONE,
  dependsOn: ALONE,
  sidecars: ALONE,
  healthCheck: 'the supervisor ends when it cannot work',
  initProcessEnabled: 'the supervisor reaps the processes of its program',
  readonlyRootFilesystem: 'a program writes where it likes; its task lives for its jobs alone',
  writablePaths: 'a program writes where it likes',
  user: IMAGE,
  workingDirectory: IMAGE,
  ulimits: IMAGE,
  enableExecuteCommand: 'a task that nobody keeps alive is no place to sign in',
  executeCommandKmsKeyArn: 'no ECS Exec',
  executeCommandLogGroupArn: 'no ECS Exec',
  logMode: 'losing a line is better than stopping a job',
  logBufferMiB: 'the default of ECS',
  tags: TAGS,
};
const DATABASE: LeftOut<PostgresDatabaseProps, JobsConfigInput['database']> = {
  identifier: NAMED,
  masterUserName: CODE,
  vpcId: NETWORK,
  subnetIds: NETWORK,
  securityGroupName: NAMED,
  kmsKeyArn: OF_LAYER,
  logRetentionDays: OF_LAYER,
  snapshotIdentifier: 'a restored database is imported',
  deletionProtection: PROTECTION,
  tags: TAGS,
};
const API: LeftOut<HttpApiProps, JobsConfigInput['api']> = {
  apiName: NAMED,
  authorization: 'api.auth, api.issuer and api.audience',
  corsHeaders: CODE,
  description: NAMED,
  functions: MADE,
  logGroupName: NAMED,
  logKmsKeyArn: 'its lines have neither bodies nor tokens',
  logRetentionDays: OF_LAYER,
  routes: CODE,
  tags: TAGS,
  timeoutSeconds: CODE,
};
const FUNCTION: LeftOut<LambdaFunctionProps, JobsConfigInput> = {
  architecture: CODE,
  codeDirectory: CODE,
  codeS3Bucket: CODE,
  codeS3Key: CODE,
  codeS3ObjectVersion: CODE,
  deadLetter: 'nothing invokes it asynchronously',
  description: CODE,
  environment: MADE,
  ephemeralStorageMiB: CODE,
  eventTriggers: CODE,
  functionName: NAMED,
  handler: CODE,
  layerArns: CODE,
  logFormat: CODE,
  logGroupName: NAMED,
  logKmsKeyArn: 'its lines have neither bodies nor tokens',
  maximumEventAgeSeconds: 'nothing invokes it asynchronously',
  maximumRetryAttempts: 'nothing invokes it asynchronously',
  memoryMiB: CODE,
  onFailure: 'nothing invokes it asynchronously',
  onSuccess: 'nothing invokes it asynchronously',
  reservedConcurrentExecutions: 'api.concurrentPolls, and what the database takes',
  roleName: NAMED,
  roleStatements: MADE,
  runtime: CODE,
  securityGroupIds: MADE,
  subnetIds: NETWORK,
  tags: TAGS,
  timeoutSeconds: CODE,
  tracing: CODE,
};
const BUCKET: LeftOut<PrivateBucketProps, JobsConfigInput> = {
  abortIncompleteUploadDays: CODE,
  accessLogsBucketName: 'the API logs who asked for what',
  accessLogsPrefix: 'the API logs who asked for what',
  bucketNamePrefix: 'bucketName',
  cors: 'api.corsOrigins',
  expirationDays: 'upload.retentionDays and results.retentionDays',
  expiringPrefixes: 'upload.retentionDays and results.retentionDays',
  forceDestroy: PROTECTION,
  minimumTlsVersion: 'the default of the construct',
  noncurrentVersionExpirationDays: 'objects are written once',
  noncurrentVersionsToKeep: 'objects are written once',
  policyStatements: MADE,
  preventDestroy: PROTECTION,
  tags: TAGS,
  versioning: 'objects are written once',
};

const keysOf = (schema: { readonly shape: object }): readonly string[] => Object.keys(schema.shape);

test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
  ['QueueProcessingService', keysOf(kindConfig), WORKER],
  ['PostgresDatabase', databaseConfig.options.flatMap((kind) => keysOf(kind)), DATABASE],
  ['HttpApi', keysOf(jobsConfig.shape.api.unwrap()), API],
  ['LambdaFunction', keysOf(jobsConfig), FUNCTION],
  ['PrivateBucket', keysOf(jobsConfig), BUCKET],
])('what %s has and the layer has not is known, with the reason', (_, keys, leftOut) => {
  expect(keys.length).toBeGreaterThan(5);
  for (const [prop, reason] of Object.entries(leftOut)) {
    expect(keys).not.toContain(prop);
    expect(reason).toMatch(/\w{3}/);
  }
});
