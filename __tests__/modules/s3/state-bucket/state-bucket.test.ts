import { PrivateBucket, StateBucket, type StateBucketProps } from '@strata/s3';
import { TerraformVariable } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const base: StateBucketProps = { bucketName: 'shop-terraform-state' };
const withProps = (props: Partial<StateBucketProps>) =>
  synthResources((scope) => new StateBucket(scope, 'state', { ...base, ...props }));
const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234';

test('is versioned, encrypted, private and kept by default', () => {
  const found = withProps({});
  expect(found.one('aws_s3_bucket')).toEqual({
    bucket: 'shop-terraform-state',
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(found.one('aws_s3_bucket_versioning')).toMatchObject({ versioning_configuration: { status: 'Enabled' } });
  expect(found.one('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
  expect(found.one('aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(found.one('aws_s3_bucket_ownership_controls')).toMatchObject({
    rule: { object_ownership: 'BucketOwnerEnforced' },
  });
  expect(found.all('aws_s3_bucket_logging')).toEqual([]);
});

test('keeps 50 former versions whatever their age, others 90 days, and clears up', () => {
  expect(withProps({}).one('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
    {
      id: 'noncurrent-versions',
      status: 'Enabled',
      filter: [{ prefix: '' }],
      noncurrent_version_expiration: [{ newer_noncurrent_versions: 50, noncurrent_days: 90 }],
      expiration: [{ expired_object_delete_marker: true }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    },
  ]);
});

test('denies plain HTTP and TLS before 1.2 to everyone, and allows nothing', () => {
  const { Statement: statements } = withProps({}).document('aws_s3_bucket_policy') as {
    Statement: Record<string, unknown>[];
  };
  expect(
    statements.map(({ Sid, Effect, Principal, Action, Condition }) => ({ Sid, Effect, Principal, Action, Condition })),
  ).toEqual([
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: 'Tls12OrNewer',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    },
  ]);
  const [bucket, objects] = statements[0]!.Resource as string[];
  expect(bucket).toMatch(/^\$\{aws_s3_bucket\.[a-z_A-Z0-9]+\.arn\}$/);
  expect(objects).toBe(`${bucket}/*`);
});

test('with a KMS key encrypts with it through a bucket key, and refuses a write that asks for anything else', () => {
  const found = withProps({ kmsKeyArn });
  expect(found.one('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
    rule: [
      {
        apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: kmsKeyArn },
        bucket_key_enabled: true,
      },
    ],
  });
  expect(found.document('aws_s3_bucket_policy').Statement).toContainEqual({
    Sid: 'KmsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: expect.stringMatching(/\/\*$/),
    Condition: {
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    },
  });
});

test('passes every other option on', () => {
  const found = withProps({
    noncurrentVersionsToKeep: 5,
    noncurrentVersionExpirationDays: 30,
    preventDestroy: false,
    forceDestroy: true,
    tags: { team: 'platform' },
    accessLogsBucketName: 'shop-access-logs',
    accessLogsPrefix: 'state/',
  });
  expect(found.one('aws_s3_bucket')).toEqual({
    bucket: 'shop-terraform-state',
    force_destroy: true,
    lifecycle: { prevent_destroy: false },
    tags: { team: 'platform' },
  });
  expect(found.one('aws_s3_bucket_lifecycle_configuration').rule).toMatchObject([
    { noncurrent_version_expiration: [{ newer_noncurrent_versions: 5, noncurrent_days: 30 }] },
  ]);
  expect(found.one('aws_s3_bucket_logging')).toMatchObject({
    target_bucket: 'shop-access-logs',
    target_prefix: 'state/',
  });
});

test('puts access logs below the name of the bucket they are about', () => {
  expect(withProps({ accessLogsBucketName: 'shop-access-logs' }).one('aws_s3_bucket_logging')).toMatchObject({
    target_prefix: 'shop-terraform-state/',
  });
});

test('its resources can be reached, at the addresses they would have without a bucket in between', () => {
  synthResources((scope) => {
    const { bucket } = new StateBucket(scope, 'state', base);
    expect(bucket).toBeInstanceOf(PrivateBucket);
    expect(bucket.resource.friendlyUniqueId.replace(/[0-9A-F]{8}$/, '')).toBe('state_resource_');
  });
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    expect(
      () =>
        new StateBucket(scope, 'state', {
          bucketName: text,
          kmsKeyArn: text,
          accessLogsBucketName: text,
          noncurrentVersionsToKeep: number,
          noncurrentVersionExpirationDays: number,
        }),
    ).not.toThrow();
  });
});

test.each<[string, Partial<StateBucketProps>, string]>([
  [
    'a short name',
    { bucketName: 'ab' },
    'bucketName: "ab" is not a bucket name; allowed are 3 or more lower-case letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  ['a dot', { bucketName: 'shop.state' }, 'bucketName: "shop.state" is not a bucket name'],
  ['a long name', { bucketName: 'a'.repeat(64) }, 'has 64 characters, a bucket name at most 63; shorten it by 1'],
  [
    'a reserved prefix',
    { bucketName: 'xn--state' },
    'bucketName: "xn--state" starts with "xn--", which AWS reserves; choose another bucket name',
  ],
  [
    'a reserved suffix',
    { bucketName: 'state-s3alias' },
    'bucketName: "state-s3alias" ends with "-s3alias", which AWS reserves; choose another bucket name',
  ],
  [
    'a count',
    { noncurrentVersionsToKeep: 101 },
    'noncurrentVersionsToKeep: 101 is out of range; use a whole number from 1 to 100',
  ],
  [
    'days',
    { noncurrentVersionExpirationDays: 0 },
    'noncurrentVersionExpirationDays: 0 is out of range; use a whole number from 1 to 3650 days',
  ],
  [
    'a key alias',
    { kmsKeyArn: 'alias/state' },
    'kmsKeyArn: "alias/state" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>',
  ],
  ['a logs bucket', { accessLogsBucketName: 'Logs' }, 'accessLogsBucketName: "Logs" is not a bucket name'],
  [
    'itself as logs bucket',
    { accessLogsBucketName: 'shop-terraform-state' },
    'accessLogsBucketName: "shop-terraform-state" is the state bucket itself, whose access logs would be logged again; use another bucket',
  ],
  [
    'a logs prefix alone',
    { accessLogsPrefix: 'x/' },
    'accessLogsPrefix: has no effect without accessLogsBucketName; set a bucket, or leave it out',
  ],
  [
    'half a permission to destroy',
    { forceDestroy: true },
    'forceDestroy: has no effect while preventDestroy is true; set preventDestroy to false too, or leave it out',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});
