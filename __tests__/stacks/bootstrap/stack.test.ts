import { outputName } from '@strata/contract';
import {
  BootstrapStack,
  bootstrapConfig,
  bootstrapContract,
  type BootstrapConfigInput,
  type BootstrapStackProps,
} from '@strata/stack-bootstrap';
import { checkConfig } from '@strata/core/config';
import { layerJson, layerSnapshot, readLayer, SHOP_DEV } from '../../support/synth-layer';

type Options = Partial<BootstrapStackProps>;
const json = (options: Options = {}) =>
  layerJson((scope) => new BootstrapStack(scope, 'bootstrap', { ...SHOP_DEV, ...options }));
const synth = (options?: Options) => readLayer(json(options));
const bucket = (options?: Options) => synth(options).resources('aws_s3_bucket')[0];
const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
const s3 = { type: 's3', bucket: 'states-of-shop', region: 'ap-northeast-2' } as const;

describe('ids never change by accident', () => {
  test('with every default', () => {
    expect(layerSnapshot(json())).toMatchSnapshot();
  });

  test('with a KMS key and access logs', () => {
    expect(layerSnapshot(json({ config: { kmsKeyArn, accessLogsBucketName: 'shop-logs' } }))).toMatchSnapshot();
  });
});

test('makes one bucket, which Terraform refuses to destroy whatever the environment says', () => {
  expect(bucket({ deletionProtection: false })).toEqual({
    bucket: 'shop-dev-terraform-state',
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(bucket({ config: { preventDestroy: false, forceDestroy: true } })).toMatchObject({
    force_destroy: true,
    lifecycle: { prevent_destroy: false },
  });
});

test('the bucket is named by the configuration, else by the state, else by project and environment', () => {
  expect(bucket({ state: s3, config: { bucketName: 'chosen' } })).toMatchObject({ bucket: 'chosen' });
  expect(bucket({ state: s3 })).toMatchObject({ bucket: 'states-of-shop' });
  expect(bucket()).toMatchObject({ bucket: 'shop-dev-terraform-state' });
});

test('passes every option on', () => {
  const found = synth({
    config: {
      kmsKeyArn,
      noncurrentVersionsToKeep: 3,
      noncurrentVersionExpirationDays: 10,
      accessLogsBucketName: 'shop-logs',
      accessLogsPrefix: 'state/',
    },
  });
  expect(found.resources('aws_s3_bucket_lifecycle_configuration')).toMatchObject([
    { rule: [{ noncurrent_version_expiration: [{ newer_noncurrent_versions: 3, noncurrent_days: 10 }] }] },
  ]);
  expect(found.resources('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject([
    { rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: kmsKeyArn } }] },
  ]);
  expect(found.resources('aws_s3_bucket_logging')).toMatchObject([
    { target_bucket: 'shop-logs', target_prefix: 'state/' },
  ]);
});

test("every output of the contract is published, under its name, with the contract's version", () => {
  const { outputs } = synth();
  expect(Object.keys(outputs).sort()).toEqual(
    [
      ...Object.keys(bootstrapContract.outputs).map(outputName),
      'contract_name',
      'contract_version',
      'state_backend',
    ].sort(),
  );
  expect(outputs).toMatchObject({
    contract_name: 'bootstrap',
    contract_version: bootstrapContract.version,
    bucket_region: 'ap-northeast-2',
    kms_key_arn: '',
  });
  expect(synth({ config: { kmsKeyArn } }).outputs).toMatchObject({ kms_key_arn: kmsKeyArn });
});

test('tells the state that an environment in the bucket has, and accepts it as its own', () => {
  for (const config of [{}, { kmsKeyArn }]) {
    const state = JSON.parse(String(synth({ config }).outputs.state_backend)) as typeof s3;
    expect(state).toEqual({
      type: 's3',
      bucket: 'shop-dev-terraform-state',
      region: 'ap-northeast-2',
      ...('kmsKeyArn' in config && { kmsKeyId: kmsKeyArn }),
    });
    expect(JSON.parse(json({ state, config }))).toMatchObject({
      terraform: { backend: { s3: { bucket: 'shop-dev-terraform-state', key: 'shop/dev/bootstrap.tfstate' } } },
    });
  }
});

test.each<[string, Options, string]>([
  [
    'another region',
    { state: { ...s3, region: 'us-east-1' } },
    '[bootstrap] state.region: "us-east-1" is not the region of the bucket, "ap-northeast-2"; use the region of the environment for both',
  ],
  [
    'another key',
    { state: { ...s3, kmsKeyId: 'other' }, config: { kmsKeyArn } },
    `state.kmsKeyId: "other" is not the key of the bucket; use "${kmsKeyArn}", or leave it out, as the bucket applies its own`,
  ],
  [
    'a key where the bucket has none',
    { state: { ...s3, kmsKeyId: 'other' } },
    'state.kmsKeyId: "other" is not the key of the bucket, which has none; set kmsKeyArn to the same value, or leave both out',
  ],
])('refuses a state in this bucket with %s', (_, options, message) => {
  expect(() => json(options)).toThrow(message);
});

test('lets the state leave the key to the bucket', () => {
  expect(JSON.parse(json({ state: s3, config: { kmsKeyArn } }))).toMatchObject({
    terraform: { backend: { s3: { bucket: 'states-of-shop' } } },
  });
});

test('lets the state live in another bucket', () => {
  expect(() => json({ state: { ...s3, region: 'us-east-1' }, config: { bucketName: 'another-bucket' } })).not.toThrow();
});

test.each<[unknown, string]>([
  [
    { bucket: 'x' },
    'bootstrap.bucket: unknown key; allowed are bucketName, kmsKeyArn, noncurrentVersionsToKeep, noncurrentVersionExpirationDays, ' +
      'accessLogsBucketName, accessLogsPrefix, preventDestroy, forceDestroy',
  ],
  [
    { bucketName: 'Shop' },
    'bootstrap.bucketName: "Shop" is not allowed; use a bucket name: 3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [
    { kmsKeyArn: 'alias/x' },
    'bootstrap.kmsKeyArn: "alias/x" is not allowed; use the ARN of a KMS key, not of an alias',
  ],
  [{ noncurrentVersionsToKeep: 0 }, 'bootstrap.noncurrentVersionsToKeep: 0 is not allowed; use at least 1'],
  [
    { noncurrentVersionExpirationDays: 4000 },
    'bootstrap.noncurrentVersionExpirationDays: 4000 is not allowed; use at most 3650',
  ],
  [
    { accessLogsPrefix: 'x/' },
    'bootstrap.accessLogsPrefix: "x/" is not allowed; requires accessLogsBucketName; set that too',
  ],
  [
    { forceDestroy: true },
    'bootstrap.forceDestroy: true is not allowed; has no effect while preventDestroy is true; set that to false too',
  ],
])('%j is refused', (config, problem) => {
  expect(checkConfig(bootstrapConfig, config, 'bootstrap').problems).toEqual([expect.stringContaining(problem)]);
  expect(() => json({ config: config as BootstrapConfigInput })).toThrow(problem);
});

test('the layer is tagged with project, environment, layer, version and owner', () => {
  expect(synth().provider.default_tags).toEqual([
    {
      tags: {
        project: 'shop',
        environment: 'dev',
        layer: 'bootstrap',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        owner: 'platform-state',
      },
    },
  ]);
});
