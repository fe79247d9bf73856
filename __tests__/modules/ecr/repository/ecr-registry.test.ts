import {
  EcrPullThroughCache,
  EcrRegistryScanning,
  type EcrPullThroughCacheProps,
  type EcrRegistryScanningProps,
} from '@strata/ecr';
import { synthResources } from '../../../support/synth-resources';

const scanning = (props?: EcrRegistryScanningProps) =>
  synthResources((scope) => new EcrRegistryScanning(scope, 'scanning', props));
const cache = (props: EcrPullThroughCacheProps) =>
  synthResources((scope) => new EcrPullThroughCache(scope, 'cache', props));

describe('EcrRegistryScanning', () => {
  test('scans every repository when an image is pushed', () => {
    expect(scanning().one('aws_ecr_registry_scanning_configuration')).toEqual({
      scan_type: 'ENHANCED',
      rule: [{ scan_frequency: 'SCAN_ON_PUSH', repository_filter: [{ filter: '*', filter_type: 'WILDCARD' }] }],
    });
  });

  test('passes every option on', () => {
    expect(
      scanning({ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: ['app-*', 'shop/*'] }).one(
        'aws_ecr_registry_scanning_configuration',
      ).rule,
    ).toEqual([
      {
        scan_frequency: 'CONTINUOUS_SCAN',
        repository_filter: [
          { filter: 'app-*', filter_type: 'WILDCARD' },
          { filter: 'shop/*', filter_type: 'WILDCARD' },
        ],
      },
    ]);
    expect(scanning({ scanType: 'BASIC' }).one('aws_ecr_registry_scanning_configuration')).toMatchObject({
      scan_type: 'BASIC',
    });
  });

  test.each<[string, EcrRegistryScanningProps, string]>([
    ['a type', { scanType: 'basic' as 'BASIC' }, 'scanType: "basic" is not allowed; use one of BASIC, ENHANCED'],
    [
      'a frequency',
      { scanFrequency: 'DAILY' as 'SCAN_ON_PUSH' },
      'scanFrequency: "DAILY" is not allowed; use one of SCAN_ON_PUSH, CONTINUOUS_SCAN',
    ],
    [
      'continuous basic scans',
      { scanType: 'BASIC', scanFrequency: 'CONTINUOUS_SCAN' },
      'scanFrequency: "CONTINUOUS_SCAN" needs scanType "ENHANCED"; use it, or "SCAN_ON_PUSH"',
    ],
    ['no filter', { repositoryFilters: [] }, 'repositoryFilters: has 0 entries; use 1 to 100'],
    [
      'too many filters',
      { repositoryFilters: Array.from({ length: 101 }, (_, i) => `app-${i}`) },
      'repositoryFilters: has 101 entries; use 1 to 100',
    ],
    [
      'a filter',
      { repositoryFilters: ['App'] },
      'repositoryFilters[0]: "App" is not a filter; use a repository name, with * for any text',
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => scanning(props)).toThrow(message);
  });
});

describe('EcrPullThroughCache', () => {
  const credentialArn = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:ecr-pullthroughcache/docker-AbCdEf';

  test('stands in front of public.ecr.aws', () => {
    expect(cache({ repositoryPrefix: 'ecr-public' }).one('aws_ecr_pull_through_cache_rule')).toEqual({
      ecr_repository_prefix: 'ecr-public',
      upstream_registry_url: 'public.ecr.aws',
    });
  });

  test('passes every option on', () => {
    expect(
      cache({ repositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io', credentialArn }).one(
        'aws_ecr_pull_through_cache_rule',
      ),
    ).toEqual({
      ecr_repository_prefix: 'docker-hub',
      upstream_registry_url: 'registry-1.docker.io',
      credential_arn: credentialArn,
    });
  });

  test.each<[string, EcrPullThroughCacheProps, string]>([
    ['a prefix', { repositoryPrefix: 'ECR' }, 'repositoryPrefix: "ECR" is not a repository prefix'],
    [
      'a long prefix',
      { repositoryPrefix: 'a'.repeat(31) },
      'has 31 characters, a repository prefix at most 30; shorten it by 1',
    ],
    [
      'an address',
      { repositoryPrefix: 'q', upstreamRegistryUrl: 'https://quay.io' },
      'upstreamRegistryUrl: "https://quay.io" is not a host name; write it without https:// and path, such as "public.ecr.aws"',
    ],
    [
      'missing credentials',
      { repositoryPrefix: 'gh', upstreamRegistryUrl: 'ghcr.io' },
      'credentialArn: is missing; "ghcr.io" requires credentials: set the ARN of a secret whose name starts with ecr-pullthroughcache/',
    ],
    [
      'a secret of another name',
      {
        repositoryPrefix: 'gh',
        credentialArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:github-AbCdEf',
      },
      'secret:github-AbCdEf" cannot be used by ECR; use the ARN of a secret whose name starts with ecr-pullthroughcache/',
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => cache(props)).toThrow(message);
  });
});
