import {
  endpointConfigOf,
  SageMakerEndpoint,
  type EndpointOptions,
  type SageMakerEndpointProps,
} from '@strata/sagemaker';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';
import { BASE, EVERY_ASYNC_OPTION, EVERY_REALTIME_OPTION, EVERY_SERVERLESS_OPTION } from './options';

const made = (props: Partial<SageMakerEndpointProps> = {}) =>
  synthResources((scope) => {
    const endpoint = new SageMakerEndpoint(scope, 'endpoint', { ...BASE, ...props });
    new TerraformOutput(scope, 'name', { value: endpoint.endpointName });
    new TerraformOutput(scope, 'arn', { value: endpoint.endpointArn });
  });
const variantsOf = (props: Partial<SageMakerEndpointProps>) =>
  made(props).one('aws_sagemaker_endpoint_configuration').production_variants as Record<string, unknown>[];
const deploymentOf = (props: EndpointOptions) => made(props).one('aws_sagemaker_endpoint').deployment_config;

test('the default is serverless, with one model: nothing that costs while nobody asks', () => {
  const found = made();
  expect(found.types).toEqual([
    'aws_sagemaker_endpoint',
    'aws_sagemaker_endpoint_configuration',
    'aws_sagemaker_model',
    'terraform_data',
  ]);
  expect(found.one('aws_sagemaker_model')).toEqual({
    execution_role_arn: 'arn:aws:iam::111122223333:role/hosting',
    primary_container: { image: 'image@sha256:1', model_data_url: 's3://b/m.tar.gz' },
    enable_network_isolation: false,
    tags: { Name: 'shop-classifier-AllTraffic' },
    lifecycle: { create_before_destroy: true },
  });
  expect(found.one('aws_sagemaker_endpoint_configuration')).toEqual({
    name_prefix: 'shop-classifier-',
    lifecycle: { create_before_destroy: true },
    production_variants: [
      {
        variant_name: 'AllTraffic',
        model_name: expect.stringMatching(/^\$\{aws_sagemaker_model\..*\.name\}$/),
        initial_variant_weight: 1,
        serverless_config: { memory_size_in_mb: 2048, max_concurrency: 10 },
      },
    ],
  });
  expect(found.one('aws_sagemaker_endpoint').deployment_config).toBeUndefined();
  expect(found.outputs).toEqual({
    name: expect.stringMatching(/^\$\{aws_sagemaker_endpoint\..*\.name\}$/),
    arn: expect.stringMatching(/^\$\{aws_sagemaker_endpoint\..*\.arn\}$/),
  });
});

test('an update that SageMaker takes back fails the apply; another hosting replaces the endpoint', () => {
  const found = made();
  const {
    name,
    endpoint_config_name: configuration,
    lifecycle,
  } = found.one('aws_sagemaker_endpoint') as {
    name: string;
    endpoint_config_name: string;
    lifecycle: Record<string, unknown>;
  };
  expect(name).toBe('shop-classifier');
  expect(lifecycle).toEqual({
    postcondition: [
      {
        condition: `\${(self.endpoint_config_name == ${configuration.slice(2, -1)})}`,
        error_message: expect.stringMatching(
          /^SageMaker took the update of the endpoint shop-classifier back and serves with the former configuration/,
        ),
      },
    ],
    replace_triggered_by: [expect.stringMatching(/^terraform_data\.[A-Za-z0-9_]+$/)],
  });
  expect(found.one('terraform_data').input).toEqual({ hosting: 'serverless' });
});

test('a long name leaves room for what the provider adds to the prefix', () => {
  const prefix = made({ endpointName: `${'a'.repeat(35)}-${'b'.repeat(27)}` }).one(
    'aws_sagemaker_endpoint_configuration',
  ).name_prefix;
  expect(prefix).toBe(`${'a'.repeat(35)}-`);
});

test('every option of instances', () => {
  const found = made(EVERY_REALTIME_OPTION);
  expect(found.one('aws_sagemaker_model')).toMatchObject({
    primary_container: { environment: { LOG_LEVEL: 'info' } },
    enable_network_isolation: true,
    vpc_config: { subnets: ['subnet-1', 'subnet-2'], security_group_ids: ['sg-1'] },
  });
  expect(found.one('aws_sagemaker_endpoint_configuration')).toMatchObject({
    kms_key_arn: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
    production_variants: [
      {
        instance_type: 'ml.c6i.large',
        initial_instance_count: 2,
        volume_size_in_gb: 20,
        model_data_download_timeout_in_seconds: 600,
        container_startup_health_check_timeout_in_seconds: 600,
        enable_ssm_access: true,
        routing_config: [{ routing_strategy: 'LEAST_OUTSTANDING_REQUESTS' }],
        inference_ami_version: 'al2-ami-sagemaker-inference-gpu-2',
      },
    ],
    data_capture_config: {
      enable_capture: true,
      initial_sampling_percentage: 20,
      destination_s3_uri: 's3://b/captured',
      kms_key_id: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
      capture_options: [{ capture_mode: 'Input' }],
      capture_content_type_header: { json_content_types: ['application/json'] },
    },
  });
});

test('every option of serverless and of async', () => {
  expect(variantsOf(EVERY_SERVERLESS_OPTION)).toMatchObject([
    { serverless_config: { memory_size_in_mb: 3072, max_concurrency: 20, provisioned_concurrency: 2 } },
  ]);
  expect(made(EVERY_ASYNC_OPTION).one('aws_sagemaker_endpoint_configuration').async_inference_config).toEqual({
    client_config: { max_concurrent_invocations_per_instance: 4 },
    output_config: {
      s3_output_path: 's3://b/answers',
      s3_failure_path: 's3://b/failures',
      kms_key_id: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
      notification_config: {
        success_topic: 'arn:aws:sns:ap-northeast-2:111122223333:ok',
        error_topic: 'arn:aws:sns:ap-northeast-2:111122223333:bad',
      },
    },
  });
});

test('several models share the requests, each with a model resource, environment and instances of its own', () => {
  const variants = [
    { variantName: 'Main', image: 'i1', weight: 9, environment: { A: '1' } },
    { variantName: 'Other', image: 'i2', instanceType: 'ml.c5.large', initialInstanceCount: 3 },
  ];
  const found = made({ hosting: 'realtime', environment: { B: '2' }, variants });
  expect(found.one('aws_sagemaker_endpoint_configuration').production_variants).toMatchObject([
    { variant_name: 'Main', initial_variant_weight: 9, instance_type: 'ml.m5.large', initial_instance_count: 1 },
    { variant_name: 'Other', initial_variant_weight: 1, instance_type: 'ml.c5.large', initial_instance_count: 3 },
  ]);
  expect(found.all('aws_sagemaker_model').map((model) => model.primary_container)).toEqual([
    { image: 'i1', environment: { A: '1', B: '2' } },
    { image: 'i2', environment: { B: '2' } },
  ]);
});

test('a shadow variant gets a copy of the requests', () => {
  expect(
    made({ hosting: 'realtime', shadowVariant: { variantName: 'Shadow', image: 'i', weight: 0.5 } }).one(
      'aws_sagemaker_endpoint_configuration',
    ).shadow_production_variants,
  ).toMatchObject([{ variant_name: 'Shadow', initial_variant_weight: 0.5, instance_type: 'ml.m5.large' }]);
});

describe('updates', () => {
  const shifting = (type: string, more: object = {}) => ({
    blue_green_update_policy: {
      traffic_routing_configuration: { type, wait_interval_in_seconds: 0, ...more },
      termination_wait_in_seconds: 0,
    },
  });
  const percent = (value: number) => ({ type: 'CAPACITY_PERCENT', value });

  test.each<[string, EndpointOptions, object]>([
    ['all at once by default', {}, shifting('ALL_AT_ONCE')],
    [
      'by a canary',
      { initialInstanceCount: 2, updateStrategy: 'canary' },
      shifting('CANARY', { canary_size: percent(10) }),
    ],
    [
      'in steps',
      { initialInstanceCount: 2, updateStrategy: 'linear', updateStepPercent: 50 },
      shifting('LINEAR', { linear_step_size: percent(50) }),
    ],
    [
      'instance by instance',
      { initialInstanceCount: 2, updateStrategy: 'rolling', updateWaitSeconds: 60 },
      { rolling_update_policy: { maximum_batch_size: percent(25), wait_interval_in_seconds: 60 } },
    ],
  ])('go %s', (_, options, expected) => {
    expect(deploymentOf({ hosting: 'realtime', ...options })).toEqual(expected);
  });

  test('wait for alarms where there are any, whoever made them', () => {
    expect(deploymentOf({ hosting: 'realtime', rollbackAlarmNames: ['alarm-1'] })).toMatchObject({
      blue_green_update_policy: { traffic_routing_configuration: { wait_interval_in_seconds: 300 } },
    });
    const made = { hosting: 'realtime', initialInstanceCount: 2, alarms: {}, updateStrategy: 'linear' } as const;
    expect(deploymentOf(made)).toMatchObject({
      blue_green_update_policy: { traffic_routing_configuration: { wait_interval_in_seconds: 300 } },
    });
    expect(() => deploymentOf({ ...made, updateTimeoutSeconds: 1200 })).toThrow(
      'updateTimeoutSeconds: 1200 seconds are over before the update has waited 1200',
    );
  });

  test('wait, end, and are taken back as told', () => {
    expect(deploymentOf(EVERY_REALTIME_OPTION)).toEqual({
      auto_rollback_configuration: { alarms: [{ alarm_name: 'alarm-1' }] },
      blue_green_update_policy: {
        traffic_routing_configuration: { type: 'CANARY', wait_interval_in_seconds: 120, canary_size: percent(20) },
        termination_wait_in_seconds: 60,
        maximum_execution_timeout_in_seconds: 3600,
      },
    });
    expect(
      deploymentOf({
        hosting: 'async',
        asyncOutputS3Uri: 's3://b/a',
        initialInstanceCount: 2,
        updateStrategy: 'rolling',
        updateTimeoutSeconds: 7200,
      }),
    ).toMatchObject({
      rolling_update_policy: { maximum_execution_timeout_in_seconds: 7200 },
    });
  });

  test('are taken back on the alarms made here too, where the hosting can', () => {
    const named = made({
      hosting: 'realtime',
      alarms: { topicArn: 'arn:aws:sns:r:1:t' },
      rollbackAlarmNames: ['mine'],
    });
    const alarms = (
      named.one('aws_sagemaker_endpoint') as {
        deployment_config: { auto_rollback_configuration: { alarms: { alarm_name: string }[] } };
      }
    ).deployment_config.auto_rollback_configuration.alarms;
    expect(alarms.map(({ alarm_name: name }) => name.replace(/_[0-9A-F]{8}/, ''))).toEqual([
      'mine',
      '${aws_cloudwatch_metric_alarm.endpoint_alarms_5xx.alarm_name}',
      '${aws_cloudwatch_metric_alarm.endpoint_alarms_model-errors.alarm_name}',
      '${aws_cloudwatch_metric_alarm.endpoint_alarms_model-latency.alarm_name}',
    ]);
    const serverless = made({ alarms: {} });
    expect(serverless.all('aws_cloudwatch_metric_alarm')).toHaveLength(3);
    expect(serverless.one('aws_sagemaker_endpoint').deployment_config).toBeUndefined();
  });
});

describe('scaling', () => {
  test('of real-time instances holds requests for each', () => {
    const found = made(EVERY_REALTIME_OPTION);
    expect(found.one('aws_appautoscaling_target')).toMatchObject({
      service_namespace: 'sagemaker',
      scalable_dimension: 'sagemaker:variant:DesiredInstanceCount',
      min_capacity: 2,
      max_capacity: 6,
      resource_id: expect.stringMatching(/^endpoint\/\$\{aws_sagemaker_endpoint\..*\.name\}\/variant\/AllTraffic$/),
    });
    expect(found.one('aws_appautoscaling_policy')).toMatchObject({
      name: 'shop-classifier-invocations',
      policy_type: 'TargetTrackingScaling',
      target_tracking_scaling_policy_configuration: {
        target_value: 500,
        predefined_metric_specification: { predefined_metric_type: 'SageMakerVariantInvocationsPerInstance' },
        scale_in_cooldown: 900,
        scale_out_cooldown: 60,
      },
    });
  });

  test('takes a variant and its policies out of scaling when its instance type changes, as SageMaker refuses the update otherwise, and with its endpoint', () => {
    const found = made(EVERY_REALTIME_OPTION);
    const triggers = [
      expect.stringMatching(/^terraform_data\.endpoint_scaling-AllTraffic_\w+$/),
      expect.stringMatching(/^aws_sagemaker_endpoint\.\w+\.id$/),
    ];
    expect(found.one('aws_appautoscaling_target').lifecycle).toEqual({ replace_triggered_by: triggers });
    expect(found.one('aws_appautoscaling_policy').lifecycle).toEqual({ replace_triggered_by: triggers });
    expect(found.all('terraform_data').map(({ input }) => input)).toEqual([
      { hosting: 'realtime' },
      { instanceType: 'ml.c6i.large' },
    ]);
  });

  test('of an asynchronous endpoint goes to zero, and an alarm starts the first instance', () => {
    const found = made(EVERY_ASYNC_OPTION);
    expect(found.one('aws_appautoscaling_target')).toMatchObject({ min_capacity: 0, max_capacity: 3 });
    const [fromZero, target] = found.all('aws_appautoscaling_policy');
    expect(target).toMatchObject({
      target_tracking_scaling_policy_configuration: {
        target_value: 2,
        customized_metric_specification: {
          metric_name: 'ApproximateBacklogSizePerInstance',
          namespace: 'AWS/SageMaker',
          statistic: 'Average',
          dimensions: [{ name: 'EndpointName', value: 'shop-classifier' }],
        },
      },
    });
    expect(fromZero).toMatchObject({
      policy_type: 'StepScaling',
      step_scaling_policy_configuration: {
        adjustment_type: 'ChangeInCapacity',
        step_adjustment: [{ metric_interval_lower_bound: '0', scaling_adjustment: 1 }],
      },
    });
    expect(found.one('aws_cloudwatch_metric_alarm')).toMatchObject({
      alarm_name: 'shop-classifier-backlog-without-capacity',
      metric_name: 'HasBacklogWithoutCapacity',
      threshold: 1,
      alarm_actions: [expect.stringMatching(/^\$\{aws_appautoscaling_policy\..*from-zero.*\.arn\}$/)],
    });
    expect(
      made({ ...EVERY_ASYNC_OPTION, scaling: { minCapacity: 1, maxCapacity: 2 } }).all('aws_cloudwatch_metric_alarm'),
    ).toEqual([]);
  });

  test('of a serverless endpoint holds the use of its provisioned concurrency', () => {
    const found = made(EVERY_SERVERLESS_OPTION);
    expect(found.one('aws_appautoscaling_target')).toMatchObject({
      scalable_dimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
      min_capacity: 2,
      max_capacity: 10,
    });
    expect(found.one('aws_appautoscaling_policy')).toMatchObject({
      target_tracking_scaling_policy_configuration: {
        target_value: 0.5,
        predefined_metric_specification: {
          predefined_metric_type: 'SageMakerVariantProvisionedConcurrencyUtilization',
        },
      },
    });
  });

  test('of several variants is one each, under names of their own', () => {
    const found = made({
      hosting: 'realtime',
      variants: [
        { variantName: 'A', image: 'i' },
        { variantName: 'B', image: 'i' },
      ],
      scaling: { maxCapacity: 2 },
    });
    expect(found.all('aws_appautoscaling_policy').map(({ name }) => name)).toEqual([
      'shop-classifier-invocations-A',
      'shop-classifier-invocations-B',
    ]);
  });
});

// The two ways to own an endpoint must not drift apart: what Terraform makes is what the document asks of the API.
test.each([
  ['realtime', EVERY_REALTIME_OPTION],
  ['async', EVERY_ASYNC_OPTION],
  ['serverless', EVERY_SERVERLESS_OPTION],
])('the document of a %s endpoint says what Terraform would make', (_, options) => {
  const document = endpointConfigOf(BASE.endpointName, options);
  const found = made(options);
  const configuration = found.one('aws_sagemaker_endpoint_configuration') as {
    production_variants: Record<string, unknown>[];
  } & Record<string, unknown>;
  const {
    variant_name: _name,
    model_name: _model,
    initial_variant_weight: _weight,
    ...variant
  } = configuration.production_variants[0]!;
  expect(snakeCase(document.variant)).toEqual({
    ...variant,
    ...(variant.routing_config !== undefined && { routing_config: (variant.routing_config as unknown[])[0] }),
  });
  const { kms_key_id: key, ...config } = snakeCase(document.endpointConfig) as Record<string, unknown>;
  expect({ kms_key_arn: key, ...config }).toEqual({
    kms_key_arn: configuration.kms_key_arn,
    ...(configuration.data_capture_config !== undefined && { data_capture_config: configuration.data_capture_config }),
    ...(configuration.async_inference_config !== undefined && {
      async_inference_config: configuration.async_inference_config,
    }),
  });
  expect(snakeCase(document.deploymentConfig)).toEqual(found.one('aws_sagemaker_endpoint').deployment_config);
  expect(document.autoscaling!.policies.map(({ PolicyName }) => PolicyName).sort()).toEqual(
    found
      .all('aws_appautoscaling_policy')
      .map(({ name }) => name)
      .sort(),
  );
});

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key
        .replace('SizeInGB', 'SizeInGb')
        .replace('SizeInMB', 'SizeInMb')
        .replace('SSM', 'Ssm')
        .replace(/(?<!^)([A-Z]|3)/g, '_$1')
        .replaceAll('s_3', 's3')
        .replaceAll('S_3', 'S3')
        .toLowerCase(),
      snakeCase(v),
    ]),
  );
}

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    const list = new TerraformVariable(scope, 'list', { type: 'list(string)' }).listValue as string[];
    expect(
      () =>
        new SageMakerEndpoint(scope, 'endpoint', {
          endpointName: text,
          executionRoleArn: text,
          hosting: 'async',
          variants: [{ image: text, modelDataUrl: text, weight: number }],
          kmsKeyArn: text,
          subnetIds: list,
          securityGroupIds: list,
          instanceType: text,
          initialInstanceCount: number,
          asyncOutputS3Uri: text,
          dataCaptureS3Uri: text,
          dataCapturePercent: number,
          scaling: { minCapacity: number, maxCapacity: number },
        }),
    ).not.toThrow();
  });
});

const realtime = { hosting: 'realtime' } as const;

test.each<[string, Partial<SageMakerEndpointProps>, string]>([
  ['a name', { endpointName: 'a_b' }, 'endpointName: "a_b" is not a SageMaker endpoint name'],
  [
    'an option',
    { serverlessMemoryMiB: 1000 },
    'serverlessMemoryMiB: 1000 is not allowed; use one of 1024, 2048, 3072, 4096, 5120, 6144',
  ],
  ['no variant', { variants: [] }, 'variants: 0 are given; use 1 to 10'],
  [
    'variants of serverless',
    { variants: [{ image: 'i' }, { variantName: 'B', image: 'i' }] },
    'variants: a serverless endpoint has one, not 2; use hosting "realtime" to share requests',
  ],
  [
    'two variants of a name',
    { ...realtime, variants: [{ image: 'i' }, { image: 'i' }] },
    'variants[1].variantName: "AllTraffic" is used twice; give each variant its own name',
  ],
  [
    'a variant name',
    { variants: [{ variantName: 'a b', image: 'i' }] },
    'variants[0].variantName: "a b" is not a variant name',
  ],
  ['an image', { variants: [{ image: '' }] }, 'variants[0].image: "" is not an image'],
  [
    'a model',
    { variants: [{ image: 'i', modelDataUrl: 'model.tar.gz' }] },
    'variants[0].modelDataUrl: "model.tar.gz" is not a place in S3; write s3://<bucket>/<key>/model.tar.gz',
  ],
  ['a weight', { variants: [{ image: 'i', weight: -1 }] }, 'variants[0].weight: -1 is out of range; use 0 or more'],
  [
    'no weight',
    { variants: [{ image: 'i', weight: 0 }] },
    'variants: no weight is above 0, so no model is asked; give one at least 1',
  ],
  [
    'instances of a serverless variant',
    { variants: [{ image: 'i', instanceType: 'ml.m5.large' }] },
    'variants[0].instanceType: a serverless endpoint has no instances to configure',
  ],
  [
    'an instance type',
    { ...realtime, variants: [{ image: 'i', instanceType: 'm5.large' }] },
    'variants[0].instanceType: "m5.large" is not an instance type of SageMaker; use one such as ml.m5.large',
  ],
  [
    'rolling with variants',
    {
      ...realtime,
      initialInstanceCount: 2,
      updateStrategy: 'rolling',
      variants: [{ image: 'i' }, { variantName: 'B', image: 'i' }],
    },
    'updateStrategy: SageMaker does not update an endpoint with several variants in a rolling way',
  ],
  [
    'a shadow of serverless',
    { shadowVariant: { variantName: 'S', image: 'i' } },
    'shadowVariant: it is for hosting "realtime", not "serverless"; leave it out, or change the hosting',
  ],
  [
    'a shadow of many',
    {
      ...realtime,
      variants: [{ image: 'i' }, { variantName: 'B', image: 'i' }],
      shadowVariant: { variantName: 'S', image: 'i' },
    },
    'shadowVariant: SageMaker takes it beside one variant, not 2; leave the others out',
  ],
  [
    'many alarms',
    { ...realtime, alarms: {}, rollbackAlarmNames: Array.from({ length: 8 }, (_, i) => `a${i}`) },
    'rollbackAlarmNames: with those made by alarms there are up to 11, SageMaker takes at most 10',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => made(props)).toThrow(message);
});
