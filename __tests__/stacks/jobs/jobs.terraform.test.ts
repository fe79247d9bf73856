import { JobsStack, type JobsConfigInput } from '@strata/stack-jobs';
import { layerJson, SHOP_DEV } from '../../support/synth-layer';
import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';

const KMS_KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1a2b3c4d-0000-1111-2222-333344445555';

const VARIANTS: Record<string, JobsConfigInput> = {
  'one kind': { kinds: { sentiment: {} } },
  'tokens, Aurora, a key and two kinds': {
    api: {
      auth: 'jwt',
      issuer: 'https://login.example.com',
      audience: ['shop'],
      corsOrigins: ['https://shop.example.com'],
    },
    database: { kind: 'aurora-serverless', multiAz: true },
    kmsKeyArn: KMS_KEY,
    namePrefix: 'blue',
    kinds: { sentiment: { spotPercent: 100 }, summary: { minWorkers: 1, cpu: 2048, memoryMiB: 8192 } },
  },
  'a database that exists': {
    database: {
      kind: 'imported',
      endpoint: 'db.example.com',
      databaseName: 'shop',
      resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      securityGroupId: 'sg-0f1e2d3c4b5a69788',
      maxConnections: 200,
    },
    kinds: { sentiment: {} },
  },
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const stacks = Object.entries(VARIANTS).map(([name, config]) => [
    name,
    layerJson((scope) => new JobsStack(scope, 'jobs', { ...SHOP_DEV, config })),
  ]);
  expect(validateStacks(Object.fromEntries(stacks))).toEqual(
    Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])),
  );
});
