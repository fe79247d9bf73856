import { checkConfig } from '@strata/core/config';
import { registryConfig, type RegistryConfigInput } from '@strata/stack-registry';

const problems = (config: unknown) => checkConfig(registryConfig, config, 'registry').problems;
const repositories = (options: Record<string, unknown>) => ({ repositories: options });
const OPTIONS =
  'allowed are repositoryName, existing, registryId, scanOnPush, imageTagMutability, kmsKeyArn, expireImages, untaggedExpirationDays, maxTaggedImages, ' +
  'protectedTagPatterns, pullAccountIds';

test('asks for nothing', () => {
  const repository = { existing: false };
  expect(registryConfig.parse({})).toEqual({
    repositories: { 'app-web': repository, 'app-was': repository, 'model-endpoint': repository },
    pullThroughCaches: {},
  });
});

test('accepts every option', () => {
  const config: RegistryConfigInput = {
    repositories: {
      'app-web': false,
      'app-was': {
        repositoryName: 'shop/app-was',
        scanOnPush: false,
        imageTagMutability: 'MUTABLE',
        kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
        untaggedExpirationDays: 1,
        maxTaggedImages: 10_000,
        protectedTagPatterns: ['deployed-*'],
        pullAccountIds: ['210987654321'],
      },
      worker: { expireImages: false },
      base: { existing: true, registryId: '210987654321' },
    },
    scanning: { scanType: 'ENHANCED', scanFrequency: 'CONTINUOUS_SCAN' },
    pullThroughCaches: {
      hub: {
        upstreamRegistryUrl: 'registry-1.docker.io',
        credentialArn: 'arn:aws:secretsmanager:r:123456789012:secret:ecr-pullthroughcache/hub',
      },
    },
  };
  expect(problems(config)).toEqual([]);
});

test.each<[unknown, string[]]>([
  [
    { repository: {} },
    [
      'registry.repository: unknown key; allowed are namePrefix, repositories, scanning, pullThroughCaches; did you mean "repositories"?',
    ],
  ],
  [
    repositories({ 'app-web': { scanOnpush: true } }),
    [`registry.repositories.app-web.scanOnpush: unknown key; ${OPTIONS}; did you mean "scanOnPush"?`],
  ],
  [
    repositories({ worker: { scanOnpush: true } }),
    [`registry.repositories.worker.scanOnpush: unknown key; ${OPTIONS}; did you mean "scanOnPush"?`],
  ],
  [
    repositories({ 'app-web': true }),
    ['registry.repositories.app-web: true is not allowed; use one of false, or use an object'],
  ],
  [
    repositories({ 'app-web': { scanOnPush: 'yes', maxTaggedImages: 0 } }),
    [
      'registry.repositories.app-web.scanOnPush: "yes" is not allowed; use a boolean',
      'registry.repositories.app-web.maxTaggedImages: 0 is not allowed; use at least 1',
    ],
  ],
  [
    repositories({ worker: { imageTagMutability: 'MUTABEL' } }),
    [
      'registry.repositories.worker.imageTagMutability: "MUTABEL" is not allowed; use one of "IMMUTABLE", "MUTABLE"; did you mean "MUTABLE"?',
    ],
  ],
  [
    repositories({ worker: { untaggedExpirationDays: 3651 } }),
    ['registry.repositories.worker.untaggedExpirationDays: 3651 is not allowed; use at most 3650'],
  ],
  [
    repositories({ worker: { kmsKeyArn: 'alias/x' } }),
    ['registry.repositories.worker.kmsKeyArn: "alias/x" is not allowed; use the ARN of a KMS key, not of an alias'],
  ],
  [
    repositories({ worker: { pullAccountIds: ['12'] } }),
    [
      'registry.repositories.worker.pullAccountIds[0]: "12" is not allowed; use an AWS account id of 12 digits, as a string',
    ],
  ],
  [
    repositories({ worker: { protectedTagPatterns: ['a*b*c*d*e*'] } }),
    ['registry.repositories.worker.protectedTagPatterns[0]: "a*b*c*d*e*" is not allowed; use at most four *'],
  ],
  [
    repositories({ worker: { repositoryName: 'Worker' } }),
    [
      'registry.repositories.worker.repositoryName: "Worker" is not allowed; use 2 to 256 lower-case letters and digits, with single . _ - / between them',
    ],
  ],
  [
    repositories({ Worker: {} }),
    [
      'registry.repositories.Worker: "Worker" is not allowed; use a name of 2 to 256 lower-case letters and digits, with single . _ - / between them',
    ],
  ],
  [
    repositories({ worker: { repositoryName: 'app-web' } }),
    [
      'registry.repositories.worker.repositoryName: "app-web" is not allowed; is also the name of "app-web"; give each its own name',
    ],
  ],
  [
    repositories({ worker: { existing: true, scanOnPush: true } }),
    [
      'registry.repositories.worker.scanOnPush: true is not allowed; leave it out where existing is true, the repository has its own',
    ],
  ],
  [
    repositories({ worker: { registryId: '210987654321' } }),
    [
      'registry.repositories.worker.registryId: "210987654321" is not allowed; it goes with existing: a repository is made in this account only',
    ],
  ],
  [
    repositories({ worker: { expireImages: false, maxTaggedImages: 3 } }),
    ['registry.repositories.worker.maxTaggedImages: 3 is not allowed; leave it out where expireImages is false'],
  ],
  [
    { scanning: { scanType: 'BASIC', scanFrequency: 'CONTINUOUS_SCAN' } },
    ['registry.scanning: use SCAN_ON_PUSH with BASIC'],
  ],
  [
    { pullThroughCaches: { hub: { credentialArn: 'secret' } } },
    ['registry.pullThroughCaches.hub.credentialArn: "secret" is not allowed; use the ARN of a secret'],
  ],
])('%j is refused', (config, expected) => {
  expect(problems(config)).toEqual(expected);
});
