import { outputName } from '@strata/contract';
import { mlContract, MlStack } from '@strata/stack-ml';
import { Testing } from 'cdktf';
import { layerSnapshot, SHOP_DEV } from '../../support/synth-layer';
import { json, synth, TRAINING_SOURCE } from './synth';

const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
const MODEL = 's3://shop-models/flowers/1/model.tar.gz';

/** Without what changes with the function's code. */
const snapshot = (text: string): object =>
  layerSnapshot(
    text.replaceAll(/[A-Za-z0-9]{32}\/code\.zip/g, 'code.zip').replace(/("source_code_hash": )"[^"]+"/, '$1"any"'),
  );

const plain = synth();

describe('ids never change by accident', () => {
  test('with every default', () => {
    expect(snapshot(plain.text)).toMatchSnapshot();
  });

  test('with everything that can be switched on', () => {
    expect(
      snapshot(
        json({
          namePrefix: 'all',
          kmsKey: 'create',
          alarmTopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:alarms',
          permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
          modelReaderAccountIds: ['210987654321'],
          training: {
            vpc: true,
            schedules: [
              {
                name: 'weekly',
                scheduleExpression: 'cron(0 3 ? * SUN *)',
                timezone: 'Asia/Seoul',
                parameters: { Epoch: '5' },
              },
            ],
          },
          endpoint: {
            hosting: 'realtime',
            vpc: true,
            dataCapture: true,
            alarms: {},
            initialInstanceCount: 2,
            updateStrategy: 'linear',
            scaling: { minCapacity: 2, maxCapacity: 3 },
            rollout: { strategy: 'weighted', weightPercent: 10 },
          },
        }),
      ),
    ).toMatchSnapshot();
  });
});

test('buckets are versioned and encrypted, and emptied on destroy only without deletion protection', () => {
  expect(
    plain.resources('aws_s3_bucket').map(({ bucket_prefix, force_destroy }) => [bucket_prefix, force_destroy]),
  ).toEqual([
    ['shop-dev-ml-artifacts-', false],
    ['shop-dev-ml-dataset-', false],
  ]);
  expect(plain.resources('aws_s3_bucket_versioning')).toHaveLength(2);
  expect(JSON.stringify(plain.resources('aws_s3_bucket_server_side_encryption_configuration'))).toContain('AES256');
  expect(
    synth({}, { deletionProtection: false })
      .resources('aws_s3_bucket')
      .map(({ force_destroy }) => force_destroy),
  ).toEqual([true, true]);
  expect(
    synth({ datasetBucketName: 'photos', artifactBucketName: 'models' })
      .resources('aws_s3_bucket')
      .map(({ bucket }) => bucket),
  ).toEqual(['models', 'photos']);
});

describe('what SageMaker writes expires', () => {
  const groups = (...options: Parameters<typeof synth>) =>
    synth(...options)
      .resources('aws_cloudwatch_log_group')
      .map(({ name, retention_in_days, skip_destroy }) => [name, retention_in_days, skip_destroy]);

  test('captured data, files of async requests and checkpoints', () => {
    const rules = (config: Parameters<typeof synth>[0]) =>
      synth(config)
        .resources('aws_s3_bucket_lifecycle_configuration')
        .flatMap(({ rule }) => rule as { id: string; expiration?: { days?: number }[] }[])
        .flatMap(({ id, expiration }) => (expiration?.[0]?.days === undefined ? [] : [[id, expiration[0].days]]));
    expect(rules({})).toEqual([
      ['expire-data-capture', 30],
      ['expire-async', 7],
      ['expire-checkpoints', 30],
    ]);
    expect(
      rules({ dataCaptureExpirationDays: 365, asyncExpirationDays: 1, checkpointExpirationDays: 3 }).map(
        ([, days]) => days,
      ),
    ).toEqual([365, 1, 3]);
  });

  test("the log of the endpoint's containers, whoever owns the endpoint", () => {
    expect(groups({ logRetentionDays: 7 })).toContainEqual(['/aws/sagemaker/Endpoints/image-classifier', 7, undefined]);
    const owned = synth({
      endpoint: { owner: 'terraform', image: IMAGE, variants: [{ variantName: 'one', modelDataUrl: MODEL }] },
    });
    expect(owned.one('aws_sagemaker_endpoint').depends_on).toEqual(
      expect.arrayContaining([
        expect.stringContaining('aws_cloudwatch_log_group.logs_endpoint'),
        // SageMaker checks immediately that the role can read the model.
        expect.stringContaining('aws_iam_role_policy.roles_hosting'),
      ]),
    );
    expect(owned.resources('aws_sagemaker_pipeline')[0]!.depends_on).toEqual(
      expect.arrayContaining([expect.stringContaining('aws_s3_object.model-pipelines_no-test-data')]),
    );
  });

  test("the account's shared logs, in the environment that creates them", () => {
    const shared = ['/aws/sagemaker/ProcessingJobs', '/aws/sagemaker/TrainingJobs', '/aws/sagemaker/studio'];
    expect(groups().filter(([name]) => shared.includes(String(name)))).toEqual([]);
    const created = (deletionProtection: boolean) =>
      groups({ accountLogGroups: true }, { deletionProtection })
        .filter(([name]) => shared.includes(String(name)))
        .sort();
    expect(created(true)).toEqual(shared.map((name) => [name, 30, true]));
    expect(created(false)).toEqual(shared.map((name) => [name, 30, false]));
  });
});

describe('training code', () => {
  test("lies in the artifact bucket, packed and as files, without the layer's tags", () => {
    const objects = plain.resources('aws_s3_object');
    expect(objects.map(({ key }) => key).sort()).toEqual([
      'code/source/evaluate.py',
      'code/source/package/__init__.py',
      'code/source/requirements.txt',
      'code/source/train.py',
      'code/sourcedir.tar.gz',
      'no-test-data/no-test-data.json',
    ]);
    for (const object of objects) expect(object.override_provider).toEqual({ default_tags: { tags: {} } });
  });

  test('is what the pipelines run', () => {
    for (const name of ['AppMlPipeline-Train', 'AppMlPipeline-Model', 'AppMlPipeline-Deploy'])
      expect(plain.pipeline(name)).toMatch(/storage_artifacts-bucket_\S+, "\/code\/sourcedir\.tar\.gz/);
    expect(plain.pipeline('AppMlPipeline-Deploy')).toMatch(/storage_artifacts-bucket_\S+, "\/code\/source\/"/);
  });

  test('is expected at the same place where the app hands none over', () => {
    const layer = synth({}, { trainingSourceDirectory: undefined });
    expect(layer.resources('aws_s3_object').map(({ key }) => key)).toEqual(['no-test-data/no-test-data.json']);
    expect(layer.pipeline('AppMlPipeline-Train')).toBe(plain.pipeline('AppMlPipeline-Train'));
  });

  test("can be another folder's; one without the two programs is refused", () => {
    expect(
      synth({ training: { sourceDirectory: TRAINING_SOURCE } }, { trainingSourceDirectory: '/nowhere' }).resources(
        'aws_s3_object',
      ),
    ).toHaveLength(6);
    expect(() => synth({ training: { sourceDirectory: '/nowhere' } })).toThrow(
      'training.sourceDirectory: "/nowhere" has no train.py and no evaluate.py; give the folder that holds train.py and evaluate.py',
    );
  });
});

describe('roles', () => {
  test('training reads datasets and code, and writes models, checkpoints and evaluations', () => {
    const policy = plain.policy('shop-dev-ml-training');
    for (const prefix of ['code/', 'no-test-data/', 'models/', 'checkpoints/', 'evaluations/'])
      expect(policy).toContain(`/${prefix}*`);
    expect(policy).toContain('ecr:ap-northeast-2:763104351884:repository/pytorch-training');
    expect(policy).not.toMatch(/data-capture|ec2:|kms:/);
  });

  test('hosting reads models only, and pulls the image of the registry layer', () => {
    const policy = plain.policy('shop-dev-ml-hosting');
    expect(policy).toContain('/models/*');
    expect(policy).toContain('data.terraform_remote_state.registry.outputs.repositories');
    expect(policy).not.toMatch(/PutObject|ec2:|kms:|sns:/);
  });

  test('captured data, answers, network interfaces and keys are allowed where they are used', () => {
    const layer = synth({
      kmsKey: 'create',
      endpoint: { hosting: 'realtime', dataCapture: true, vpc: true },
      training: { vpc: true },
    });
    for (const role of ['shop-dev-ml-training', 'shop-dev-ml-hosting'])
      expect(layer.policy(role)).toMatch(/ec2:CreateNetworkInterface[^]*kms:|kms:[^]*ec2:CreateNetworkInterface/);
    expect(layer.policy('shop-dev-ml-hosting')).toContain('/data-capture/*');
    const later = synth({
      endpoint: { hosting: 'async', asyncErrorTopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:errors' },
    });
    expect(later.policy('shop-dev-ml-hosting')).toMatch(/async\/answers\/\*[^]*:errors/);
  });

  test('pipelines hand on the two roles and call the one function', () => {
    const policy = plain.policy('shop-dev-ml-pipeline');
    expect(policy).toContain('iam:PassedToService');
    expect(policy.match(/"lambda:InvokeFunction"/g)).toHaveLength(1);
    expect(
      synth({ endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL }] } }).policy(
        'shop-dev-ml-pipeline',
      ),
    ).not.toContain('lambda:');
  });

  test('a boundary is on every one', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
    const roles = synth({
      permissionsBoundaryArn,
      training: { schedules: [{ name: 'weekly', scheduleExpression: 'rate(7 days)' }] },
    }).resources('aws_iam_role');
    expect(roles).toHaveLength(6);
    for (const role of roles) expect(role.permissions_boundary).toBe(permissionsBoundaryArn);
  });
});

describe('an endpoint that the pipeline owns', () => {
  test('is nothing that Terraform makes', () => {
    expect(plain.types.filter((type) => /sagemaker_(endpoint|model$)/.test(type))).toEqual([]);
  });

  test('is made by a function, which is told how', () => {
    const { ENDPOINT_CONFIG, ...told } = plain.environment();
    expect(told).toMatchObject({
      ENDPOINT_NAME: 'image-classifier',
      IMAGE_PARAMETER_NAME: '/shop/dev/images/model-endpoint',
      PROJECT: 'shop',
      ENVIRONMENT: 'dev',
    });
    expect(JSON.parse(ENDPOINT_CONFIG!)).toMatchObject({ hosting: 'serverless', rollout: { strategy: 'replace' } });
    expect(plain.one('aws_lambda_function')).toMatchObject({
      function_name: 'image-classifier-deploy',
      runtime: 'nodejs22.x',
      timeout: 600,
    });
    expect(plain.one('aws_lambda_function_event_invoke_config')).toMatchObject({ maximum_retry_attempts: 0 });
  });

  test("and which approvals and the endpoint's own changes call", () => {
    const patterns = plain
      .resources('aws_cloudwatch_event_rule')
      .map(({ event_pattern }) => JSON.parse(String(event_pattern)) as Record<string, unknown>);
    expect(patterns).toContainEqual(
      expect.objectContaining({
        'detail-type': ['SageMaker Model Package State Change'],
        detail: {
          ModelPackageGroupName: ['shop-dev-image-classifier'],
          ModelApprovalStatus: ['Approved'],
          UpdatedModelPackageFields: ['ModelApprovalStatus'],
        },
      }),
    );
    expect(patterns).toContainEqual(
      expect.objectContaining({
        'detail-type': ['SageMaker Endpoint State Change'],
        detail: { EndpointName: ['image-classifier'] },
      }),
    );
  });

  test('the pipelines ask it for the image, unless one is given', () => {
    const steps = (definition: string) =>
      [...definition.matchAll(/"Name":"(InferenceImage|Train|Evaluate|AccurateEnough|CreateModel)","Type"/g)].map(
        ([, name]) => name,
      );
    expect(steps(plain.pipeline('AppMlPipeline-Deploy'))).toEqual([
      'InferenceImage',
      'Train',
      'Evaluate',
      'AccurateEnough',
    ]);
    expect(steps(plain.pipeline('AppMlPipeline-Model'))).toEqual(['InferenceImage', 'Train', 'CreateModel']);
    const given = synth({ endpoint: { image: IMAGE } });
    expect(steps(given.pipeline('AppMlPipeline-Deploy'))).toEqual(['Train', 'Evaluate', 'AccurateEnough']);
    expect(given.environment()).toMatchObject({ INFERENCE_IMAGE_URI: IMAGE });
    expect(given.environment()).not.toHaveProperty('IMAGE_PARAMETER_NAME');
  });

  test('alarms exist before it does, and take an update back', () => {
    const layer = synth({
      endpoint: { hosting: 'realtime', alarms: { p99ModelLatencySeconds: false } },
      alarmTopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:alarms',
    });
    expect(layer.resources('aws_cloudwatch_metric_alarm').map(({ alarm_name }) => alarm_name)).toEqual(
      expect.arrayContaining(['image-classifier-5xx', 'image-classifier-model-errors']),
    );
    expect(layer.environment().ENDPOINT_CONFIG).toContain('AutoRollbackConfiguration');
    expect(plain.resources('aws_cloudwatch_metric_alarm')).toEqual([]);
  });

  test.each([
    [{ hosting: 'serverless' as const }, 'X86_64'],
    [{ hosting: 'realtime' as const }, 'X86_64'],
    [{ hosting: 'realtime' as const, instanceType: 'ml.g5.xlarge' }, 'X86_64'],
    [{ hosting: 'realtime' as const, instanceType: 'ml.c7g.large' }, 'ARM64'],
    [{ hosting: 'async' as const, instanceType: 'ml.m6gd.large' }, 'ARM64'],
  ])('%j runs on %s', (endpoint, architecture) => {
    expect(synth({ endpoint }).outputs.image_architecture).toBe(architecture);
  });
});

test('an endpoint that Terraform owns: model, configuration and endpoint, and no function or pipeline that deploys', () => {
  const layer = synth({
    endpoint: {
      owner: 'terraform',
      hosting: 'realtime',
      image: IMAGE,
      variants: [
        { variantName: 'a', modelDataUrl: MODEL, weight: 9 },
        { variantName: 'b', modelDataUrl: MODEL },
      ],
      alarms: {},
    },
  });
  expect(layer.resources('aws_sagemaker_model')).toHaveLength(2);
  expect(layer.one('aws_sagemaker_endpoint_configuration').production_variants).toMatchObject([
    { variant_name: 'a', initial_variant_weight: 9 },
    { variant_name: 'b' },
  ]);
  expect(layer.one('aws_sagemaker_endpoint')).toMatchObject({ name: 'image-classifier' });
  expect(layer.resources('aws_lambda_function')).toEqual([]);
  expect(Object.keys(layer.outputs.pipelines as object).sort()).toEqual(['model', 'train']);
  expect(layer.outputs).toMatchObject({ endpoint_owner: 'terraform', deploy_function_name: '' });
  expect(layer.policy('shop-dev-ml-hosting')).toContain(':s3:::shop-models/flowers/1/model.tar.gz*');
});

describe('Studio', () => {
  test('is in the private subnets, with its users; its applications stop when they are not used', () => {
    expect(plain.one('aws_sagemaker_domain')).toMatchObject({
      domain_name: 'app-sagemaker-studio',
      app_network_access_type: 'VpcOnly',
      subnet_ids: '${data.terraform_remote_state.network.outputs.private_subnet_ids}',
      retention_policy: { home_efs_file_system: 'Retain' },
    });
    expect(plain.resources('aws_sagemaker_user_profile').map(({ user_profile_name }) => user_profile_name)).toEqual([
      'ml-engineer',
    ]);
    expect(JSON.stringify(plain.one('aws_sagemaker_domain'))).toContain('"idle_timeout_in_minutes":60');
  });

  test('its home goes with it where nothing is protected, or as chosen', () => {
    const kept = (options: Parameters<typeof synth>) =>
      (synth(...options).one('aws_sagemaker_domain').retention_policy as { home_efs_file_system: string })
        .home_efs_file_system;
    expect(kept([{}, { deletionProtection: false }])).toBe('Delete');
    expect(kept([{ studio: { retainHomeFileSystem: true } }, { deletionProtection: false }])).toBe('Retain');
  });

  test('can be left out, and then the network is not read', () => {
    const layer = synth({ studio: false });
    expect(layer.types).not.toContain('aws_sagemaker_domain');
    expect(Object.keys(layer.outputs.contract_consumes as object)).toEqual(['registry']);
    expect(layer.outputs.studio_domain_id).toBe('');
  });
});

test('a key of the layer, or one that is given, encrypts all', () => {
  const made = synth({ kmsKey: 'create' });
  expect(made.one('aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  expect(made.one('aws_kms_alias').name).toBe('alias/shop-dev-ml');
  const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
  const given = synth({ kmsKeyArn });
  expect(given.types).not.toContain('aws_kms_key');
  expect(given.one('aws_sagemaker_domain').kms_key_id).toBe(kmsKeyArn);
  expect(given.pipeline('AppMlPipeline-Train')).toContain(kmsKeyArn);
  expect(given.outputs.kms_key_arn).toBe(kmsKeyArn);
});

test('jobs in the VPC get the private subnets and a group that nobody reaches', () => {
  const layer = synth({ training: { vpc: true } });
  expect(layer.pipeline('AppMlPipeline-Train')).toContain('VpcConfig');
  expect(
    layer
      .resources('aws_security_group')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['app-sagemaker-studio', 'shop-dev-ml-jobs']);
  expect(plain.pipeline('AppMlPipeline-Train')).not.toContain('VpcConfig');
});

test("training is configured by the defaults of the pipelines' parameters", () => {
  const definition = synth({
    training: {
      epochs: 5,
      batchSize: 16,
      learningRate: 0.01,
      accuracyThreshold: 0.97,
      modelApprovalStatus: 'PendingManualApproval',
      managedSpotTraining: false,
      instanceType: 'ml.g5.xlarge',
    },
  }).pipeline('AppMlPipeline-Deploy');
  for (const [name, value] of Object.entries({
    Epoch: 5,
    BatchSize: 16,
    LearningRate: 0.01,
    AccuracyThreshold: 0.97,
    ModelApprovalStatus: '"PendingManualApproval"',
    TrainingInstanceType: '"ml.g5.xlarge"',
  })) {
    expect(definition).toMatch(
      new RegExp(`"Name":"${name}","Type":"\\w+","DefaultValue":${String(value).replace('.', '\\.')}`),
    );
  }
  expect(definition).toContain('pytorch-training:2.8.0-gpu');
});

test('schedules start their pipeline with parameters', () => {
  const schedule = synth({
    training: { schedules: [{ name: 'weekly', scheduleExpression: 'rate(7 days)', parameters: { Epoch: '5' } }] },
  }).one('aws_scheduler_schedule');
  expect(schedule).toMatchObject({
    name: 'AppMlPipeline-Deploy-weekly',
    schedule_expression: 'rate(7 days)',
    target: { sagemaker_pipeline_parameters: { pipeline_parameter: [{ name: 'Epoch', value: '5' }] } },
  });
});

test("a prefix makes the names differ from another environment's in the account", () => {
  const layer = synth({ namePrefix: 'staging' });
  expect(
    layer
      .resources('aws_sagemaker_pipeline')
      .map(({ pipeline_name }) => pipeline_name)
      .sort(),
  ).toEqual(['staging-AppMlPipeline-Deploy', 'staging-AppMlPipeline-Model', 'staging-AppMlPipeline-Train']);
  expect(layer.one('aws_sagemaker_domain').domain_name).toBe('staging-app-sagemaker-studio');
  expect(layer.one('aws_lambda_function').function_name).toBe('staging-image-classifier-deploy');
  expect(layer.outputs.endpoint_name).toBe('staging-image-classifier');
});

test('what it needs of its neighbours is checked at plan', () => {
  const state = (layer: string, config = {}) =>
    JSON.stringify(
      (JSON.parse(json(config)) as { data: { terraform_remote_state: Record<string, object> } }).data
        .terraform_remote_state[layer],
    );
  expect(state('registry')).toContain(
    'it has no repository \\"model-endpoint\\". Add it to repositories of the registry layer, or name another in imageRepository of this one.',
  );
  expect(state('network')).toContain(
    'the network has no NAT gateway and no VPC endpoints for what Studio, jobs and containers use',
  );
  expect(state('network', { training: { vpc: true } })).toContain(
    'training.vpc is on and the network has no NAT gateway',
  );
});

test("every output of the contract is published, under its name, with the contract's version", () => {
  expect(Object.keys(plain.outputs).sort()).toEqual(
    [
      ...Object.keys(mlContract.outputs).map(outputName),
      'contract_consumes',
      'contract_name',
      'contract_version',
    ].sort(),
  );
  expect(plain.outputs).toMatchObject({
    contract_name: 'ml',
    contract_version: mlContract.version,
    endpoint_owner: 'pipeline',
    endpoint_kind: 'serverless',
    endpoint_name: 'image-classifier',
  });
});

test('the constructs inside stay reachable', () => {
  const stack = new MlStack(Testing.app(), 'ml', { ...SHOP_DEV, trainingSourceDirectory: TRAINING_SOURCE });
  expect(stack.pipelines.pipelines.get('deploy')!.resource.pipelineNameInput).toBe('AppMlPipeline-Deploy');
  expect(stack.deployFunction!.function.resource.functionNameInput).toBe('image-classifier-deploy');
  expect(stack.studio!.userProfiles).toHaveLength(1);
  expect(stack.endpoint).toBeUndefined();
});

test('a region without a known training image needs one that is given', () => {
  expect(() => synth({}, { region: 'xx-north-9' })).toThrow(
    'no Deep Learning Container is known in region "xx-north-9"',
  );
});
