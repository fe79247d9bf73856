import type { EndpointOptions, SageMakerEndpointProps } from '@strata/sagemaker';

export const BASE: SageMakerEndpointProps = {
  endpointName: 'shop-classifier',
  executionRoleArn: 'arn:aws:iam::111122223333:role/hosting',
  variants: [{ image: 'image@sha256:1', modelDataUrl: 's3://b/m.tar.gz' }],
};

const KEY = 'arn:aws:kms:ap-northeast-2:111122223333:key/1';

const INSTANCES: EndpointOptions = {
  environment: { LOG_LEVEL: 'info' },
  kmsKeyArn: KEY,
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  enableNetworkIsolation: true,
  instanceType: 'ml.c6i.large',
  initialInstanceCount: 2,
  volumeSizeGiB: 20,
  modelDataDownloadTimeoutSeconds: 600,
  containerStartupHealthCheckTimeoutSeconds: 600,
  enableSsmAccess: true,
  routingStrategy: 'LEAST_OUTSTANDING_REQUESTS',
  inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2',
  dataCaptureS3Uri: 's3://b/captured',
  dataCapturePercent: 20,
  dataCaptureModes: ['Input'],
};

export const EVERY_REALTIME_OPTION: EndpointOptions = {
  ...INSTANCES,
  hosting: 'realtime',
  updateStrategy: 'canary',
  updateStepPercent: 20,
  updateWaitSeconds: 120,
  terminationWaitSeconds: 60,
  updateTimeoutSeconds: 3600,
  rollbackAlarmNames: ['alarm-1'],
  scaling: {
    minCapacity: 2,
    maxCapacity: 6,
    invocationsPerInstance: 500,
    scaleInCooldownSeconds: 900,
    scaleOutCooldownSeconds: 60,
  },
};

export const EVERY_ASYNC_OPTION: EndpointOptions = {
  ...INSTANCES,
  hosting: 'async',
  asyncOutputS3Uri: 's3://b/answers',
  asyncFailureS3Uri: 's3://b/failures',
  asyncMaxConcurrentInvocationsPerInstance: 4,
  asyncSuccessTopicArn: 'arn:aws:sns:ap-northeast-2:111122223333:ok',
  asyncErrorTopicArn: 'arn:aws:sns:ap-northeast-2:111122223333:bad',
  scaling: { maxCapacity: 3, backlogPerInstance: 2 },
};

export const EVERY_SERVERLESS_OPTION: EndpointOptions = {
  hosting: 'serverless',
  environment: { LOG_LEVEL: 'info' },
  kmsKeyArn: KEY,
  serverlessMemoryMiB: 3072,
  serverlessMaxConcurrency: 20,
  serverlessProvisionedConcurrency: 2,
  scaling: { minCapacity: 2, maxCapacity: 10, provisionedConcurrencyUtilizationPercent: 50 },
};
