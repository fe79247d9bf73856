import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { json } from './synth';
import type { MlConfigInput } from '@strata/stack-ml';

const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
const MODEL = 's3://shop-models/1/model.tar.gz';
const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:alarms';

// Backends are tried with every layer in __tests__/e2e/every-environment.test.ts.
const VARIANTS: Record<string, MlConfigInput> = {
  'every default': {},
  'every option, a real-time endpoint of the pipeline': {
    namePrefix: 'all',
    kmsKey: 'create',
    alarmTopicArn: TOPIC,
    modelReaderAccountIds: ['210987654321'],
    modelContributorAccountIds: ['310987654321'],
    studio: {
      authMode: 'SSO',
      userProfiles: [{ name: 'kim', ssoUserName: 'kim@example.com' }],
      dockerAccess: true,
      idleTimeoutMinutes: false,
      egressCidrBlocks: ['10.0.0.0/8'],
    },
    training: {
      vpc: true,
      schedules: [{ name: 'weekly', scheduleExpression: 'rate(7 days)', parameters: { Epoch: '3' } }],
    },
    endpoint: {
      hosting: 'realtime',
      vpc: true,
      dataCapture: true,
      alarms: {},
      initialInstanceCount: 2,
      updateStrategy: 'rolling',
      scaling: { minCapacity: 2, maxCapacity: 3 },
      routingStrategy: 'LEAST_OUTSTANDING_REQUESTS',
    },
  },
  'an asynchronous endpoint': {
    endpoint: { hosting: 'async', asyncErrorTopicArn: TOPIC, alarms: {}, scaling: { maxCapacity: 2 } },
  },
  "variants of Terraform's": {
    endpoint: {
      owner: 'terraform',
      hosting: 'realtime',
      image: IMAGE,
      dataCapture: true,
      alarms: {},
      initialInstanceCount: 2,
      updateStrategy: 'canary',
      scaling: { minCapacity: 2, maxCapacity: 3 },
      variants: [
        { variantName: 'a', modelDataUrl: MODEL, weight: 9 },
        { variantName: 'b', modelDataUrl: MODEL },
      ],
    },
  },
  "a shadow of Terraform's": {
    endpoint: {
      owner: 'terraform',
      hosting: 'realtime',
      image: IMAGE,
      variants: [{ modelDataUrl: MODEL }],
      shadowVariant: { variantName: 'shadow', modelDataUrl: MODEL },
    },
  },
  "a serverless endpoint of Terraform's": {
    endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL }] },
  },
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const stacks = Object.entries(VARIANTS).map(([name, config]) => [name, json(config)]);
  expect(validateStacks(Object.fromEntries(stacks))).toEqual(
    Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])),
  );
});
