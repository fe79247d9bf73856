import { BootstrapStack, type BootstrapStackProps } from '@strata/stack-bootstrap';
import { layerJson, SHOP_DEV } from '../../support/synth-layer';
import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';

const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
const VARIANTS: Record<string, Partial<BootstrapStackProps>> = {
  'every default': {},
  'its own state in the bucket': { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } },
  'state in HCP Terraform': { state: { type: 'cloud', organization: 'shop' } },
  'every option': {
    config: {
      bucketName: 'shop-state',
      kmsKeyArn,
      accessLogsBucketName: 'shop-logs',
      accessLogsPrefix: 'state/',
      preventDestroy: false,
      forceDestroy: true,
    },
  },
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const stacks = Object.entries(VARIANTS).map(([name, options]) => [
    name,
    layerJson((scope) => new BootstrapStack(scope, 'bootstrap', { ...SHOP_DEV, ...options })),
  ]);
  expect(validateStacks(Object.fromEntries(stacks))).toEqual(
    Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])),
  );
});
