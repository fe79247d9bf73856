import { RegistryStack, type RegistryStackProps } from '@strata/stack-registry';
import { layerJson, SHOP_DEV } from '../../support/synth-layer';
import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';

const VARIANTS: Record<string, Partial<RegistryStackProps>> = {
  'every default': {},
  'state in S3': { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } },
  'state in HCP Terraform': { state: { type: 'cloud', organization: 'shop' } },
  'every option': {
    deletionProtection: false,
    config: {
      repositories: {
        'app-web': {
          imageTagMutability: 'MUTABLE',
          kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
          protectedTagPatterns: ['deployed-*'],
          pullAccountIds: ['210987654321'],
        },
        'app-was': { expireImages: false, scanOnPush: false },
        base: { existing: true, registryId: '210987654321' },
      },
      scanning: {},
      pullThroughCaches: {
        'ecr-public': {},
        hub: {
          upstreamRegistryUrl: 'registry-1.docker.io',
          credentialArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf',
        },
      },
    },
  },
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const stacks = Object.entries(VARIANTS).map(([name, options]) => [
    name,
    layerJson((scope) => new RegistryStack(scope, 'registry', { ...SHOP_DEV, ...options })),
  ]);
  expect(validateStacks(Object.fromEntries(stacks))).toEqual(
    Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])),
  );
});
