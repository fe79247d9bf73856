import { endpointProblems, rolloutProblems, type EndpointOptions, type Rollout } from '@strata/sagemaker/rules';
import { EVERY_ASYNC_OPTION, EVERY_REALTIME_OPTION, EVERY_SERVERLESS_OPTION } from './options';

const problemsOf = (options: EndpointOptions) =>
  endpointProblems(options).map(({ path, message }) => `${path.join('.')}: ${message}`);
const realtime = { hosting: 'realtime' } as const;
const two = { ...realtime, initialInstanceCount: 2 } as const;
const async = { hosting: 'async', asyncOutputS3Uri: 's3://b/a' } as const;

test.each([
  ['nothing', {}],
  ['realtime', EVERY_REALTIME_OPTION],
  ['async', EVERY_ASYNC_OPTION],
  ['serverless', EVERY_SERVERLESS_OPTION],
])('every option of %s is accepted', (_, options) => {
  expect(endpointProblems(options)).toEqual([]);
});

test('what is not known now passes', () => {
  const wrong: EndpointOptions = {
    ...realtime,
    initialInstanceCount: -1,
    instanceType: 'x',
    updateWaitSeconds: -1,
    scaling: { minCapacity: -1, maxCapacity: -1 },
  };
  expect(endpointProblems(wrong)).not.toEqual([]);
  expect(endpointProblems(wrong, (value) => value !== undefined && value !== -1 && value !== 'x')).toEqual([]);
});

test.each<[string, EndpointOptions, string]>([
  ['hosting', { hosting: 'batch' as never }, 'hosting: "batch" is not allowed; use one of realtime, serverless, async'],
  [
    'instances of serverless',
    { instanceType: 'ml.m5.large' },
    'instanceType: a serverless endpoint has no instances to configure; leave it out, or use hosting "realtime" or "async"',
  ],
  [
    'guarded updates of serverless',
    { updateStrategy: 'canary' },
    'updateStrategy: SageMaker\'s deployment guardrails are for hosting "realtime" and "async"; leave it out, or change the hosting',
  ],
  [
    'a VPC of serverless',
    { subnetIds: ['s'], securityGroupIds: ['g'] },
    'subnetIds: SageMaker has it for hosting "realtime" and "async" only; leave it out, or change the hosting',
  ],
  [
    'isolation of serverless',
    { enableNetworkIsolation: true },
    'enableNetworkIsolation: SageMaker has it for hosting "realtime" and "async" only',
  ],
  [
    'data capture of serverless',
    { dataCaptureS3Uri: 's3://b/c' },
    'dataCaptureS3Uri: SageMaker has it for hosting "realtime" and "async" only',
  ],
  [
    'memory of realtime',
    { ...realtime, serverlessMemoryMiB: 1024 },
    'serverlessMemoryMiB: it is for hosting "serverless", not "realtime"; leave it out',
  ],
  [
    'answers of realtime',
    { ...realtime, asyncOutputS3Uri: 's3://b/a' },
    'asyncOutputS3Uri: it is for hosting "async", not "realtime"; leave it out',
  ],
  [
    'no groups',
    { ...realtime, subnetIds: ['s'] },
    'securityGroupIds: 0 security groups are given; use 1 to 5, or neither subnetIds nor securityGroupIds for no VPC',
  ],
  [
    'no subnets',
    { ...realtime, securityGroupIds: ['g'] },
    'subnetIds: 0 subnets are given; use 1 to 16, or neither subnetIds nor securityGroupIds for no VPC',
  ],
  [
    'a key',
    { kmsKeyArn: 'alias/x' },
    'kmsKeyArn: "alias/x" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>',
  ],
  [
    'a variable',
    { environment: { '1A': '' } },
    'environment.1A: "1A" is not the name of a variable; use letters, digits and underscores, not starting with a digit',
  ],
  [
    'a long value',
    { environment: { A: 'x'.repeat(1025) } },
    'environment.A: its value has 1025 characters, SageMaker takes at most 1024; shorten it',
  ],
  [
    'many variables',
    { environment: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`A${i}`, ''])) },
    'environment: 101 variables are more than the 100 that SageMaker takes; merge some',
  ],
  [
    'an instance type',
    { ...realtime, instanceType: 'm5.large' },
    'instanceType: "m5.large" is not an instance type of SageMaker; use one such as ml.m5.large',
  ],
  [
    'a count',
    { ...realtime, initialInstanceCount: 0 },
    'initialInstanceCount: 0 is out of range; use a whole number from 1 to 10000',
  ],
  [
    'a volume',
    { ...realtime, volumeSizeGiB: 513 },
    'volumeSizeGiB: 513 is out of range; use a whole number from 1 to 512 GiB',
  ],
  [
    'a download',
    { ...realtime, modelDataDownloadTimeoutSeconds: 59 },
    'modelDataDownloadTimeoutSeconds: 59 is out of range; use a whole number from 60 to 3600 seconds',
  ],
  [
    'a start',
    { ...realtime, containerStartupHealthCheckTimeoutSeconds: 3601 },
    'containerStartupHealthCheckTimeoutSeconds: 3601 is out of range',
  ],
  [
    'routing',
    { ...realtime, routingStrategy: 'FAST' as never },
    'routingStrategy: "FAST" is not allowed; use one of LEAST_OUTSTANDING_REQUESTS, RANDOM',
  ],
  [
    'memory',
    { serverlessMemoryMiB: 512 },
    'serverlessMemoryMiB: 512 is not allowed; use one of 1024, 2048, 3072, 4096, 5120, 6144',
  ],
  [
    'concurrency',
    { serverlessMaxConcurrency: 201 },
    'serverlessMaxConcurrency: 201 is out of range; use a whole number from 1 to 200',
  ],
  [
    'provisioned concurrency',
    { serverlessProvisionedConcurrency: 11 },
    'serverlessProvisionedConcurrency: 11 is above serverlessMaxConcurrency 10; lower it, or raise serverlessMaxConcurrency',
  ],
  [
    'no answers',
    { hosting: 'async' },
    'asyncOutputS3Uri: is missing; an asynchronous endpoint puts its answers there, as s3://<bucket>/<prefix>',
  ],
  [
    'a place for answers',
    { ...async, asyncOutputS3Uri: 'b/a' },
    'asyncOutputS3Uri: "b/a" is not a place in S3; write s3://<bucket>/<prefix>',
  ],
  [
    'a place for failures',
    { ...async, asyncFailureS3Uri: 's3:///a' },
    'asyncFailureS3Uri: "s3:///a" is not a place in S3',
  ],
  [
    'asynchronous concurrency',
    { ...async, asyncMaxConcurrentInvocationsPerInstance: 1001 },
    'asyncMaxConcurrentInvocationsPerInstance: 1001 is out of range; use a whole number from 1 to 1000',
  ],
  [
    'a topic',
    { ...async, asyncSuccessTopicArn: 'arn:aws:sqs:r:1:q' },
    'asyncSuccessTopicArn: "arn:aws:sqs:r:1:q" is not the ARN of an SNS topic',
  ],
  ['an error topic', { ...async, asyncErrorTopicArn: 't' }, 'asyncErrorTopicArn: "t" is not the ARN of an SNS topic'],
  ['a place for captured data', { ...realtime, dataCaptureS3Uri: 'x' }, 'dataCaptureS3Uri: "x" is not a place in S3'],
  [
    'a captured share',
    { ...realtime, dataCaptureS3Uri: 's3://b', dataCapturePercent: 0 },
    'dataCapturePercent: 0 is out of range; use a whole number from 1 to 100',
  ],
  [
    'a captured share of nothing',
    { ...realtime, dataCapturePercent: 5 },
    'dataCapturePercent: nothing is kept without dataCaptureS3Uri; give that too, or leave it out',
  ],
  [
    'no capture mode',
    { ...realtime, dataCaptureS3Uri: 's3://b', dataCaptureModes: [] },
    'dataCaptureModes: an empty list keeps nothing; name Input, Output or both',
  ],
  [
    'a capture mode',
    { ...realtime, dataCaptureS3Uri: 's3://b', dataCaptureModes: ['Both' as never] },
    'dataCaptureModes: "Both" is not allowed; use one of Input, Output',
  ],
  [
    'a strategy',
    { ...realtime, updateStrategy: 'fast' as never },
    'updateStrategy: "fast" is not allowed; use one of all-at-once, canary, linear, rolling',
  ],
  [
    'a step of none',
    { ...realtime, updateStepPercent: 10 },
    'updateStepPercent: an update "all-at-once" has no steps; leave it out, or use canary, linear or rolling',
  ],
  [
    'a canary of one instance',
    { ...realtime, updateStrategy: 'canary' },
    'initialInstanceCount: 1 instance cannot be replaced in steps, as updateStrategy "canary" does; use 2 or more, or "all-at-once"',
  ],
  [
    'steps of what scales to one instance',
    { ...two, updateStrategy: 'linear', scaling: { maxCapacity: 4 } },
    'scaling.minCapacity: with 1 instance an update cannot be done in steps, as updateStrategy "linear" does; use 2 or more, or "all-at-once"',
  ],
  [
    'a canary',
    { ...two, updateStrategy: 'canary', updateStepPercent: 51 },
    'updateStepPercent: 51 is out of range; use a whole number from 1 to 50 for canary',
  ],
  [
    'a linear step',
    { ...two, updateStrategy: 'linear', updateStepPercent: 9 },
    'updateStepPercent: 9 is out of range; use a whole number from 10 to 50 for linear',
  ],
  [
    'a rolling step',
    { ...two, updateStrategy: 'rolling', updateStepPercent: 4 },
    'updateStepPercent: 4 is out of range; use a whole number from 5 to 50 for rolling',
  ],
  [
    'a wait',
    { ...realtime, updateWaitSeconds: 3601 },
    'updateWaitSeconds: 3601 is out of range; use a whole number from 0 to 3600 seconds',
  ],
  ['an end', { ...realtime, terminationWaitSeconds: 3601 }, 'terminationWaitSeconds: 3601 is out of range'],
  [
    'an end of rolling',
    { ...two, updateStrategy: 'rolling', terminationWaitSeconds: 1 },
    'terminationWaitSeconds: a rolling update ends the old instances step by step; leave it out',
  ],
  [
    'a timeout',
    { ...realtime, updateTimeoutSeconds: 599 },
    'updateTimeoutSeconds: 599 is out of range; use a whole number from 600 to 14400 seconds',
  ],
  [
    'a timeout below the waits',
    { ...two, updateStrategy: 'linear', updateTimeoutSeconds: 1200, rollbackAlarmNames: ['a'] },
    'updateTimeoutSeconds: 1200 seconds are over before the update has waited 1200; raise it, or lower updateWaitSeconds or terminationWaitSeconds',
  ],
  [
    'no alarms',
    { ...realtime, rollbackAlarmNames: [] },
    'rollbackAlarmNames: 0 alarms are given; use 1 to 10, or leave it out',
  ],
  [
    'bounds',
    { ...realtime, scaling: { minCapacity: 3, maxCapacity: 2 } },
    'scaling.maxCapacity: 2 is below minCapacity 3; raise it, or lower minCapacity',
  ],
  [
    'zero instances',
    { ...realtime, scaling: { minCapacity: 0, maxCapacity: 2 } },
    'scaling.minCapacity: 0 is too few: a real-time endpoint keeps at least one instance; use 1, or hosting "serverless" or "async"',
  ],
  [
    'zero provisioned',
    { serverlessProvisionedConcurrency: 1, scaling: { minCapacity: 0, maxCapacity: 2 } },
    'scaling.minCapacity: 0 is too few: provisioned concurrency is at least 1',
  ],
  [
    'scaling by itself',
    { scaling: { maxCapacity: 2 } },
    'scaling: a serverless endpoint scales by itself; leave scaling out, or give serverlessProvisionedConcurrency, which is what scales',
  ],
  [
    'scaling above concurrency',
    { serverlessProvisionedConcurrency: 1, scaling: { maxCapacity: 11 } },
    'scaling.maxCapacity: 11 is above serverlessMaxConcurrency 10; lower it, or raise serverlessMaxConcurrency',
  ],
  [
    'load of another hosting',
    { ...async, scaling: { maxCapacity: 2, invocationsPerInstance: 5 } },
    'scaling.invocationsPerInstance: it is no load of hosting "async"; leave it out',
  ],
  [
    'load',
    { ...realtime, scaling: { maxCapacity: 2, invocationsPerInstance: 0 } },
    'scaling.invocationsPerInstance: 0 is out of range',
  ],
  [
    'backlog',
    { ...async, scaling: { maxCapacity: 2, backlogPerInstance: 0 } },
    'scaling.backlogPerInstance: 0 is out of range',
  ],
  [
    'use',
    { serverlessProvisionedConcurrency: 1, scaling: { maxCapacity: 2, provisionedConcurrencyUtilizationPercent: 100 } },
    'scaling.provisionedConcurrencyUtilizationPercent: 100 is out of range; use a whole number from 1 to 99',
  ],
  [
    'a cooldown',
    { ...realtime, scaling: { maxCapacity: 2, scaleOutCooldownSeconds: -1 } },
    'scaling.scaleOutCooldownSeconds: -1 is out of range; use a whole number from 0 to 86400 seconds',
  ],
  [
    'another cooldown',
    { ...realtime, scaling: { maxCapacity: 2, scaleInCooldownSeconds: 1.5 } },
    'scaling.scaleInCooldownSeconds: 1.5 is out of range',
  ],
  [
    'burstable instances',
    { ...realtime, instanceType: 'ml.t2.medium', scaling: { maxCapacity: 2 } },
    'scaling: SageMaker does not scale burstable instances such as ml.t2.medium; use another instanceType, or leave scaling out',
  ],
  [
    'many at the start',
    { ...realtime, initialInstanceCount: 3, scaling: { maxCapacity: 2 } },
    'scaling.maxCapacity: 2 is below initialInstanceCount 3; raise it, or lower initialInstanceCount',
  ],
])('refuses %s', (_, options, message) => {
  expect(problemsOf(options)).toContainEqual(expect.stringContaining(message));
});

test.each<[EndpointOptions, Rollout, string[]]>([
  [{}, { strategy: 'replace' }, []],
  [realtime, { strategy: 'weighted', weightPercent: 10 }, []],
  [realtime, { strategy: 'shadow', samplingPercent: 100 }, []],
  [
    {},
    { strategy: 'weighted', weightPercent: 10 },
    [
      '"weighted" needs two variants that are asked in turn, which hosting "serverless" has not; use "replace", or hosting "realtime"',
    ],
  ],
  [
    { ...two, updateStrategy: 'rolling' },
    { strategy: 'weighted', weightPercent: 10 },
    ['"weighted" has two variants, which SageMaker does not update in a rolling way; use another updateStrategy'],
  ],
  [realtime, { strategy: 'weighted', weightPercent: 100 }, ['100 is out of range; use a whole number from 1 to 99']],
  [
    async,
    { strategy: 'shadow', samplingPercent: 0 },
    [
      '"shadow" is for hosting "realtime", not "async"; use "replace", or change the hosting',
      '0 is out of range; use a whole number from 1 to 100',
    ],
  ],
])('rollout: %j with %j', (options, rollout, messages) => {
  expect(rolloutProblems(options, rollout).map(({ message }) => message)).toEqual(messages);
});
