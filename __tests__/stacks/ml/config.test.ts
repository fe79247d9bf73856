import { mlConfig, type MlConfigInput } from '@strata/stack-ml';
import { endpointNameOf, endpointNeeds } from '@strata/stack-ml/config';
import { requiredEndpoints } from '@strata/core/rules';

const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
const MODEL = 's3://shop-models/1/model.tar.gz';
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';

test('asks for nothing: a serverless endpoint that the pipeline owns, a Studio with one profile', () => {
  expect(mlConfig.parse({})).toMatchObject({
    endpointName: 'image-classifier',
    imageRepository: 'model-endpoint',
    kmsKey: 'aws',
    endpoint: {
      owner: 'pipeline',
      hosting: 'serverless',
      vpc: false,
      dataCapture: false,
      alarms: false,
      rollout: { strategy: 'replace' },
    },
    training: { managedSpotTraining: true, accuracyThreshold: 0.9, modelApprovalStatus: 'Approved', vpc: false },
    studio: {
      domainName: 'app-sagemaker-studio',
      userProfiles: ['ml-engineer'],
      networkAccess: 'VpcOnly',
      idleTimeoutMinutes: 60,
    },
  });
});

test.each<[string, MlConfigInput]>([
  [
    'a real-time endpoint with all that it can have',
    {
      endpoint: {
        hosting: 'realtime',
        instanceType: 'ml.c7g.large',
        initialInstanceCount: 2,
        vpc: true,
        dataCapture: true,
        dataCapturePercent: 20,
        dataCaptureModes: ['Output'],
        alarms: { max5xxPercent: 2 },
        updateStrategy: 'canary',
        updateStepPercent: 20,
        rollout: { strategy: 'shadow', samplingPercent: 50 },
        scaling: { minCapacity: 2, maxCapacity: 4 },
        enableNetworkIsolation: false,
      },
    },
  ],
  [
    'an asynchronous one that scales to zero',
    {
      endpoint: {
        hosting: 'async',
        scaling: { maxCapacity: 2 },
        asyncErrorTopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:errors',
      },
    },
  ],
  [
    'a serverless one that is kept warm',
    { endpoint: { serverlessMemoryMiB: 4096, serverlessMaxConcurrency: 20, serverlessProvisionedConcurrency: 2 } },
  ],
  [
    "one of Terraform's",
    {
      endpoint: {
        owner: 'terraform',
        hosting: 'realtime',
        image: IMAGE,
        variants: [
          { variantName: 'a', modelDataUrl: MODEL, weight: 9 },
          { variantName: 'b', modelDataUrl: MODEL },
        ],
      },
    },
  ],
  [
    'no Studio, a key, schedules',
    {
      studio: false,
      kmsKey: 'create',
      training: {
        schedules: [{ name: 'weekly', scheduleExpression: 'cron(0 3 ? * SUN *)' }],
        vpc: true,
        instanceType: 'ml.g5.xlarge',
      },
    },
  ],
  ['Identity Center', { studio: { authMode: 'SSO', userProfiles: [{ name: 'kim', ssoUserName: 'kim@example.com' }] } }],
])('accepts %s', (_, config) => {
  expect(mlConfig.safeParse(config).error).toBeUndefined();
});

test.each<[MlConfigInput, string]>([
  [{ endpointName: 'Flowers' }, 'endpointName: use lower-case letters'],
  [{ endpointName: 'f'.repeat(46) }, 'endpointName: it has 46 characters; use at most 45'],
  [
    { namePrefix: 'staging', endpointName: 'f'.repeat(40) },
    'endpointName: it has 48 characters with namePrefix; use at most 45',
  ],
  [{ namePrefix: 'Stage' }, 'namePrefix: use 1 to 12'],
  [{ kmsKey: 'create', kmsKeyArn: KEY }, 'kmsKeyArn: it is set and kmsKey is "create"; leave one of the two out'],
  [{ logRetentionDays: 8 }, 'logRetentionDays: it is '],
  [
    { checkpointExpirationDays: 1 },
    'checkpointExpirationDays: training may take 1 days and go on from a checkpoint as old; use 2 or more, or lower ',
  ],
  [{ datasetBucketName: 'Photos' }, 'datasetBucketName: use a bucket name'],
  [{ modelReaderAccountIds: ['1'] }, 'modelReaderAccountIds.0: use an AWS account id'],
  [{ endpoint: { hosting: 'serverless', vpc: true } }, 'endpoint.vpc: '],
  [{ endpoint: { hosting: 'serverless', dataCapture: true } }, 'endpoint.dataCapture: '],
  [{ endpoint: { hosting: 'serverless', instanceType: 'ml.m5.large' } }, 'endpoint.instanceType: '],
  [{ endpoint: { hosting: 'realtime', serverlessMemoryMiB: 2048 } }, 'endpoint.serverlessMemoryMiB: '],
  [{ endpoint: { serverlessMemoryMiB: 2000 } }, 'endpoint.serverlessMemoryMiB: '],
  [{ endpoint: { serverlessMaxConcurrency: 201 } }, 'endpoint.serverlessMaxConcurrency: '],
  [
    { endpoint: { hosting: 'realtime', scaling: { minCapacity: 0, maxCapacity: 2 } } },
    'endpoint.scaling.minCapacity: ',
  ],
  [
    {
      endpoint: {
        hosting: 'realtime',
        initialInstanceCount: 2,
        alarms: {},
        updateStrategy: 'canary',
        updateTimeoutSeconds: 600,
      },
    },
    'endpoint.updateTimeoutSeconds: 600 seconds are over before the update has waited 600',
  ],
  [{ endpoint: { rollout: { strategy: 'shadow', samplingPercent: 10 } } }, 'endpoint.rollout.strategy: '],
  [
    { endpoint: { hosting: 'realtime', rollout: { strategy: 'weighted', weightPercent: 100 } } },
    'endpoint.rollout.weightPercent: ',
  ],
  [{ endpoint: { owner: 'terraform', image: IMAGE } }, 'endpoint.variants: it is missing'],
  [
    { endpoint: { owner: 'terraform', variants: [{ modelDataUrl: MODEL }] } },
    'endpoint.variants.0.image: it is missing',
  ],
  [
    {
      endpoint: {
        owner: 'terraform',
        hosting: 'realtime',
        image: IMAGE,
        variants: [{ modelDataUrl: MODEL }],
        rollout: { strategy: 'weighted', weightPercent: 5 },
      },
    },
    'endpoint.rollout: "weighted" is the pipeline\'s way',
  ],
  [{ endpoint: { variants: [{ modelDataUrl: MODEL }] } }, "endpoint.variants: which model serves is the pipeline's"],
  [
    { endpoint: { shadowVariant: { modelDataUrl: MODEL } } },
    'endpoint.shadowVariant: with owner "pipeline" use rollout',
  ],
  [
    {
      endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL }] },
      training: { schedules: [{ name: 'w', scheduleExpression: 'rate(7 days)' }] },
    },
    'training.schedules.0.pipeline: there is no such pipeline where Terraform owns the endpoint',
  ],
  [{ endpoint: { image: 'nginx:latest' } }, 'endpoint.image: use an image in ECR'],
  [
    { training: { maxWaitTimeSeconds: 60 } },
    'training.maxWaitTimeSeconds: it is the training and the waits together; use maxRuntimeSeconds (14400) or more',
  ],
  [{ training: { trainDataUri: '/photos' } }, 'training.trainDataUri: use s3://'],
  [{ training: { instanceType: 'm5.xlarge' } }, 'training.instanceType: use an instance type of SageMaker'],
  [{ training: { accuracyThreshold: 98 } }, 'training.accuracyThreshold: '],
  [{ studio: { idleTimeoutMinutes: 30 } }, 'studio'],
  [{ studio: { userProfiles: ['a b'] } }, 'studio'],
  [
    { studio: { authMode: 'SSO', userProfiles: ['kim'] } },
    'studio.userProfiles.0: write { "name": "kim", "ssoUserName": "..." }; with authMode "SSO" each profile belongs to',
  ],
  [{ studio: { authMode: 'SSO' } }, 'studio.userProfiles.0: write { "name": "ml-engineer", "ssoUserName": "..." }'],
  [
    { studio: { authMode: 'SSO', userProfiles: [{ name: 'kim' }] } },
    'studio.userProfiles.0.ssoUserName: is missing; with authMode "SSO" each profile belongs to a user',
  ],
  [
    { studio: { userProfiles: ['lee', { name: 'kim', ssoUserName: 'kim@example.com' }] } },
    'studio.userProfiles.1.ssoUserName: has no effect while authMode is "IAM"',
  ],
  [
    { studio: { userProfiles: ['kim', { name: 'kim' }] } },
    'studio.userProfiles.1.name: "kim" is used twice; give each profile its own name',
  ],
  [{ studio: { userProfiles: ['kim', 'kim'] } }, 'studio.userProfiles.1: "kim" is used twice'],
  [
    { studio: { spaceVolumeGiB: 20, maxSpaceVolumeGiB: 10 } },
    'studio.maxSpaceVolumeGiB: 10 is below spaceVolumeGiB 20; raise it, or lower spaceVolumeGiB',
  ],
])('%j is refused', (config, message) => {
  const problems =
    mlConfig.safeParse(config).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  expect(problems).toEqual([expect.stringContaining(message)]);
});

test('the endpoint is called by its name with the prefix', () => {
  expect(endpointNameOf(mlConfig.parse({}))).toBe('image-classifier');
  expect(endpointNameOf(mlConfig.parse({ namePrefix: 'staging', endpointName: 'flowers' }))).toBe('staging-flowers');
});

describe('a network without NAT gateway gets the VPC endpoints for', () => {
  const needed = (config: MlConfigInput) => requiredEndpoints(...endpointNeeds(mlConfig.parse(config)));

  test('Studio', () => {
    expect(needed({})).toEqual({
      gateway: ['s3'],
      interface: ['ecr.api', 'ecr.dkr', 'logs', 'sagemaker.api', 'sagemaker.runtime', 'sts'],
      unknown: [],
    });
  });

  test('shells in the containers', () => {
    const shell = { endpoint: { hosting: 'realtime', vpc: true, enableSsmAccess: true } } as const;
    expect(needed(shell).interface).toContain('ssmmessages');
  });

  test('jobs and containers', () => {
    expect(needed({ studio: false, training: { vpc: true } })).toEqual({
      gateway: ['s3'],
      interface: ['ecr.api', 'ecr.dkr', 'logs', 'monitoring'],
      unknown: [],
    });
  });

  test('nothing, where nothing is in it', () => {
    expect(needed({ studio: { networkAccess: 'PublicInternetOnly' } })).toEqual({
      gateway: [],
      interface: [],
      unknown: [],
    });
  });
});
