import type { EndpointSpec } from '../../../sagemaker/deploy-endpoint/endpoint-spec';
import { createHandler, type Handler, type LambdaContext } from '../../../sagemaker/deploy-endpoint/handler';
import type { Answer } from '../../../sagemaker/deploy-endpoint/answer';
import { FakeAws } from './fake-aws';

const IMAGE_PARAMETER = '/strata/dev/images/model-endpoint';
const realtime: EndpointSpec = {
  hosting: 'realtime',
  model: { Environment: { LOG_LEVEL: 'info' } },
  variant: { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
  endpointConfig: {},
  rollout: { strategy: 'replace' },
};

// Seconds only where other programs take the cores.
jest.setTimeout(60_000);

let aws: FakeAws;
beforeEach(async () => {
  aws = await FakeAws.start();
  aws.parameters.set(IMAGE_PARAMETER, 'image:1');
});
afterEach(async () => {
  await aws.stop();
});

function handlerWith(
  document: Partial<EndpointSpec> = {},
  environment: Record<string, string | undefined> = {},
): Handler {
  return createHandler({
    clients: aws.clients,
    pollMilliseconds: 1,
    log: () => undefined,
    environment: {
      ENDPOINT_NAME: 'flowers',
      EXECUTION_ROLE_ARN: 'arn:role',
      IMAGE_PARAMETER_NAME: IMAGE_PARAMETER,
      PROJECT: 'strata',
      ENVIRONMENT: 'dev',
      WAIT_SECONDS: '20',
      ENDPOINT_CONFIG: JSON.stringify({ ...realtime, ...document }),
      ...environment,
    },
  });
}

/** Deploys one version after the other; the last answer. */
async function deploy(handler: Handler, ...versions: number[]): Promise<Answer> {
  let answer: Answer | undefined;
  for (const version of versions) answer = await handler({ modelPackageArn: aws.register(version) });
  return answer!;
}

const serving = (): Record<string, unknown>[] =>
  aws.configs.get(aws.endpoint!.config)!.ProductionVariants as Record<string, unknown>[];
const inputOf = (operation: string): Record<string, unknown> =>
  aws.inputs.filter((call) => call.operation === operation).at(-1)!.input;

describe('a registered model', () => {
  it('is created as an endpoint, with what its owner chose', async () => {
    const answer = await deploy(
      handlerWith({ deploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } } }),
      7,
    );
    expect(answer).toEqual({
      endpointName: 'flowers',
      action: 'created',
      endpointStatus: 'InService',
      endpointConfigName: expect.stringMatching(/^flowers-v7-[0-9a-f]{8}$/),
      modelName: expect.stringMatching(/^flowers-v7-[0-9a-f]{8}$/),
    });
    expect(aws.models.get(answer.modelName)).toMatchObject({
      ExecutionRoleArn: 'arn:role',
      PrimaryContainer: {
        Image: 'image:1',
        ModelDataUrl: 's3://artifacts/models/7/model.tar.gz',
        Environment: { MODEL_VERSION: '7', LOG_LEVEL: 'info' },
      },
    });
    expect(serving()).toEqual([
      {
        VariantName: 'AllTraffic',
        ModelName: answer.modelName,
        InitialVariantWeight: 1,
        InstanceType: 'ml.m5.large',
        InitialInstanceCount: 1,
      },
    ]);
    expect(aws.changes).toEqual(['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint']);
  });

  it('replaces the one before, which is removed', async () => {
    const handler = handlerWith({
      deploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } },
    });
    const first = await deploy(handler, 1);
    const second = await deploy(handler, 2);
    expect(second).toMatchObject({ action: 'updated', endpointStatus: 'InService' });
    expect(inputOf('UpdateEndpoint')).toMatchObject({
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } },
    });
    expect([...aws.models.keys()]).toEqual([second.modelName]);
    expect([...aws.configs.keys()]).toEqual([second.endpointConfigName]);
    expect(first.modelName).not.toBe(second.modelName);
  });

  it('changes nothing the second time', async () => {
    const handler = handlerWith();
    const first = await deploy(handler, 1);
    aws.changes.length = 0;
    expect(await deploy(handler, 1)).toEqual({ ...first, action: 'unchanged' });
    expect(aws.changes).toEqual([]);
  });

  it('is deployed again for another image, and for another choice of its owner', async () => {
    await deploy(handlerWith(), 1);
    aws.parameters.set(IMAGE_PARAMETER, 'image:2');
    expect(await deploy(handlerWith(), 1)).toMatchObject({ action: 'updated' });
    expect(
      await deploy(handlerWith({ variant: { InstanceType: 'ml.c7i.large', InitialInstanceCount: 2 } }), 1),
    ).toMatchObject({ action: 'updated' });
    expect(serving()[0]).toMatchObject({ InstanceType: 'ml.c7i.large', InitialInstanceCount: 2 });
  });

  it('is deployed when it is approved', async () => {
    const handler = handlerWith();
    const modelPackageArn = aws.register(3, { ModelApprovalStatus: 'PendingManualApproval' });
    expect(await handler({ modelPackageArn })).toEqual({
      endpointName: 'flowers',
      action: 'awaiting-approval',
      endpointConfigName: '',
      modelName: '',
      endpointStatus: '',
    });
    expect(aws.changes).toEqual([]);
    aws.register(3);
    const event = (ModelApprovalStatus: string, ...UpdatedModelPackageFields: string[]) => ({
      source: 'aws.sagemaker',
      'detail-type': 'SageMaker Model Package State Change',
      detail: { ModelPackageArn: modelPackageArn, ModelApprovalStatus, UpdatedModelPackageFields },
    });
    expect(await handler(event('Rejected', 'ModelApprovalStatus'))).toMatchObject({ action: 'unchanged' });
    expect(await handler(event('PendingManualApproval', 'ModelApprovalStatus'))).toMatchObject({
      action: 'awaiting-approval',
    });
    expect(await handler(event('Approved', 'CustomerMetadataProperties'))).toMatchObject({ action: 'unchanged' });
    expect(
      await handler({
        ...event('Approved'),
        detail: { ModelPackageArn: modelPackageArn, ModelApprovalStatus: 'Approved' },
      }),
    ).toMatchObject({ action: 'unchanged' });
    expect(aws.changes).toEqual([]);
    expect(await handler(event('Approved', 'ModelApprovalStatus', 'ApprovalDescription'))).toMatchObject({
      action: 'created',
    });
  });

  it.each([
    [
      'was rejected',
      () => aws.register(1, { ModelApprovalStatus: 'Rejected' }),
      /was rejected; approve it in the registry, or deploy another version/,
    ],
    [
      'is not there',
      () => 'arn:aws:sagemaker:x:model-package/group/9',
      /there is no model package arn:.*\/9; register the model first/,
    ],
    [
      'has no model',
      () => aws.register(1, { InferenceSpecification: { Containers: [{ Image: 'i' }] } }),
      /has no ModelDataUrl; register it with the model.tar.gz/,
    ],
  ])('that %s is refused', async (_, make, message) => {
    await expect(handlerWith()({ modelPackageArn: make() })).rejects.toThrow(message);
    expect(aws.changes).toEqual([]);
  });
});

describe('the image', () => {
  it('must have been pushed', async () => {
    aws.parameters.clear();
    await expect(deploy(handlerWith(), 1)).rejects.toThrow(
      `parameter ${IMAGE_PARAMETER} does not exist; push the image first`,
    );
  });

  it('is the one given by name where there is no parameter, else the registered one', async () => {
    aws.parameters.clear();
    const { modelName } = await deploy(handlerWith({}, { INFERENCE_IMAGE_URI: 'image:3' }), 1);
    expect(aws.models.get(modelName)).toMatchObject({ PrimaryContainer: { Image: 'image:3' } });
    const other = await deploy(handlerWith({}, { IMAGE_PARAMETER_NAME: undefined }), 1);
    expect(aws.models.get(other.modelName)).toMatchObject({ PrimaryContainer: { Image: 'registered-image' } });
  });

  it('that would serve can be asked for, before anything is trained', async () => {
    expect(await handlerWith()({ action: 'image' })).toMatchObject({ action: 'unchanged', imageUri: 'image:1' });
    aws.parameters.clear();
    await expect(handlerWith()({ action: 'image' })).rejects.toThrow('push the image first');
    expect(aws.changes).toEqual([]);
  });

  it('of another build takes the model that serves along', async () => {
    const handler = handlerWith();
    expect(await handler({ imageUri: 'image:2' })).toMatchObject({ action: 'awaiting-model' });
    await deploy(handler, 4);
    const { action, modelName } = await handler({ imageUri: 'image:2', executionId: 'build:1' });
    expect(action).toBe('updated');
    expect(aws.models.get(modelName)).toMatchObject({
      PrimaryContainer: { Image: 'image:2', ModelDataUrl: 's3://artifacts/models/4/model.tar.gz' },
    });
  });

  it('does not go to an endpoint that someone else created', async () => {
    aws.models.set('m', {});
    aws.configs.set('c', {
      created: 0,
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'm', InstanceType: 'ml.m5.large' }],
    });
    aws.endpoint = { config: 'c', status: 'InService' };
    await expect(handlerWith()({ action: 'refresh' })).rejects.toThrow(
      /which registered model endpoint flowers serves is not known/,
    );
  });
});

describe('a failure', () => {
  it('of a first endpoint removes it, with its configuration and model', async () => {
    aws.failure = 'the container did not answer /ping';
    await expect(deploy(handlerWith(), 1)).rejects.toThrow(
      /endpoint flowers could not be created: the container did not answer \/ping\. It was removed again/,
    );
    expect([aws.endpoint, aws.configs.size, aws.models.size]).toEqual([undefined, 0, 0]);
  });

  it('of an update, by a bad container or an alarm, leaves the old model serving and removes the new one', async () => {
    const handler = handlerWith();
    const first = await deploy(handler, 1);
    aws.failure = 'One or more configured alarm(s) in the auto-rollback configuration has gone into alarm';
    await expect(deploy(handler, 2)).rejects.toThrow(
      new RegExp(
        `did not take the new model and serves the one before \\(${first.endpointConfigName}\\): One or more configured alarm`,
      ),
    );
    expect(aws.endpoint).toMatchObject({ status: 'InService', config: first.endpointConfigName });
    expect([[...aws.configs.keys()], [...aws.models.keys()]]).toEqual([[first.endpointConfigName], [first.modelName]]);
    expect(await deploy(handler, 2)).toMatchObject({ action: 'updated' });
  });

  it.each(['CreateEndpointConfig', 'CreateEndpoint'])('of %s leaves nothing', async (operation) => {
    aws.errors.set(operation, ['ResourceLimitExceeded', 'The account-level service limit is 0']);
    await expect(deploy(handlerWith(), 1)).rejects.toThrow('The account-level service limit is 0');
    expect([aws.endpoint, aws.configs.size, aws.models.size]).toEqual([undefined, 0, 0]);
  });

  it('of UpdateEndpoint leaves what serves', async () => {
    const handler = handlerWith();
    const first = await deploy(handler, 1);
    aws.errors.set('UpdateEndpoint', ['ResourceLimitExceeded', 'no more instances']);
    await expect(deploy(handler, 2)).rejects.toThrow('no more instances');
    expect([...aws.models.keys()]).toEqual([first.modelName]);
    expect([...aws.configs.keys()]).toEqual([first.endpointConfigName]);
  });

  it('before is cleared away: an endpoint that had failed is created again', async () => {
    aws.models.set('flowers-v1-00000000', {});
    aws.configs.set('flowers-v1-00000000', {
      created: 0,
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'flowers-v1-00000000' }],
    });
    aws.endpoint = { config: 'flowers-v1-00000000', status: 'Failed', reason: 'out of memory' };
    const answer = await deploy(handlerWith(), 2);
    expect(answer.action).toBe('created');
    expect([[...aws.configs.keys()], [...aws.models.keys()]]).toEqual([
      [answer.endpointConfigName],
      [answer.modelName],
    ]);
  });

  it.each<[string, () => void]>([
    [
      'is gone already',
      () => {
        aws.endpoint = undefined;
      },
    ],
    [
      'is being removed',
      () => {
        Object.assign(aws.endpoint!, { status: 'Deleting', next: { looks: 1, status: 'Deleted' } });
        aws.errors.set('DeleteEndpoint', ['ValidationException', 'Cannot update in-progress endpoint "x".']);
      },
    ],
  ])("of a first endpoint is said with SageMaker's reason, also where it %s", async (_, meanwhile) => {
    aws.failure = 'The primary container did not pass the ping health check';
    aws.before.set('DeleteEndpoint', meanwhile);
    await expect(deploy(handlerWith(), 1)).rejects.toThrow(
      /endpoint flowers could not be created: The primary container did not pass the ping health check\. It was removed again/,
    );
    expect([aws.endpoint, aws.configs.size, aws.models.size]).toEqual([undefined, 0, 0]);
  });

  it('of a kind that SageMaker cannot undo is said before anything is touched', async () => {
    const first = await deploy(handlerWith(), 1);
    const serverless = handlerWith({
      hosting: 'serverless',
      variant: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } },
    });
    await expect(deploy(serverless, 2)).rejects.toThrow(
      /runs on instances, and SageMaker cannot make it serverless; it keeps serving unchanged: delete it/,
    );
    expect([...aws.models.keys()]).toEqual([first.modelName]);
    expect(aws.endpoint).toMatchObject({ status: 'InService', config: first.endpointConfigName });
  });
});

describe('other runs', () => {
  it('are waited for', async () => {
    const handler = handlerWith();
    const first = await deploy(handler, 1);
    aws.endpoint = { config: first.endpointConfigName, status: 'Updating', next: { looks: 3, status: 'InService' } };
    expect(await deploy(handler, 2)).toMatchObject({ action: 'updated' });
  });

  it('are not waited for without end', async () => {
    const first = await deploy(handlerWith(), 1);
    aws.endpoint = { config: first.endpointConfigName, status: 'Updating', next: { looks: 1e9, status: 'InService' } };
    await expect(deploy(handlerWith({}, { WAIT_SECONDS: '0' }), 2)).rejects.toThrow(
      /endpoint flowers is Updating by another deploy and was not done within 0 seconds; nothing was changed: run this again/,
    );
    expect([...aws.configs.keys()]).toEqual([first.endpointConfigName]);
  });

  it('with the same model concurrently: one creates, the other finds it done', async () => {
    const modelPackageArn = aws.register(1);
    const answers = await Promise.all([handlerWith()({ modelPackageArn }), handlerWith()({ modelPackageArn })]);
    expect(new Set(answers.map(({ endpointConfigName }) => endpointConfigName)).size).toBe(1);
    expect(answers.map(({ action }) => action).sort()).toEqual(['created', 'unchanged']);
    expect(aws.changes.filter((change) => change === 'CreateEndpoint')).toHaveLength(1);
  });

  it('with two models concurrently: both get deployed, one after the other', async () => {
    const handler = handlerWith();
    await deploy(handler, 1);
    await Promise.all([deploy(handler, 2), deploy(handlerWith(), 3)]);
    expect(aws.changes.filter((change) => change === 'UpdateEndpoint')).toHaveLength(2);
    expect(aws.endpoint!.status).toBe('InService');
    expect(aws.models.has(String(serving()[0]!.ModelName))).toBe(true);
  });

  it('that come in between an update and its end are told apart from a rollback', async () => {
    const handler = handlerWith();
    await deploy(handler, 1);
    aws.models.set('flowers-v9-99999999', {});
    aws.configs.set('flowers-v9-99999999', {
      created: Date.now() / 1000,
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'flowers-v9-99999999' }],
    });
    aws.before.set('UpdateEndpoint', () =>
      aws.before.set('DescribeEndpoint', () => {
        aws.endpoint = { config: 'flowers-v9-99999999', status: 'InService' };
      }),
    );
    expect(await deploy(handler, 2)).toMatchObject({ action: 'superseded', endpointConfigName: 'flowers-v9-99999999' });
    expect(aws.models.has('flowers-v9-99999999')).toBe(true);
  });

  it('left unused resources: they are removed once old, and what others created stays', async () => {
    const old = {
      created: Date.now() / 1000 - 3_600,
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'flowers-v1-11111111' }],
    };
    for (const name of ['flowers-v1-11111111', 'flowers-by-hand', 'other-flowers-v1-22222222'])
      aws.configs.set(name, old);
    aws.configs.set('flowers-v2-33333333', { ...old, created: Date.now() / 1000 - 60, ProductionVariants: [] });
    aws.models.set('flowers-v1-11111111', {});
    const { endpointConfigName } = await deploy(handlerWith(), 5);
    expect([...aws.configs.keys()].sort()).toEqual([
      'flowers-by-hand',
      'flowers-v2-33333333',
      endpointConfigName,
      'other-flowers-v1-22222222',
    ]);
    expect(aws.models.has('flowers-v1-11111111')).toBe(false);
  });
});

describe('an endpoint that takes longer than the function waits', () => {
  const short: LambdaContext = { getRemainingTimeInMillis: () => 30_050 };
  const event = {
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Endpoint State Change',
    detail: { EndpointName: 'flowers', EndpointStatus: 'IN_SERVICE' },
  };
  const scaling: Partial<EndpointSpec> = {
    autoscaling: {
      target: { MinCapacity: 1, MaxCapacity: 3, ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' },
      policies: [{ PolicyName: 'load', PolicyType: 'TargetTrackingScaling' }],
    },
  };

  it('is answered as it is, and finished by the event of its end', async () => {
    const handler = handlerWith(scaling);
    aws.looks = 1_000_000;
    expect(await handler({ modelPackageArn: aws.register(1) }, short)).toMatchObject({
      action: 'created',
      endpointStatus: 'Creating',
    });
    expect(aws.targets.size).toBe(0);
    aws.endpoint = { config: aws.endpoint!.config, status: 'InService' };
    expect(await handler(event)).toMatchObject({ action: 'unchanged', endpointStatus: 'InService' });
    expect([...aws.targets.keys()]).toEqual(['sagemaker:variant:DesiredInstanceCount']);
  });

  it('and fails then is removed by that event', async () => {
    const handler = handlerWith();
    aws.looks = 1_000_000;
    await handler({ modelPackageArn: aws.register(1) }, short);
    aws.looks = 1;
    aws.endpoint = { config: aws.endpoint!.config, status: 'Failed', reason: 'no capacity' };
    await handler(event);
    expect([aws.endpoint, aws.configs.size, aws.models.size]).toEqual([undefined, 0, 0]);
  });

  it('and fails is left to a deploy that waits for it', async () => {
    const handler = handlerWith();
    const { endpointConfigName } = await deploy(handler, 1);
    aws.changes.length = 0;
    aws.endpoint = {
      config: endpointConfigName,
      status: 'Failed',
      reason: 'no capacity',
      next: { looks: 1, status: 'InService' },
    };
    expect(await handler(event)).toMatchObject({ action: 'unchanged', endpointStatus: 'InService' });
    expect(aws.changes).toEqual([]);
  });

  it('and is taken back to what served before fails the function, which its alarm tells', async () => {
    const handler = handlerWith(scaling);
    const first = await deploy(handler, 1);
    aws.looks = 1_000_000;
    expect(await handler({ modelPackageArn: aws.register(2) }, short)).toMatchObject({
      action: 'updated',
      endpointStatus: 'Updating',
    });
    aws.targets.clear();
    aws.endpoint = {
      config: first.endpointConfigName,
      status: 'InService',
      reason: 'One or more configured alarm(s) in the auto-rollback configuration has gone into alarm',
    };
    await expect(handler(event)).rejects.toThrow(
      `endpoint flowers did not take its last update and serves what it did before (${first.endpointConfigName}): One or more configured alarm(s)`,
    );
    expect(aws.targets.size).toBe(1);
  });

  it('is waited for as long as who asks allows', async () => {
    const handler = handlerWith();
    await deploy(handler, 1);
    aws.looks = 1_000_000;
    const { modelName, ...begun } = await handler({ imageUri: 'image:2', waitSeconds: 0 });
    expect(begun).toMatchObject({ action: 'updated', endpointStatus: 'Updating' });
    expect(await handler({ action: 'await', modelName, waitSeconds: 0 })).toMatchObject({
      action: 'unchanged',
      modelName,
      endpointStatus: 'Updating',
    });
    // Another image has to wait for its turn: no longer than the settings allow, and nothing is changed meanwhile.
    aws.changes.length = 0;
    expect(await handlerWith({}, { WAIT_SECONDS: '0' })({ imageUri: 'image:3', waitSeconds: 900 })).toMatchObject({
      action: 'busy',
      endpointStatus: 'Updating',
    });
    expect(aws.changes).toEqual([]);
  });

  it('and serves, or does not serve, what somebody waits for', async () => {
    const handler = handlerWith();
    const first = await deploy(handler, 1);
    const second = await handler({ imageUri: 'image:2' });
    expect(await handler({ action: 'await', modelName: second.modelName })).toMatchObject({
      action: 'unchanged',
      endpointStatus: 'InService',
    });
    await expect(handler({ action: 'await', modelName: first.modelName })).rejects.toThrow(
      `endpoint flowers does not serve model ${first.modelName}: another deploy came in between`,
    );
    aws.endpoint = { config: second.endpointConfigName, status: 'InService', reason: 'the container did not start' };
    await expect(handler({ action: 'await', modelName: first.modelName })).rejects.toThrow(
      "the container did not start. The container's log is in /aws/sagemaker/Endpoints/flowers",
    );
    aws.endpoint = undefined;
    await expect(handler({ action: 'await', modelName: second.modelName })).rejects.toThrow('it is gone');
  });

  it.each(['60', -1, 901, 1.5, null])('is not waited for %j seconds', async (waitSeconds) => {
    await expect(handlerWith()({ imageUri: 'image:2', waitSeconds })).rejects.toThrow(
      `waitSeconds ${JSON.stringify(waitSeconds)} is not allowed; use a whole number from 0 to 900`,
    );
  });

  it("is this function's, or its rule is wrong", async () => {
    await expect(handlerWith()({ ...event, detail: { EndpointName: 'other' } })).rejects.toThrow(
      /the event is about endpoint other, and this function deploys flowers; filter the rule/,
    );
  });
});

describe('kinds of hosting', () => {
  it('serverless takes no deployment configuration', async () => {
    const handler = handlerWith({
      hosting: 'serverless',
      variant: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } },
      deploymentConfig: { RollingUpdatePolicy: undefined },
    });
    await deploy(handler, 1, 2);
    expect(inputOf('UpdateEndpoint')).not.toHaveProperty('DeploymentConfig');
    expect(serving()[0]).toEqual({
      VariantName: 'AllTraffic',
      ModelName: expect.any(String),
      InitialVariantWeight: 1,
      ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 },
    });
  });

  it('asynchronous, with data capture, a key and a VPC', async () => {
    const endpointConfig = {
      KmsKeyId: 'key',
      AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://artifacts/async' } },
      DataCaptureConfig: {
        InitialSamplingPercentage: 100,
        DestinationS3Uri: 's3://artifacts/capture',
        CaptureOptions: [{ CaptureMode: 'Input' as const }],
        EnableCapture: true,
      },
    };
    const VpcConfig = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    const { modelName } = await deploy(
      handlerWith({ hosting: 'async', endpointConfig, model: { VpcConfig, EnableNetworkIsolation: true } }),
      1,
    );
    expect(aws.configs.get(aws.endpoint!.config)).toMatchObject(endpointConfig);
    expect(aws.models.get(modelName)).toMatchObject({ VpcConfig, EnableNetworkIsolation: true });
  });
});

describe('autoscaling', () => {
  const instances = 'sagemaker:variant:DesiredInstanceCount' as const;
  const autoscaling = {
    target: { MinCapacity: 0, MaxCapacity: 3, ScalableDimension: instances },
    policies: [
      {
        PolicyName: 'backlog',
        PolicyType: 'TargetTrackingScaling' as const,
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 5 },
      },
      {
        PolicyName: 'wake',
        PolicyType: 'StepScaling' as const,
        StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity' as const },
      },
    ],
    alarm: {
      AlarmName: 'flowers-waiting',
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
    },
  };

  it('is registered once the endpoint is there, with its policies and the alarm that wakes it', async () => {
    await deploy(handlerWith({ autoscaling }), 1);
    expect(aws.targets.get(instances)).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ResourceId: 'endpoint/flowers/variant/AllTraffic',
      MinCapacity: 0,
      MaxCapacity: 3,
    });
    expect(aws.policies.map(({ PolicyName, ResourceId }) => [PolicyName, ResourceId])).toEqual([
      ['backlog', 'endpoint/flowers/variant/AllTraffic'],
      ['wake', 'endpoint/flowers/variant/AllTraffic'],
    ]);
    expect(inputOf('PutMetricAlarm')).toEqual({ ...autoscaling.alarm, AlarmActions: ['arn:policy/wake'] });
  });

  it('keeps its number of instances over an update', async () => {
    await deploy(handlerWith({ autoscaling }), 1, 2);
    expect(inputOf('UpdateEndpoint')).toMatchObject({
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [
        { VariantPropertyType: 'DesiredWeight' },
        { VariantPropertyType: 'DataCaptureConfig' },
      ],
    });
  });

  it('that its owner took away is taken away before the update', async () => {
    await deploy(handlerWith({ autoscaling }), 1);
    await deploy(handlerWith(), 2);
    expect(aws.targets.size).toBe(0);
    expect(aws.changes.indexOf('DeregisterScalableTarget')).toBeLessThan(aws.changes.indexOf('UpdateEndpoint'));
    expect(inputOf('UpdateEndpoint')).not.toHaveProperty('RetainAllVariantProperties');
  });

  it('is taken away while the instances become others, and comes back, also when that fails', async () => {
    await deploy(handlerWith({ autoscaling }), 1);
    aws.changes.length = 0;
    const larger = handlerWith({ autoscaling, variant: { InstanceType: 'ml.c7i.xlarge', InitialInstanceCount: 1 } });
    aws.failure = 'no capacity';
    await expect(deploy(larger, 1)).rejects.toThrow('no capacity');
    expect(aws.changes.filter((change) => /Scalable|UpdateEndpoint/.test(change))).toEqual([
      'DeregisterScalableTarget',
      'UpdateEndpoint',
      'RegisterScalableTarget',
    ]);
    aws.changes.length = 0;
    await deploy(larger, 1);
    expect(aws.changes.filter((change) => /Scalable|UpdateEndpoint/.test(change))).toEqual([
      'DeregisterScalableTarget',
      'UpdateEndpoint',
      'RegisterScalableTarget',
    ]);
  });

  it('does not keep an endpoint that failed from being removed', async () => {
    await deploy(handlerWith({ autoscaling }), 1);
    Object.assign(aws.endpoint!, { status: 'Failed' });
    aws.changes.length = 0;
    expect(await deploy(handlerWith({ autoscaling }), 2)).toMatchObject({ action: 'created' });
    expect(aws.changes.indexOf('DeregisterScalableTarget')).toBeLessThan(aws.changes.indexOf('DeleteEndpoint'));
    expect(aws.targets.size).toBe(1);
  });

  it('needs no permission where there never was any', async () => {
    await deploy(handlerWith(), 1);
    aws.errors.set('DescribeScalableTargets', ['AccessDeniedException', 'not authorized']);
    expect(await deploy(handlerWith(), 2)).toMatchObject({ action: 'updated' });
    await deploy(handlerWith({ autoscaling }), 3);
    aws.errors.set('DescribeScalableTargets', ['AccessDeniedException', 'not authorized']);
    await expect(deploy(handlerWith({ autoscaling }), 4)).rejects.toThrow('not authorized');
  });
});

describe('a rollout beside the model that serves', () => {
  const weighted: Partial<EndpointSpec> = { rollout: { strategy: 'weighted', weightPercent: 10 } };

  it('gives the first model all traffic, and the next one its share', async () => {
    const first = await deploy(handlerWith(weighted), 1);
    expect(serving()).toHaveLength(1);
    const second = await deploy(handlerWith(weighted), 2);
    expect(
      serving().map(({ VariantName, ModelName, InitialVariantWeight }) => [
        VariantName,
        ModelName,
        InitialVariantWeight,
      ]),
    ).toEqual([
      ['AllTraffic', first.modelName, 0.9],
      ['Candidate', second.modelName, 0.1],
    ]);
    expect([...aws.models.keys()].sort()).toEqual([first.modelName, second.modelName].sort());
    expect(await deploy(handlerWith(weighted), 2)).toMatchObject({ action: 'unchanged' });
  });

  it('is ended by promoting the new model', async () => {
    const handler = handlerWith(weighted);
    const { modelName } = await deploy(handler, 1, 2);
    expect(await handler({ action: 'promote' })).toMatchObject({ action: 'updated', modelName });
    expect(serving().map(({ VariantName, ModelName }) => [VariantName, ModelName])).toEqual([
      ['AllTraffic', modelName],
    ]);
    expect([...aws.models.keys()]).toEqual([modelName]);
    await expect(handler({ action: 'promote' })).rejects.toThrow(
      /has no candidate to promote; a weighted or shadow rollout makes one/,
    );
    expect(await handler({ action: 'refresh' })).toMatchObject({ action: 'unchanged' });
  });

  it('is ended by discarding the new model', async () => {
    const handler = handlerWith(weighted);
    const first = await deploy(handler, 1);
    await deploy(handler, 2);
    expect(await handler({ action: 'discard' })).toMatchObject({
      action: 'updated',
      modelName: first.modelName,
      endpointConfigName: first.endpointConfigName,
    });
    expect([...aws.models.keys()]).toEqual([first.modelName]);
  });

  it('goes all at once while the variants become others, as SageMaker guards only an update that keeps them', async () => {
    const handler = handlerWith({
      ...weighted,
      deploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } },
    });
    await deploy(handler, 1, 2);
    expect(inputOf('UpdateEndpoint')).not.toHaveProperty('DeploymentConfig');
    await deploy(handler, 3);
    expect(inputOf('UpdateEndpoint')).toHaveProperty('DeploymentConfig');
    await handler({ action: 'promote' });
    expect(inputOf('UpdateEndpoint')).not.toHaveProperty('DeploymentConfig');
  });

  it('takes the place of an earlier candidate', async () => {
    const handler = handlerWith(weighted);
    const first = await deploy(handler, 1);
    const third = await deploy(handler, 2, 3);
    expect(serving().map(({ ModelName }) => ModelName)).toEqual([first.modelName, third.modelName]);
    expect(aws.models.size).toBe(2);
  });

  it('as a shadow has its answers dropped', async () => {
    const shadow: Partial<EndpointSpec> = {
      rollout: { strategy: 'shadow', samplingPercent: 50, InstanceType: 'ml.c7i.large', InitialInstanceCount: 1 },
    };
    const first = await deploy(handlerWith(shadow), 1);
    const second = await deploy(handlerWith(shadow), 2);
    expect(serving().map(({ ModelName }) => ModelName)).toEqual([first.modelName]);
    expect(aws.configs.get(aws.endpoint!.config)!.ShadowProductionVariants).toEqual([
      {
        VariantName: 'Candidate',
        ModelName: second.modelName,
        InitialVariantWeight: 0.5,
        InstanceType: 'ml.c7i.large',
        InitialInstanceCount: 1,
      },
    ]);
    expect(await handlerWith(shadow)({ action: 'promote' })).toMatchObject({
      action: 'updated',
      modelName: second.modelName,
    });
  });
});

describe('what the function is given', () => {
  it('must be an event that it knows', async () => {
    await expect(handlerWith()({ model: 'x' })).rejects.toThrow(
      /the event is of no known form: {"model":"x"}; use {"modelPackageArn": "…"}, or/,
    );
    await expect(handlerWith()(undefined)).rejects.toThrow(/no known form/);
  });

  it('must be a complete environment', async () => {
    const handler = createHandler({
      clients: aws.clients,
      log: () => undefined,
      environment: { ENDPOINT_NAME: 'x'.repeat(46), WAIT_SECONDS: 'soon' },
    });
    await expect(handler({})).rejects.toThrow(
      `the function's environment is wrong: ENDPOINT_NAME "${'x'.repeat(46)}" has 46 characters; use at most 45, so that the names of its models fit; ` +
        'WAIT_SECONDS "soon" is not allowed; use a whole number from 0 to 840; EXECUTION_ROLE_ARN is missing; ENDPOINT_CONFIG is missing',
    );
  });

  it.each([
    ['{', /ENDPOINT_CONFIG is not JSON/],
    [
      '{"hosting":"edge","rollout":{"strategy":"slow"}}',
      /hosting "edge" is not allowed; use one of realtime, serverless, async; ENDPOINT_CONFIG: variant is missing.*rollout.strategy "slow" is not allowed/,
    ],
  ])('must be a document of choices: %s', async (document, message) => {
    await expect(handlerWith({}, { ENDPOINT_CONFIG: document })({ action: 'refresh' })).rejects.toThrow(message);
  });
});
