import { endpointConfigOf } from '@strata/sagemaker';
import { EVERY_ASYNC_OPTION, EVERY_REALTIME_OPTION } from './options';

test("the default is a serverless endpoint whose new models take the old one's place", () => {
  expect(endpointConfigOf('shop', {})).toEqual({
    hosting: 'serverless',
    model: {},
    variant: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 10 } },
    endpointConfig: {},
    rollout: { strategy: 'replace' },
  });
});

test('holds requests of the APIs, as they are', () => {
  expect(endpointConfigOf('shop', EVERY_REALTIME_OPTION, { strategy: 'shadow', samplingPercent: 50 })).toEqual({
    hosting: 'realtime',
    model: {
      VpcConfig: { Subnets: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
      EnableNetworkIsolation: true,
      Environment: { LOG_LEVEL: 'info' },
    },
    variant: {
      InstanceType: 'ml.c6i.large',
      InitialInstanceCount: 2,
      VolumeSizeInGB: 20,
      ModelDataDownloadTimeoutInSeconds: 600,
      ContainerStartupHealthCheckTimeoutInSeconds: 600,
      EnableSSMAccess: true,
      RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2',
    },
    endpointConfig: {
      KmsKeyId: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 20,
        DestinationS3Uri: 's3://b/captured',
        KmsKeyId: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
        CaptureOptions: [{ CaptureMode: 'Input' }],
        CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
      },
    },
    deploymentConfig: {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          WaitIntervalInSeconds: 120,
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
        },
        TerminationWaitInSeconds: 60,
        MaximumExecutionTimeoutInSeconds: 3600,
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'alarm-1' }] },
    },
    rollout: { strategy: 'shadow', samplingPercent: 50 },
    autoscaling: {
      target: { MinCapacity: 2, MaxCapacity: 6, ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' },
      policies: [
        {
          PolicyName: 'shop-invocations',
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 500,
            PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
            ScaleOutCooldown: 60,
            ScaleInCooldown: 900,
          },
        },
      ],
    },
  });
});

test('an asynchronous endpoint brings the alarm that starts its first instance', () => {
  const { autoscaling, endpointConfig } = endpointConfigOf('shop', EVERY_ASYNC_OPTION);
  expect(autoscaling).toMatchObject({
    target: { MinCapacity: 0, MaxCapacity: 3 },
    policies: [{ PolicyName: 'shop-backlog' }, { PolicyName: 'shop-from-zero', PolicyType: 'StepScaling' }],
    alarm: {
      AlarmName: 'shop-backlog-without-capacity',
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: 'shop' }],
      Period: 60,
      DatapointsToAlarm: 2,
    },
  });
  expect(endpointConfig.AsyncInferenceConfig).toMatchObject({
    OutputConfig: {
      S3OutputPath: 's3://b/answers',
      NotificationConfig: { SuccessTopic: expect.anything(), ErrorTopic: expect.anything() },
    },
  });
});

test('the key of the volumes is left out where an instance has disks of its own', () => {
  const { kmsKeyArn } = EVERY_REALTIME_OPTION;
  const shape = (instanceType: string, InstanceType?: string) =>
    endpointConfigOf(
      'shop',
      { ...EVERY_REALTIME_OPTION, instanceType },
      { strategy: 'shadow', samplingPercent: 50, InstanceType },
    ).endpointConfig;
  expect(shape('ml.g5.xlarge')).not.toHaveProperty('KmsKeyId');
  expect(shape('ml.g5.xlarge').DataCaptureConfig).toMatchObject({ KmsKeyId: kmsKeyArn });
  expect(shape('ml.m5.large', 'ml.g5.xlarge')).not.toHaveProperty('KmsKeyId');
  expect(shape('ml.m5.large')).toMatchObject({ KmsKeyId: kmsKeyArn });
  const later = endpointConfigOf('shop', {
    ...EVERY_ASYNC_OPTION,
    kmsKeyArn,
    instanceType: 'ml.m5d.large',
  }).endpointConfig;
  expect([later.KmsKeyId, later.AsyncInferenceConfig?.OutputConfig.KmsKeyId]).toEqual([undefined, kmsKeyArn]);
});

test('fits into the environment of a function with every option', () => {
  for (const options of [EVERY_REALTIME_OPTION, EVERY_ASYNC_OPTION])
    expect(JSON.stringify(endpointConfigOf('shop-classifier', options)).length).toBeLessThan(3000);
});

test('refuses what SageMaker would, all at once', () => {
  expect(() =>
    endpointConfigOf('shop', { serverlessMemoryMiB: 1, instanceType: 'x' }, { strategy: 'weighted', weightPercent: 0 }),
  ).toThrow(
    /instanceType: a serverless endpoint has no instances[^]*serverlessMemoryMiB: 1 is not allowed[^]*rollout\.strategy: "weighted" needs[^]*rollout\.weightPercent: 0 is out of range/,
  );
});
