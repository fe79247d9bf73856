import type { StateBackend } from '@strata/state';
import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { computeJson } from './tiny-layers';

const s3 = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;
const BACKENDS: Record<string, StateBackend> = {
  local: { type: 'local' },
  s3: s3,
  's3 with every option': {
    ...s3,
    prefix: 'team/states',
    kmsKeyId: 'arn:aws:kms:ap-northeast-2:123456789012:key/1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d',
    roleArn: 'arn:aws:iam::123456789012:role/state',
  },
  cloud: { type: 'cloud', organization: 'shop-org' },
  'cloud with every option': { type: 'cloud', organization: 'shop-org', hostname: 'tfe.example.com', project: 'shop' },
};

terraformTest('every backend, written and read, is valid for Terraform, without a warning', () => {
  const stacks = Object.fromEntries(Object.entries(BACKENDS).map(([name, backend]) => [name, computeJson(backend)]));
  expect(validateStacks(stacks)).toEqual(Object.fromEntries(Object.keys(BACKENDS).map((name) => [name, []])));
});
