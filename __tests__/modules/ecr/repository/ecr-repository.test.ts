import { EcrRepository, type EcrRepositoryProps, type IEcrRepository } from '@strata/ecr';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const REPOSITORY = 'aws_ecr_repository';
const base: EcrRepositoryProps = { repositoryName: 'app-web' };
const withProps = (props: Partial<EcrRepositoryProps>) =>
  synthResources((scope) => new EcrRepository(scope, 'repository', { ...base, ...props }));

test('is scanned, encrypted, immutable and closed by default', () => {
  const found = withProps({});
  expect(found.one(REPOSITORY)).toEqual({
    name: 'app-web',
    image_tag_mutability: 'IMMUTABLE',
    image_scanning_configuration: { scan_on_push: true },
    encryption_configuration: [{ encryption_type: 'AES256' }],
    force_delete: false,
  });
  expect(found.types).toEqual(['aws_ecr_lifecycle_policy', REPOSITORY]);
});

test('keeps the last 30 tagged images and expires untagged ones after 7 days by default', () => {
  expect(withProps({}).document('aws_ecr_lifecycle_policy')).toEqual({
    rules: [
      {
        rulePriority: 1,
        description: 'Keep the last 30 tagged images',
        selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 30 },
        action: { type: 'expire' },
      },
      {
        rulePriority: 2,
        description: 'Expire untagged images after 7 days',
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
        action: { type: 'expire' },
      },
    ],
  });
});

test('passes every option on', () => {
  const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234';
  const found = withProps({
    scanOnPush: false,
    imageTagMutability: 'MUTABLE',
    kmsKeyArn,
    forceDelete: true,
    tags: { team: 'web' },
    untaggedExpirationDays: 1,
    maxTaggedImages: 5,
  });
  expect(found.one(REPOSITORY)).toEqual({
    name: 'app-web',
    image_tag_mutability: 'MUTABLE',
    image_scanning_configuration: { scan_on_push: false },
    encryption_configuration: [{ encryption_type: 'KMS', kms_key: kmsKeyArn }],
    force_delete: true,
    tags: { team: 'web' },
  });
  expect(found.document('aws_ecr_lifecycle_policy').rules).toMatchObject([
    { selection: { countNumber: 5 } },
    { selection: { countNumber: 1 } },
  ]);
});

test('gives each protected tag pattern a rule of its own in front, which expires nothing', () => {
  expect(
    withProps({ protectedTagPatterns: ['deployed-*', 'release-*'] }).document('aws_ecr_lifecycle_policy').rules,
  ).toMatchObject([
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'tagged',
        tagPatternList: ['deployed-*'],
        countType: 'imageCountMoreThan',
        countNumber: 100000,
      },
    },
    {
      rulePriority: 2,
      selection: {
        tagStatus: 'tagged',
        tagPatternList: ['release-*'],
        countType: 'imageCountMoreThan',
        countNumber: 100000,
      },
    },
    { rulePriority: 3, selection: { tagPatternList: ['*'], countNumber: 30 } },
    { rulePriority: 4, selection: { tagStatus: 'untagged' } },
  ]);
});

test('lets images stay for ever where expireImages is false', () => {
  expect(withProps({ expireImages: false }).types).toEqual([REPOSITORY]);
});

test('lets the named accounts pull, and do nothing else', () => {
  expect(withProps({ pullAccountIds: ['210987654321', '123456789012'] }).document('aws_ecr_repository_policy')).toEqual(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'PullFromOtherAccounts',
          Effect: 'Allow',
          Principal: { AWS: ['210987654321', '123456789012'] },
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        },
      ],
    },
  );
  expect(withProps({ pullAccountIds: [] }).all('aws_ecr_repository_policy')).toEqual([]);
});

test('offers name, ARN and URL as references to the resource', () => {
  const { outputs } = synthResources((scope) => {
    const repository: IEcrRepository = new EcrRepository(scope, 'repository', base);
    const value = [repository.repositoryName, repository.repositoryArn, repository.repositoryUrl];
    new TerraformOutput(scope, 'found', { value, staticId: true });
  });
  const reference = (attribute: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{aws_ecr_repository\\.\\w+\\.${attribute}\\}$`));
  expect(outputs.found).toEqual([reference('name'), reference('arn'), reference('repository_url')]);
});

test.each(['ab', 'a'.repeat(256), 'shop/app-web', 'a.b_c-d/e1'])('accepts the name %s', (repositoryName) => {
  expect(withProps({ repositoryName }).one(REPOSITORY)).toMatchObject({ name: repositoryName });
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    expect(
      () =>
        new EcrRepository(scope, 'repository', {
          repositoryName: text,
          kmsKeyArn: text,
          pullAccountIds: [text],
          protectedTagPatterns: [text],
          untaggedExpirationDays: number,
          maxTaggedImages: number,
        }),
    ).not.toThrow();
  });
});

test.each<[string, Partial<EcrRepositoryProps>, string]>([
  [
    'an upper-case name',
    { repositoryName: 'App' },
    'repositoryName: "App" is not a repository name; allowed are 2 or more lower-case letters and digits, with single . _ - / between them',
  ],
  ['a short name', { repositoryName: 'a' }, 'repositoryName: "a" is not a repository name; allowed are 2 or more'],
  ['a slash in front', { repositoryName: '/app' }, 'repositoryName: "/app" is not a repository name'],
  ['two separators', { repositoryName: 'app--web' }, 'repositoryName: "app--web" is not a repository name'],
  [
    'a long name',
    { repositoryName: 'a'.repeat(257) },
    'has 257 characters, a repository name at most 256; shorten it by 1',
  ],
  [
    'a mutability',
    { imageTagMutability: 'immutable' as 'IMMUTABLE' },
    'imageTagMutability: "immutable" is not allowed; use one of IMMUTABLE, MUTABLE',
  ],
  [
    'days',
    { untaggedExpirationDays: 0 },
    'untaggedExpirationDays: 0 is out of range; use a whole number from 1 to 3650 days',
  ],
  ['a count', { maxTaggedImages: 0 }, 'maxTaggedImages: 0 is out of range; use a whole number from 1 to 10000'],
  [
    'an account id',
    { pullAccountIds: ['123'] },
    'pullAccountIds[0]: "123" is not an AWS account id; use 12 digits, as a string',
  ],
  [
    'an account id twice',
    { pullAccountIds: ['123456789012', '123456789012'] },
    'pullAccountIds[1]: "123456789012" is listed twice; remove one',
  ],
  [
    'a key alias',
    { kmsKeyArn: 'alias/images' },
    'kmsKeyArn: "alias/images" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>, not an alias, which would replace the repository at every apply',
  ],
  [
    'a tag pattern',
    { protectedTagPatterns: ['a b'] },
    'protectedTagPatterns[0]: "a b" is not a tag pattern; use 1 to 128 letters, digits and _ . -, with at most four *',
  ],
  [
    'five wildcards',
    { protectedTagPatterns: ['a*b*c*d*e*'] },
    'protectedTagPatterns[0]: "a*b*c*d*e*" is not a tag pattern',
  ],
  [
    'a count without expiry',
    { expireImages: false, maxTaggedImages: 3 },
    'maxTaggedImages: has no effect while expireImages is false; remove one of them',
  ],
  [
    'days without expiry',
    { expireImages: false, untaggedExpirationDays: 3 },
    'untaggedExpirationDays: has no effect while expireImages is false',
  ],
  [
    'patterns without expiry',
    { expireImages: false, protectedTagPatterns: ['a'] },
    'protectedTagPatterns: has no effect while expireImages is false',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('reports every problem at once', () => {
  expect(() => withProps({ repositoryName: 'A', maxTaggedImages: 0 })).toThrow(
    /2 problems:\n {2}- repositoryName: .*\n {2}- maxTaggedImages: /,
  );
});

test('its policies are replaced with it, as one of the same name has none', () => {
  const found = synthResources(
    (scope) => new EcrRepository(scope, 'repository', { ...base, pullAccountIds: ['210987654321'] }),
  );
  for (const type of ['aws_ecr_lifecycle_policy', 'aws_ecr_repository_policy'])
    expect(found.one(type).repository).toMatch(/^\$\{aws_ecr_repository\.\w+\.id\}$/);
});
