import {
  PrivateBucket,
  checkPrivateBucketProps,
  type BucketPolicyStatement,
  type PrivateBucketProps,
} from '@strata/s3';
import { Problems } from '@strata/core';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const base: PrivateBucketProps = { bucketName: 'shop-data' };
const withProps = (props: Partial<PrivateBucketProps>) =>
  synthResources((scope) => new PrivateBucket(scope, 'data', { ...base, ...props }));
const statementsOf = (props: Partial<PrivateBucketProps>) =>
  withProps(props).document('aws_s3_bucket_policy').Statement as BucketPolicyStatement[];
const ruleOf = (props: Partial<PrivateBucketProps>) =>
  withProps(props).one('aws_s3_bucket_lifecycle_configuration').rule;
const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234';
const rule = {
  status: 'Enabled',
  filter: [{ prefix: '' }],
  abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
};

test('is encrypted, private and unversioned by default', () => {
  const found = withProps({});
  expect(found.one('aws_s3_bucket')).toEqual({ bucket: 'shop-data', force_destroy: false });
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
  expect(found.all('aws_s3_bucket_versioning')).toEqual([]);
  expect(found.all('aws_s3_bucket_logging')).toEqual([]);
});

test('its resources are all about the one bucket, which it names; the policy waits for the public access block', () => {
  const found = synthResources((scope) => {
    const data = new PrivateBucket(scope, 'Default', { ...base, versioning: true, accessLogsBucketName: 'shop-logs' });
    new TerraformOutput(scope, 'name', { value: data.bucketName });
    new TerraformOutput(scope, 'arn', { value: data.bucketArn });
  });
  expect(found.outputs).toEqual({ name: '${aws_s3_bucket.resource.id}', arn: '${aws_s3_bucket.resource.arn}' });
  const parts = found.types.filter((type) => type !== 'aws_s3_bucket');
  expect(parts).toHaveLength(7);
  for (const type of parts) expect(found.one(type)).toMatchObject({ bucket: '${aws_s3_bucket.resource.id}' });
  expect(found.one('aws_s3_bucket_policy').depends_on).toEqual([
    'aws_s3_bucket_public_access_block.public-access-block',
  ]);
  expect(found.one('aws_s3_bucket_lifecycle_configuration').depends_on).toEqual([
    'aws_s3_bucket_versioning.versioning',
  ]);
});

test('takes the start of a name instead of a name', () => {
  expect(withProps({ bucketName: undefined, bucketNamePrefix: 'shop-data-' }).one('aws_s3_bucket')).toEqual({
    bucket_prefix: 'shop-data-',
    force_destroy: false,
  });
});

test('takes leave to be destroyed, or none, and tags', () => {
  expect(withProps({ preventDestroy: true, tags: { team: 'data' } }).one('aws_s3_bucket')).toEqual({
    bucket: 'shop-data',
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
    tags: { team: 'data' },
  });
  expect(withProps({ preventDestroy: false, forceDestroy: true }).one('aws_s3_bucket')).toEqual({
    bucket: 'shop-data',
    force_destroy: true,
    lifecycle: { prevent_destroy: false },
  });
});

describe('the policy', () => {
  test('denies requests without TLS to everyone, and allows nothing', () => {
    const statements = statementsOf({});
    const [bucket] = statements[0]!.Resource as string[];
    expect(bucket).toMatch(/^\$\{aws_s3_bucket\.[a-z_A-Z0-9]+\.arn\}$/);
    expect(statements).toEqual([
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  test.each([
    ['1.2', 'Tls12OrNewer'],
    ['1.3', 'Tls13OrNewer'],
  ] as const)('denies TLS before %s when asked to', (minimumTlsVersion, sid) => {
    const [tlsOnly, minimum] = statementsOf({ minimumTlsVersion });
    expect(minimum).toEqual({
      ...tlsOnly,
      Sid: sid,
      Condition: { NumericLessThan: { 's3:TlsVersion': minimumTlsVersion } },
    });
  });

  test('with a KMS key refuses a write that asks for another encryption; the bucket applies the key', () => {
    expect(withProps({ kmsKeyArn }).one('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: kmsKeyArn },
          bucket_key_enabled: true,
        },
      ],
    });
    expect(statementsOf({ kmsKeyArn })).toContainEqual({
      Sid: 'KmsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: expect.stringMatching(/\.arn\}\/\*$/),
      Condition: {
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
        Null: { 's3:x-amz-server-side-encryption': 'false' },
      },
    });
  });

  test('takes more statements, made from the ARN of the bucket', () => {
    const read = (bucketArn: string): BucketPolicyStatement => ({
      Sid: 'Read',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:role/r' },
      Action: 's3:GetObject',
      Resource: `${bucketArn}/*`,
    });
    const [first, tlsOnly] = statementsOf({ policyStatements: (bucketArn) => [read(bucketArn)] });
    expect(first).toEqual(read(String(tlsOnly!.Resource[0])));
    expect(tlsOnly!.Sid).toBe('TlsOnly');
  });

  test('takes statements without a Sid, and refuses two with the same', () => {
    const deny: BucketPolicyStatement = { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: '*' };
    expect(statementsOf({ policyStatements: () => [deny, deny] })).toHaveLength(3);
    expect(() => withProps({ policyStatements: () => [{ ...deny, Sid: 'TlsOnly' }] })).toThrow(
      'policyStatements: Sid "TlsOnly" is used twice in the bucket policy; give each statement its own Sid, other than the bucket\'s TlsOnly, ',
    );
  });
});

describe('the lifecycle rule', () => {
  test('keeps every object and clears up after uploads', () => {
    expect(ruleOf({})).toEqual([{ id: 'clean-up', ...rule }]);
    expect(ruleOf({ abortIncompleteUploadDays: 2 })).toMatchObject([
      { abort_incomplete_multipart_upload: [{ days_after_initiation: 2 }] },
    ]);
  });

  test('expires objects', () => {
    expect(ruleOf({ expirationDays: 30 })).toEqual([{ id: 'expire', ...rule, expiration: [{ days: 30 }] }]);
  });

  test('keeps every former version, and clears away the markers of what is gone', () => {
    const found = withProps({ versioning: true });
    expect(found.one('aws_s3_bucket_versioning')).toMatchObject({ versioning_configuration: { status: 'Enabled' } });
    expect(found.one('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
      { id: 'clean-up', ...rule, expiration: [{ expired_object_delete_marker: true }] },
    ]);
  });

  test.each<[string, Partial<PrivateBucketProps>, object]>([
    ['a number', { noncurrentVersionsToKeep: 5 }, { newer_noncurrent_versions: 5, noncurrent_days: 1 }],
    ['days', { noncurrentVersionExpirationDays: 30 }, { noncurrent_days: 30 }],
    [
      'both',
      { noncurrentVersionsToKeep: 5, noncurrentVersionExpirationDays: 30 },
      { newer_noncurrent_versions: 5, noncurrent_days: 30 },
    ],
  ])('expires former versions by %s', (_, props, expected) => {
    expect(ruleOf({ versioning: true, ...props })).toEqual([
      {
        id: 'noncurrent-versions',
        ...rule,
        noncurrent_version_expiration: [expected],
        expiration: [{ expired_object_delete_marker: true }],
      },
    ]);
  });

  test('expires the objects of a prefix, and their former versions a day later', () => {
    expect(ruleOf({ expiringPrefixes: [{ prefix: 'async/', days: 7 }] })).toEqual([
      { id: 'clean-up', ...rule },
      { id: 'expire-async', status: 'Enabled', filter: [{ prefix: 'async/' }], expiration: [{ days: 7 }] },
    ]);
    expect(ruleOf({ versioning: true, expiringPrefixes: [{ prefix: 'async/', days: 7 }] })).toMatchObject([
      { id: 'clean-up' },
      { id: 'expire-async', noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
    ]);
    const twice = { prefix: 'async/', days: 0 };
    expect(() => ruleOf({ expiringPrefixes: [{ prefix: '', days: 7 }, { prefix: 'async/', days: 7 }, twice] })).toThrow(
      /expiringPrefixes\[0\].prefix: "" is every object[^]*expiringPrefixes\[2\].prefix: "async\/" is listed twice[^]*expiringPrefixes\[2\].days: 0/,
    );
  });

  test('expires objects and former versions together', () => {
    expect(ruleOf({ versioning: true, expirationDays: 90, noncurrentVersionExpirationDays: 30 })).toEqual([
      { id: 'expire', ...rule, noncurrent_version_expiration: [{ noncurrent_days: 30 }], expiration: [{ days: 90 }] },
    ]);
  });
});

test('writes access logs below its own name, or where it is told', () => {
  const logging = (props: Partial<PrivateBucketProps>) =>
    withProps({ accessLogsBucketName: 'shop-logs', ...props }).one('aws_s3_bucket_logging');
  expect(logging({})).toMatchObject({ target_bucket: 'shop-logs', target_prefix: 'shop-data/' });
  expect(logging({ accessLogsPrefix: 'data/' })).toMatchObject({ target_prefix: 'data/' });
  expect(logging({ bucketName: undefined, bucketNamePrefix: 'shop-' }).target_prefix).toMatch(
    /^\$\{aws_s3_bucket\.[a-z_A-Z0-9]+\.id\}\/$/,
  );
});

test('named Default it adds nothing to the addresses of its resources', () => {
  synthResources((scope) =>
    expect(new PrivateBucket(scope, 'Default', base).resource.friendlyUniqueId).toBe('resource'),
  );
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    const common: PrivateBucketProps = {
      kmsKeyArn: text,
      accessLogsBucketName: text,
      versioning: true,
      expirationDays: number,
      noncurrentVersionsToKeep: number,
      noncurrentVersionExpirationDays: number,
      abortIncompleteUploadDays: number,
    };
    expect(() => new PrivateBucket(scope, 'named', { ...common, bucketName: text })).not.toThrow();
    expect(() => new PrivateBucket(scope, 'prefixed', { ...common, bucketNamePrefix: text })).not.toThrow();
  });
});

test.each<[string, Partial<PrivateBucketProps>, string]>([
  ['no name', { bucketName: undefined }, 'bucketName: is missing; set it, or set bucketNamePrefix to generate a name'],
  [
    'two names',
    { bucketNamePrefix: 'shop-' },
    'bucketNamePrefix: "shop-" and bucketName "shop-data" are both set; leave one of them out',
  ],
  [
    'a short name',
    { bucketName: 'ab' },
    'bucketName: "ab" is not a bucket name; allowed are 3 or more lower-case letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [
    'a reserved prefix',
    { bucketName: 'xn--data' },
    'bucketName: "xn--data" starts with "xn--", which AWS reserves; choose another bucket name',
  ],
  [
    'a reserved suffix',
    { bucketName: 'data-s3alias' },
    'bucketName: "data-s3alias" ends with "-s3alias", which AWS reserves; choose another bucket name',
  ],
  [
    'the start of a name',
    { bucketName: undefined, bucketNamePrefix: '-shop' },
    'bucketNamePrefix: "-shop" cannot start a bucket name; use 1 to 37 lower-case letters, digits and hyphens, starting with no hyphen',
  ],
  ['a long start of a name', { bucketName: undefined, bucketNamePrefix: 'a'.repeat(38) }, 'cannot start a bucket name'],
  ['days', { expirationDays: 0 }, 'expirationDays: 0 is out of range; use a whole number from 1 to 3650 days'],
  [
    'a count',
    { versioning: true, noncurrentVersionsToKeep: 101 },
    'noncurrentVersionsToKeep: 101 is out of range; use a whole number from 1 to 100',
  ],
  [
    'days of versions',
    { versioning: true, noncurrentVersionExpirationDays: 0 },
    'noncurrentVersionExpirationDays: 0 is out of range; use a whole number from 1 to 3650 days',
  ],
  [
    'days of uploads',
    { abortIncompleteUploadDays: 1.5 },
    'abortIncompleteUploadDays: 1.5 is out of range; use a whole number from 1 to 3650 days',
  ],
  [
    'a count without versions',
    { noncurrentVersionsToKeep: 5 },
    'noncurrentVersionsToKeep: has no effect without versioning; set versioning to true, or leave it out',
  ],
  [
    'days without versions',
    { noncurrentVersionExpirationDays: 5 },
    'noncurrentVersionExpirationDays: has no effect without versioning; set versioning to true, or leave it out',
  ],
  [
    'a TLS version',
    { minimumTlsVersion: '1.1' as '1.2' },
    'minimumTlsVersion: "1.1" is not allowed; use one of 1.2, 1.3',
  ],
  [
    'a key alias',
    { kmsKeyArn: 'alias/data' },
    'kmsKeyArn: "alias/data" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>',
  ],
  [
    'an origin with a path',
    { cors: { origins: ['https://shop.example.com/'], methods: ['POST'] } },
    'cors.origins[0]: "https://shop.example.com/" is not an origin; write scheme, host',
  ],
  ['a logs bucket', { accessLogsBucketName: 'Logs' }, 'accessLogsBucketName: "Logs" is not a bucket name'],
  [
    'itself as logs bucket',
    { accessLogsBucketName: 'shop-data' },
    'accessLogsBucketName: "shop-data" is the bucket itself, whose access logs would be logged again; use another bucket',
  ],
  [
    'a logs prefix alone',
    { accessLogsPrefix: 'x/' },
    'accessLogsPrefix: has no effect without accessLogsBucketName; set a bucket, or leave it out',
  ],
  [
    'half a permission to destroy',
    { forceDestroy: true, preventDestroy: true },
    'forceDestroy: has no effect while preventDestroy is true; set preventDestroy to false too, or leave it out',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('a construct that makes a bucket can check its props with its own', () => {
  synthResources((scope) => {
    const problems = new Problems(scope);
    problems.add('owner: is missing');
    checkPrivateBucketProps(problems, { bucketName: 'logs', accessLogsBucketName: 'logs' }, 'logs bucket');
    expect(() => problems.throwIfAny()).toThrow(
      '2 problems:\n  - owner: is missing\n  - accessLogsBucketName: "logs" is the logs bucket itself',
    );
  });
});

test('pages of other origins may upload where they are named', () => {
  expect(
    withProps({ cors: { origins: ['https://shop.example.com'], methods: ['POST'] } }).one(
      'aws_s3_bucket_cors_configuration',
    ),
  ).toMatchObject({
    cors_rule: [{ allowed_origins: ['https://shop.example.com'], allowed_methods: ['POST'], allowed_headers: ['*'] }],
  });
  expect(withProps({}).types).not.toContain('aws_s3_bucket_cors_configuration');
});
