import { outputName } from '@strata/contract';
import type { EcrRepository, ImportedEcrRepository } from '@strata/ecr';
import { RegistryStack, registryContract, type RegistryStackProps } from '@strata/stack-registry';
import { Testing } from 'cdktf';
import { layerJson, layerSnapshot, readLayer, SHOP_DEV } from '../../support/synth-layer';

type Options = Partial<RegistryStackProps>;
const json = (options: Options = {}) =>
  layerJson((scope) => new RegistryStack(scope, 'registry', { ...SHOP_DEV, ...options }));
const synth = (options?: Options) => readLayer(json(options));

describe('ids never change by accident', () => {
  test('with every default', () => {
    expect(layerSnapshot(json())).toMatchSnapshot();
  });

  test('with everything that can be switched on', () => {
    expect(
      layerSnapshot(
        json({
          config: {
            repositories: {
              'app-web': { pullAccountIds: ['210987654321'] },
              'shop/worker': {},
              'base/node': { existing: true },
            },
            scanning: {},
            pullThroughCaches: { 'ecr-public': {} },
          },
        }),
      ),
    ).toMatchSnapshot();
  });
});

test('app-web, app-was and model-endpoint are there: scanned, immutable, encrypted, with a lifecycle', () => {
  const found = synth();
  expect(found.types).toEqual(['aws_ecr_lifecycle_policy', 'aws_ecr_repository']);
  expect(found.resources('aws_ecr_repository')).toEqual(
    ['app-was', 'app-web', 'model-endpoint'].map((name) => ({
      name,
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: 'AES256' }],
      force_delete: false,
      lifecycle: { prevent_destroy: true },
    })),
  );
  expect(found.resources('aws_ecr_lifecycle_policy')).toHaveLength(3);
});

test('a repository is an entry of the configuration, and the defaults can be left out', () => {
  const found = synth({
    config: {
      repositories: {
        'app-was': false,
        'model-endpoint': false,
        worker: { repositoryName: 'shop/worker', maxTaggedImages: 5 },
      },
    },
  });
  expect(found.resources('aws_ecr_repository').map(({ name }) => name)).toEqual(['app-web', 'shop/worker']);
  expect(found.resources('aws_ecr_lifecycle_policy').map(({ policy }) => String(policy))).toContainEqual(
    expect.stringContaining('Keep the last 5 tagged images'),
  );
  expect(Object.keys(found.outputs.repositories as object)).toEqual(['app-web', 'worker']);
});

test('repositories have the prefix of the environment; what reads them goes by what they are called here', () => {
  const found = synth({ config: { namePrefix: 'blue', repositories: { worker: { repositoryName: 'shop/worker' } } } });
  expect(found.resources('aws_ecr_repository').map(({ name }) => name)).toEqual([
    'blue-app-was',
    'blue-app-web',
    'blue-model-endpoint',
    'blue-shop/worker',
  ]);
  expect(Object.keys(found.outputs.repositories as object)).toContain('worker');
});

test('a repository that exists is looked up, not made', () => {
  const found = synth({
    config: {
      repositories: {
        'app-web': { existing: true, registryId: '210987654321' },
        'app-was': { existing: true, repositoryName: 'was' },
        'model-endpoint': false,
      },
    },
  });
  expect(found.types).toEqual([]);
  expect(found.data('aws_ecr_repository')).toEqual([{ name: 'was' }, { name: 'app-web', registry_id: '210987654321' }]);
  expect(found.outputs.repositories).toMatchObject({
    'app-was': { url: expect.stringMatching(/^\$\{data\.aws_ecr_repository\./) },
  });
});

test('without deletion protection images are deleted with their repository', () => {
  for (const [deletionProtection, forced] of [
    [true, false],
    [false, true],
  ] as const) {
    expect(
      synth({ deletionProtection })
        .resources('aws_ecr_repository')
        .map(({ force_delete }) => force_delete),
    ).toEqual([forced, forced, forced]);
  }
});

test('the registry as a whole is left alone unless asked', () => {
  const found = synth({
    config: {
      scanning: { scanFrequency: 'CONTINUOUS_SCAN' },
      pullThroughCaches: { 'ecr-public': {}, quay: { upstreamRegistryUrl: 'quay.io' } },
    },
  });
  expect(found.resources('aws_ecr_registry_scanning_configuration')).toMatchObject([
    { scan_type: 'ENHANCED', rule: [{ scan_frequency: 'CONTINUOUS_SCAN' }] },
  ]);
  expect(found.resources('aws_ecr_pull_through_cache_rule')).toEqual([
    { ecr_repository_prefix: 'ecr-public', upstream_registry_url: 'public.ecr.aws' },
    { ecr_repository_prefix: 'quay', upstream_registry_url: 'quay.io' },
  ]);
});

test("every output of the contract is published, under its name, with the contract's version", () => {
  const { outputs } = synth();
  expect(Object.keys(outputs).sort()).toEqual(
    [...Object.keys(registryContract.outputs).map(outputName), 'contract_name', 'contract_version'].sort(),
  );
  expect(outputs).toMatchObject({ contract_name: 'registry', contract_version: registryContract.version });
  expect(outputs.repositories).toMatchObject({
    'app-web': {
      name: expect.stringMatching(/\.name\}$/),
      arn: expect.stringMatching(/\.arn\}$/),
      url: expect.stringMatching(/\.repository_url\}$/),
    },
  });
});

test('the layer is tagged with project, environment, layer, version and owner', () => {
  expect(synth().provider.default_tags).toEqual([
    {
      tags: {
        project: 'shop',
        environment: 'dev',
        layer: 'registry',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        owner: 'platform-registry',
      },
    },
  ]);
});

test('the constructs inside stay reachable', () => {
  const stack = new RegistryStack(Testing.app(), 'registry', {
    ...SHOP_DEV,
    config: { repositories: { 'base/node': { existing: true } } },
  });
  expect((stack.repositories.get('app-web') as EcrRepository).resource.nameInput).toBe('app-web');
  expect((stack.repositories.get('base/node') as ImportedEcrRepository).data.nameInput).toBe('base/node');
});
