import type { FunctionAlarmsProps, LambdaFunctionProps } from '@strata/lambda';
import type { PrivateBucketProps } from '@strata/s3';
import type {
  EndpointAlarmSettings,
  EndpointOptions,
  EndpointScaling,
  EndpointVariant,
  ModelBuildingPipelineProps,
  ModelPackageGroupProps,
  PipelineSchedule,
  SageMakerDomainProps,
  SageMakerEndpointProps,
  SageMakerHostingRoleProps,
  SageMakerPipelineRoleProps,
  SageMakerStudioRoleProps,
  SageMakerTrainingRoleProps,
  StudioUserProfile,
} from '@strata/sagemaker';
import type { MlConfigInput } from '@strata/stack-ml';
import { json } from './synth';

// What the code is compressed to does not matter here, and takes longest.
jest.mock('fflate', () => ({ zipSync: () => new Uint8Array(1), gzipSync: () => new Uint8Array(1) }));

// Every prop of the constructs in the ml layer can be set in cdktf.json, or there is a reason why not. The compiler
// refuses a prop that is missing here.

/** Reached by a configuration that makes other JSON than the one without it. */
interface Reached {
  readonly without: MlConfigInput;
  readonly with: MlConfigInput;
}
/** Left out, and why. */
type LeftOut = string;
type Reach<Props> = { readonly [Prop in keyof Required<Props>]: Reached | LeftOut };

const by = (config: MlConfigInput, without: MlConfigInput = {}): Reached => ({ without, with: config });
const arn = (service: string, name: string): string => `arn:aws:${service}:ap-northeast-2:123456789012:${name}`;
const KEY = arn('kms', 'key/1');
const TOPIC = arn('sns', 'alarms');
const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';
const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
const MODEL = { modelDataUrl: 's3://shop-models/1/model.tar.gz' };
const NAMED = 'named after project, environment and endpoint';
const TAGS = "the layer's default tags are on everything";
const WIRED = 'the layer passes what it made itself';

type Endpoint = NonNullable<MlConfigInput['endpoint']>;
const endpoint = (more: Endpoint, base: Endpoint = {}): Reached =>
  by({ endpoint: { ...base, ...more } }, { endpoint: base });
const realtime = (more: Endpoint): Reached => endpoint(more, { hosting: 'realtime' });
const asynchronous = (more: Endpoint): Reached => endpoint(more, { hosting: 'async' });
const TERRAFORM: Endpoint = { owner: 'terraform', hosting: 'realtime', image: IMAGE, variants: [MODEL] };
const terraform = (more: Endpoint): Reached => endpoint(more, TERRAFORM);
type Variant = NonNullable<Endpoint['variants']>[number];
const variant = (more: Partial<Variant>): Reached => terraform({ variants: [{ ...MODEL, ...more }] });
const scaling = (more: Partial<NonNullable<Endpoint['scaling']>>, base: Endpoint): Reached =>
  endpoint({ scaling: { maxCapacity: 3, ...more } }, { ...base, scaling: { maxCapacity: 3 } });
const alarms = (more: Exclude<Endpoint['alarms'], false | undefined>, base: Endpoint = { hosting: 'realtime' }) =>
  endpoint({ alarms: more }, { ...base, alarms: {} });
const functionAlarms = (more: NonNullable<NonNullable<MlConfigInput['deployFunction']>['alarms']>): Reached =>
  by({ alarmTopicArn: TOPIC, deployFunction: { alarms: more } }, { alarmTopicArn: TOPIC });
const studio = (more: Exclude<MlConfigInput['studio'], false | undefined>): Reached => by({ studio: more });
const SCHEDULE = { name: 'weekly', scheduleExpression: 'rate(7 days)' };
const schedule = (more: object): Reached =>
  by({ training: { schedules: [{ ...SCHEDULE, ...more }] } }, { training: { schedules: [SCHEDULE] } });
const kmsKeyArn = by({ kmsKeyArn: KEY });
const permissionsBoundaryArn = by({ permissionsBoundaryArn: BOUNDARY });
const statements = 'what a role may do follows from what the layer makes; add to its role in code';

const domain: Reach<SageMakerDomainProps> = {
  domainName: studio({ domainName: 'lab' }),
  vpcId: 'the VPC of the network layer',
  subnetIds: 'the private subnets of the network layer',
  executionRoleArn: WIRED,
  userProfiles: studio({ userProfiles: ['kim'] }),
  authMode: studio({ authMode: 'SSO', userProfiles: [] }),
  networkAccess: studio({ networkAccess: 'PublicInternetOnly' }),
  securityGroupName: studio({ securityGroupName: 'lab' }),
  securityGroupIds: studio({ securityGroupIds: ['sg-00000000'] }),
  egressCidrBlocks: studio({ egressCidrBlocks: ['10.0.0.0/16'] }),
  kmsKeyArn,
  idleTimeoutMinutes: studio({ idleTimeoutMinutes: false }),
  spaceVolumeGiB: studio({ spaceVolumeGiB: 20 }),
  maxSpaceVolumeGiB: studio({ maxSpaceVolumeGiB: 200 }),
  dockerAccess: studio({ dockerAccess: true }),
  retainHomeFileSystem: by({ studio: { retainHomeFileSystem: true } }, { studio: { retainHomeFileSystem: false } }),
  tags: TAGS,
};

const profile: Reach<StudioUserProfile> = {
  name: studio({ userProfiles: [{ name: 'kim' }] }),
  executionRoleArn: 'the layer makes the one role of people in Studio',
  ssoUserName: by(
    { studio: { authMode: 'SSO', userProfiles: [{ name: 'kim', ssoUserName: 'kim@example.com' }] } },
    { studio: { authMode: 'SSO', userProfiles: [{ name: 'kim', ssoUserName: 'park@example.com' }] } },
  ),
};

const options: Reach<EndpointOptions> = {
  hosting: endpoint({ hosting: 'realtime' }),
  environment: endpoint({ environment: { LOG_LEVEL: 'debug' } }),
  kmsKeyArn: by({ kmsKeyArn: KEY, endpoint: { hosting: 'realtime' } }, { endpoint: { hosting: 'realtime' } }),
  subnetIds: realtime({ vpc: true }),
  securityGroupIds: realtime({ vpc: true }),
  enableNetworkIsolation: realtime({ enableNetworkIsolation: true }),
  instanceType: realtime({ instanceType: 'ml.c7g.large' }),
  initialInstanceCount: realtime({ initialInstanceCount: 2 }),
  volumeSizeGiB: realtime({ volumeSizeGiB: 30 }),
  modelDataDownloadTimeoutSeconds: realtime({ modelDataDownloadTimeoutSeconds: 600 }),
  containerStartupHealthCheckTimeoutSeconds: realtime({ containerStartupHealthCheckTimeoutSeconds: 600 }),
  enableSsmAccess: realtime({ enableSsmAccess: true }),
  routingStrategy: realtime({ routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' }),
  inferenceAmiVersion: realtime({ inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2' }),
  serverlessMemoryMiB: endpoint({ serverlessMemoryMiB: 4096 }),
  serverlessMaxConcurrency: endpoint({ serverlessMaxConcurrency: 20 }),
  serverlessProvisionedConcurrency: endpoint({ serverlessProvisionedConcurrency: 1 }),
  asyncOutputS3Uri: 'answers are in the artifact bucket, below async/answers/',
  asyncFailureS3Uri: 'failures are in the artifact bucket, below async/failures/',
  asyncMaxConcurrentInvocationsPerInstance: asynchronous({ asyncMaxConcurrentInvocationsPerInstance: 4 }),
  asyncSuccessTopicArn: asynchronous({ asyncSuccessTopicArn: TOPIC }),
  asyncErrorTopicArn: asynchronous({ asyncErrorTopicArn: TOPIC }),
  dataCaptureS3Uri: realtime({ dataCapture: true }),
  dataCapturePercent: endpoint({ dataCapturePercent: 10 }, { hosting: 'realtime', dataCapture: true }),
  dataCaptureModes: endpoint({ dataCaptureModes: ['Input'] }, { hosting: 'realtime', dataCapture: true }),
  updateStrategy: endpoint({ updateStrategy: 'canary' }, { hosting: 'realtime', initialInstanceCount: 2 }),
  updateStepPercent: endpoint(
    { updateStepPercent: 20 },
    { hosting: 'realtime', initialInstanceCount: 2, updateStrategy: 'canary' },
  ),
  updateWaitSeconds: realtime({ updateWaitSeconds: 60 }),
  terminationWaitSeconds: realtime({ terminationWaitSeconds: 60 }),
  updateTimeoutSeconds: realtime({ updateTimeoutSeconds: 3600 }),
  rollbackAlarmNames: realtime({ rollbackAlarmNames: ['errors'] }),
  scaling: realtime({ scaling: { maxCapacity: 3 } }),
};

const endpointScaling: Reach<EndpointScaling> = {
  minCapacity: scaling({ minCapacity: 2 }, { hosting: 'realtime' }),
  maxCapacity: scaling({ maxCapacity: 4 }, { hosting: 'realtime' }),
  invocationsPerInstance: scaling({ invocationsPerInstance: 600 }, { hosting: 'realtime' }),
  backlogPerInstance: scaling({ backlogPerInstance: 9 }, { hosting: 'async' }),
  provisionedConcurrencyUtilizationPercent: scaling(
    { provisionedConcurrencyUtilizationPercent: 50 },
    { serverlessProvisionedConcurrency: 1 },
  ),
  scaleOutCooldownSeconds: scaling({ scaleOutCooldownSeconds: 60 }, { hosting: 'realtime' }),
  scaleInCooldownSeconds: scaling({ scaleInCooldownSeconds: 60 }, { hosting: 'realtime' }),
};

const endpointAlarms: Reach<EndpointAlarmSettings> = {
  topicArn: by({ alarmTopicArn: TOPIC, endpoint: { alarms: {} } }, { endpoint: { alarms: {} } }),
  notifyOnRecovery: by(
    { alarmTopicArn: TOPIC, endpoint: { alarms: { notifyOnRecovery: false } } },
    { alarmTopicArn: TOPIC, endpoint: { alarms: {} } },
  ),
  max5xxPercent: alarms({ max5xxPercent: 1 }),
  maxModelErrorPercent: alarms({ maxModelErrorPercent: false }),
  minInvocationsPerMinute: alarms({ minInvocationsPerMinute: 100 }),
  p99ModelLatencySeconds: alarms({ p99ModelLatencySeconds: 1 }),
  maxAsyncFailures: alarms({ maxAsyncFailures: 1 }, { hosting: 'async' }),
  maxBacklogAgeSeconds: alarms({ maxBacklogAgeSeconds: 60 }, { hosting: 'async' }),
};

const endpointOfTerraform: Reach<Omit<SageMakerEndpointProps, keyof EndpointOptions>> = {
  endpointName: by({ endpointName: 'other', endpoint: TERRAFORM }, { endpoint: TERRAFORM }),
  executionRoleArn: WIRED,
  variants: terraform({ variants: [{ ...MODEL, variantName: 'First' }] }),
  shadowVariant: terraform({ shadowVariant: { ...MODEL, variantName: 'Shadow' } }),
  alarms: terraform({ alarms: {} }),
  tags: TAGS,
};

const endpointVariant: Reach<EndpointVariant> = {
  variantName: variant({ variantName: 'First' }),
  image: variant({ image: IMAGE.replace(/:1$/, ':2') }),
  modelDataUrl: variant({ modelDataUrl: 's3://shop-models/2/model.tar.gz' }),
  environment: variant({ environment: { LOG_LEVEL: 'debug' } }),
  weight: variant({ weight: 3 }),
  instanceType: variant({ instanceType: 'ml.c7g.large' }),
  initialInstanceCount: variant({ initialInstanceCount: 2 }),
};

const trainingRole: Reach<SageMakerTrainingRoleProps> = {
  roleName: NAMED,
  repositoryArns: by({ training: { image: IMAGE } }),
  kmsKeyArns: kmsKeyArn,
  vpcId: by({ training: { vpc: true } }),
  statements,
  permissionsBoundaryArn,
  tags: TAGS,
  readLocations: by({ training: { readableBucketArns: ['arn:aws:s3:::photos'] } }),
  writeLocations: WIRED,
  checkpointLocations: WIRED,
};

const hostingRole: Reach<Omit<SageMakerHostingRoleProps, 'statements' | 'permissionsBoundaryArn' | 'tags'>> = {
  roleName: NAMED,
  repositoryArns: endpoint({ image: IMAGE }),
  kmsKeyArns: kmsKeyArn,
  vpcId: realtime({ vpc: true }),
  modelLocations: variant({ modelDataUrl: 's3://other-models/1/model.tar.gz' }),
  dataCaptureLocations: realtime({ dataCapture: true }),
  asyncLocations: endpoint({ hosting: 'async' }),
  notificationTopicArns: asynchronous({ asyncErrorTopicArn: TOPIC }),
  rollbackAlarms: realtime({ rollbackAlarmNames: ['errors'] }),
  ssmAccess: realtime({ enableSsmAccess: true }),
};

const pipelineRole: Reach<Omit<SageMakerPipelineRoleProps, 'statements' | 'permissionsBoundaryArn' | 'tags'>> = {
  roleName: NAMED,
  kmsKeyArns: kmsKeyArn,
  passRoleArns: WIRED,
  functionArns: WIRED,
  modelPackageGroupNames: by({ modelPackageGroupName: 'flowers' }),
  artifactLocations: WIRED,
};

const studioRole: Reach<Omit<SageMakerStudioRoleProps, 'statements' | 'permissionsBoundaryArn' | 'tags'>> = {
  roleName: NAMED,
  repositoryArns: 'people in Studio use the images of SageMaker, which need no permission',
  kmsKeyArns: kmsKeyArn,
  readLocations: WIRED,
  writeLocations: WIRED,
  pipelineNames: by({ namePrefix: 'two' }),
  modelPackageGroupNames: by({ modelPackageGroupName: 'flowers' }),
  endpointNames: by({ endpointName: 'flowers' }),
};

const modelBuildingPipeline: Reach<ModelBuildingPipelineProps> = {
  pipelineName: by({ namePrefix: 'two' }),
  displayName: "Studio shows the pipeline's name",
  description: 'says what the pipeline does, which its definition decides',
  definition: by({ training: { epochs: 5 } }),
  definitionS3Bucket: 'the layer has the definition itself',
  definitionS3Key: 'the layer has the definition itself',
  definitionS3VersionId: 'the layer has the definition itself',
  roleArn: WIRED,
  maxParallelExecutionSteps: 'each step of these pipelines waits for the one before',
  schedules: by({ training: { schedules: [SCHEDULE] } }),
  scheduleRoleName: 'named after the pipeline',
  permissionsBoundaryArn,
  tags: TAGS,
};

const pipelineSchedule: Reach<PipelineSchedule> = {
  name: schedule({ name: 'nightly' }),
  scheduleExpression: schedule({ scheduleExpression: 'rate(1 day)' }),
  timezone: schedule({ timezone: 'Asia/Seoul' }),
  parameters: schedule({ parameters: { Epoch: '5' } }),
  flexibleWindowMinutes: schedule({ flexibleWindowMinutes: 60 }),
  enabled: schedule({ enabled: false }),
};

const modelPackageGroup: Reach<ModelPackageGroupProps> = {
  modelPackageGroupName: by({ modelPackageGroupName: 'flowers' }),
  description: 'names the endpoint that the models are for',
  readerAccountIds: by({ modelReaderAccountIds: ['210987654321'] }),
  contributorAccountIds: by({ modelContributorAccountIds: ['210987654321'] }),
  tags: TAGS,
};

const bucket: Reach<PrivateBucketProps> = {
  bucketName: by({ datasetBucketName: 'photos-of-ours' }),
  bucketNamePrefix: NAMED,
  kmsKeyArn,
  minimumTlsVersion: by({ minimumTlsVersion: '1.3' }),
  versioning: 'a dataset or a model that was overwritten must come back',
  expiringPrefixes: by({ asyncExpirationDays: 3 }),
  expirationDays: 'datasets and models do not expire: an endpoint may serve an old model',
  noncurrentVersionsToKeep: by({ noncurrentVersionsToKeep: 3 }),
  noncurrentVersionExpirationDays: by({ noncurrentVersionExpirationDays: 30 }),
  abortIncompleteUploadDays: by({ abortIncompleteUploadDays: 1 }),
  policyStatements: 'a function, which cdktf.json cannot hold',
  cors: 'no page uses the buckets of training',
  accessLogsBucketName: by({ accessLogsBucketName: 'access-logs' }),
  accessLogsPrefix: by(
    { accessLogsBucketName: 'access-logs', accessLogsPrefix: 'ml/' },
    { accessLogsBucketName: 'access-logs' },
  ),
  preventDestroy: 'deletionProtection of the environment says what may be destroyed',
  forceDestroy: 'deletionProtection of the environment says what may be destroyed',
  tags: TAGS,
};

const CODE = 'the code of the function comes with @strata/sagemaker-pipeline';
const deployFunction: Reach<LambdaFunctionProps> = {
  functionName: by({ endpointName: 'flowers' }),
  description: 'names the endpoint that the function deploys to',
  codeDirectory: CODE,
  codeS3Bucket: CODE,
  codeS3Key: CODE,
  codeS3ObjectVersion: CODE,
  handler: CODE,
  runtime: CODE,
  architecture: by({ deployFunction: { architecture: 'x86_64' } }),
  layerArns: CODE,
  memoryMiB: by({ deployFunction: { memoryMiB: 512 } }),
  timeoutSeconds: 'a Lambda step of a pipeline waits for ten minutes, no less and no more',
  ephemeralStorageMiB: 'the function writes no files',
  reservedConcurrentExecutions: by({ deployFunction: { reservedConcurrentExecutions: 1 } }),
  environment: "between the layer and the function's code; what an owner chooses there is endpoint",
  kmsKeyArn: 'its environment holds names and settings, no secrets',
  roleStatements: statements,
  roleName: NAMED,
  permissionsBoundaryArn,
  subnetIds: 'the function talks only to the APIs of AWS, which need no VPC',
  securityGroupIds: 'the function talks only to the APIs of AWS, which need no VPC',
  logGroupName: NAMED,
  logRetentionDays: by({ logRetentionDays: 7 }),
  logKmsKeyArn: by({ deployFunction: { logKmsKeyArn: KEY } }),
  logFormat: 'the function writes JSON',
  tracing: by({ deployFunction: { tracing: 'Active' } }),
  eventTriggers: WIRED,
  maximumRetryAttempts: 'none: an event that fails would bring the same bad model each time',
  maximumEventAgeSeconds: 'only matters to retries, of which there are none',
  deadLetter: 'onFailure sends the error as well',
  onFailure: by({ deployFunction: { onFailure: { snsTopicArn: TOPIC } } }),
  onSuccess: 'EventBridge already announces an endpoint that has settled',
  alarms: by({ alarmTopicArn: TOPIC }),
  tags: TAGS,
};

const deployFunctionAlarms: Reach<Omit<FunctionAlarmsProps, 'name' | 'functionName' | 'timeoutSeconds' | 'tags'>> = {
  topicArn: by({ alarmTopicArn: TOPIC }),
  notifyOnRecovery: functionAlarms({ notifyOnRecovery: false }),
  maxErrors: functionAlarms({ maxErrors: 5 }),
  maxThrottles: functionAlarms({ maxThrottles: false }),
  durationHighPercent: functionAlarms({ durationHighPercent: 50 }),
};

const CONSTRUCTS = {
  SageMakerDomain: domain,
  StudioUserProfile: profile,
  EndpointOptions: options,
  EndpointScaling: endpointScaling,
  EndpointAlarms: endpointAlarms,
  SageMakerEndpoint: endpointOfTerraform,
  EndpointVariant: endpointVariant,
  SageMakerTrainingRole: trainingRole,
  SageMakerHostingRole: hostingRole,
  SageMakerPipelineRole: pipelineRole,
  SageMakerStudioRole: studioRole,
  ModelBuildingPipeline: modelBuildingPipeline,
  PipelineSchedule: pipelineSchedule,
  ModelPackageGroup: modelPackageGroup,
  PrivateBucket: bucket,
  LambdaFunction: deployFunction,
  FunctionAlarms: deployFunctionAlarms,
} as const;

const known = new Map<string, string>();
/** The layer's JSON; each configuration is synthesized once. */
function synthesized(config: MlConfigInput): string {
  const key = JSON.stringify(config);
  const text = known.get(key) ?? json(config);
  known.set(key, text);
  return text;
}

// Seconds only where other programs take the cores.
jest.setTimeout(60_000);

const reached = Object.entries(CONSTRUCTS).flatMap(([construct, props]) =>
  Object.entries<Reached | LeftOut>(props).flatMap(([prop, reach]): [string, Reached][] =>
    typeof reach === 'string' ? [] : [[`${construct}.${prop}`, reach]],
  ),
);

test.each(reached)('%s is reached from cdktf.json', (_prop, reach) => {
  expect(synthesized(reach.with)).not.toBe(synthesized(reach.without));
});
