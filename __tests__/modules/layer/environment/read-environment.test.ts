import { ConfigError } from '@strata/core/config';
import { readEnvironment, type EnvironmentOptions } from '@strata/layer';
import * as z from 'zod';

const layers = {
  bootstrap: z.strictObject({ bucketName: z.string() }).optional(),
  network: z.strictObject({ natGateways: z.enum(['none', 'single', 'per-az']).default('single') }).prefault({}),
  compute: z.strictObject({ logRetentionDays: z.number().default(30) }).prefault({}),
};
type Options = Omit<EnvironmentOptions<typeof layers>, 'context' | 'layers'>;

const context = {
  project: 'shop',
  environment: 'dev',
  environments: {
    dev: {},
    staging: { namePrefix: 'stage', deletionProtection: false, layers: { bootstrap: { bucketName: 'state' } } },
    prod: {
      region: 'us-east-1',
      namePrefix: 'prod',
      state: { type: 's3', bucket: 'shop-state', region: 'us-east-1' },
      allowedAccountIds: ['123456789012'],
      owners: { compute: 'web-team' },
      tags: { cost: 'c-7' },
      neighbours: {
        network: { project: 'platform', stack: 'network-eu', environment: 'live', state: { type: 'local' } },
      },
      layers: { network: { natGateways: 'per-az' } },
    },
  },
};

function read(options: Options = {}, changed: Record<string, unknown> = {}) {
  return readEnvironment({ context: { ...context, ...changed }, layers, ...options });
}

function problems(options: Options, changed: Record<string, unknown> = {}): readonly string[] {
  try {
    read(options, changed);
  } catch (error) {
    if (ConfigError.isConfigError(error)) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  test('is the one that the context names', () => {
    expect(read()).toMatchObject({ project: 'shop', name: 'dev', folder: 'dev' });
  });

  test('or the one that is asked for', () => {
    expect(read({ environment: 'prod' })).toMatchObject({ project: 'shop', name: 'prod', folder: 'prod' });
  });

  test('has layers that are added, where it leaves them out', () => {
    const add = '{"bootstrap":{"bucketName":"shop-state"},"network":{"natGateways":"none"}}';
    expect(read({ add }).configures('bootstrap')).toBe(true);
    const prod = read({ add, environment: 'prod' });
    expect(prod.configures('bootstrap')).toBe(true);
    expect(prod.config.network).toEqual({ natGateways: 'per-az' }); // its own
    expect(read({ add: '' })).toMatchObject({ config: read().config });
  });

  test('fills in defaults', () => {
    const environment = read();
    expect(environment.config).toEqual({ network: { natGateways: 'single' }, compute: { logRetentionDays: 30 } });
    expect(environment.propsFor('network')).toEqual({
      project: 'shop',
      environment: 'dev',
      region: 'ap-northeast-2',
      state: { type: 'local', directory: '.strata/state' },
      deletionProtection: true,
      allowedAccountIds: undefined,
      owner: undefined,
      tags: {},
      neighbours: {},
      fixtures: undefined,
    });
  });

  test('takes what looks like a template as the text it is', () => {
    const tags = { team: '${1+1}' };
    const environment = read({}, { environments: { dev: { tags, owners: { network: '%{ if x }' } } } });
    expect(environment.propsFor('network')).toMatchObject({ tags: { team: '$${1+1}' }, owner: '%%{ if x }' });
  });

  test('passes on what it says', () => {
    const environment = read({ environment: 'prod' });
    expect(environment.config.network).toEqual({ natGateways: 'per-az' });
    expect(environment.propsFor('compute')).toEqual({
      project: 'shop',
      environment: 'prod',
      region: 'us-east-1',
      state: { type: 's3', bucket: 'shop-state', region: 'us-east-1' },
      deletionProtection: true,
      allowedAccountIds: ['123456789012'],
      owner: 'web-team',
      tags: { cost: 'c-7' },
      neighbours: {
        network: {
          project: 'platform',
          stack: 'network-eu',
          environment: 'live',
          state: { type: 'local', directory: '.strata/state' },
        },
      },
      fixtures: undefined,
    });
    expect(environment.propsFor('network').owner).toBeUndefined();
    expect(read({ environment: 'staging' }).propsFor('compute').deletionProtection).toBe(false);
  });
});

describe('a layer is synthesized', () => {
  const synthesized = (options: Options) =>
    (['bootstrap', 'network', 'compute'] as const).filter((layer) => read(options).has(layer));

  test.each<[string, Options, readonly string[]]>([
    ['where it is configured', {}, ['network', 'compute']],
    ['where an optional one is configured too', { environment: 'staging' }, ['bootstrap', 'network', 'compute']],
    ['where it is asked for', { only: 'compute' }, ['compute']],
    ['where several are asked for, with blanks', { only: ' network , compute,' }, ['network', 'compute']],
    ['where nothing is asked for', { only: ' ' }, ['network', 'compute']],
  ])('%s', (_title, options, expected) => {
    expect(synthesized(options)).toEqual(expected);
  });

  test('but its configuration is there for the others', () => {
    expect(read({ only: 'compute' }).config.network).toEqual({ natGateways: 'single' });
  });
});

describe('fixtures', () => {
  test.each<[string | undefined, boolean | readonly string[] | undefined, string]>([
    [undefined, undefined, 'dev'],
    ['', undefined, 'dev'],
    ['network', ['network'], 'dev-fixtures'],
    ['network, compute', ['network', 'compute'], 'dev-fixtures'],
    ['all', true, 'dev-fixtures'],
    [' all ', true, 'dev-fixtures'],
    ['compute,all', true, 'dev-fixtures'],
  ])('%p', (fixtures, expected, folder) => {
    const environment = read({ fixtures });
    expect(environment.propsFor('compute').fixtures).toEqual(expected);
    expect(environment.folder).toBe(folder);
  });
});

describe('refused', () => {
  test('an environment that is not there, with the one that was probably meant', () => {
    expect(problems({ environment: 'stagin' })).toEqual([
      'STRATA_ENVIRONMENT: "stagin" does not exist; use one of dev, staging, prod; did you mean "staging"?',
    ]);
    expect(problems({}, { environment: 'prd' })).toEqual([
      'environment: "prd" does not exist; use one of dev, staging, prod; did you mean "prod"?',
    ]);
    expect(problems({ environment: 'qa-europe' })).toEqual([
      'STRATA_ENVIRONMENT: "qa-europe" does not exist; use one of dev, staging, prod',
    ]);
    expect(problems({ environment: '' })).toEqual([
      'STRATA_ENVIRONMENT: "" does not exist; use one of dev, staging, prod',
    ]);
    expect(problems({ environment: 'constructor' })).toEqual([
      'STRATA_ENVIRONMENT: "constructor" does not exist; use one of dev, staging, prod',
    ]);
  });

  test('layers that are not there', () => {
    expect(problems({ only: 'network,computer' })).toEqual([
      'STRATA_LAYERS: "computer" does not exist; use one of bootstrap, network, compute; did you mean "compute"?',
    ]);
    expect(problems({ fixtures: 'netwrk' })).toEqual([
      'STRATA_FIXTURES: "netwrk" does not exist; use one of bootstrap, network, compute, all; did you mean "network"?',
    ]);
  });

  test('a layer that is asked for and left out of the environment', () => {
    expect(problems({ only: 'network,bootstrap' })).toEqual([
      'STRATA_LAYERS: "bootstrap" is not configured in environment "dev"; add it to environments.dev.layers',
    ]);
    expect(problems({ only: 'bootstrap', environment: 'staging' })).toEqual([]);
  });

  test('layers to add that are no JSON, or not there, or wrong', () => {
    expect(problems({ add: 'jobs' })).toEqual([
      'STRATA_ADD_LAYERS: "jobs" is not an object in JSON; use {"jobs":{"kinds":{"sentiment":{}}}}',
    ]);
    expect(problems({ add: '{"netwrk":{}}' })).toEqual([
      'environments.dev.layers.netwrk: unknown key; allowed are bootstrap, network, compute; did you mean "network"?',
    ]);
  });

  test('every mistake of every environment at once, with what was asked for', () => {
    const environments = {
      dev: { region: 'eu', layers: { network: { natGateways: 'singel' } } },
      prod: { namePrefix: 'prod', deletionProtecton: true, layers: { compute: { logRetentionDays: '7' }, netwrk: {} } },
    };
    expect(problems({ only: 'x' }, { environments, project: 'My Shop' })).toEqual([
      'project: "My Shop" is not allowed; use 1 to 32 lower-case letters, digits and hyphens, starting with a letter',
      'environments.dev.region: "eu" is not allowed; use an AWS region such as ap-northeast-2',
      'environments.dev.layers.network.natGateways: "singel" is not allowed; use one of "none", "single", "per-az"; did you mean "single"?',
      'environments.prod.layers.compute.logRetentionDays: "7" is not allowed; use a number',
      'environments.prod.layers.netwrk: unknown key; allowed are bootstrap, network, compute; did you mean "network"?',
      'environments.prod.deletionProtecton: unknown key; allowed are region, namePrefix, state, deletionProtection, maxSecurityGroupRules, allowedAccountIds, owners, tags, neighbours, layers; did you mean "deletionProtection"?',
      'STRATA_LAYERS: "x" does not exist; use one of bootstrap, network, compute',
    ]);
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['no environments', { environments: undefined }, ['environments: is missing; use an object']],
    ['no project', { project: undefined }, ['project: is missing; use a string']],
    [
      'a name that cannot be part of a key',
      { environment: 'Dev', environments: { Dev: {} } },
      [
        'environment: "Dev" is not allowed; use 1 to 32 lower-case letters, digits and hyphens, starting with a letter',
        'environments.Dev: use 1 to 32 lower-case letters, digits and hyphens, starting with a letter',
      ],
    ],
  ])('%s', (_title, changed, expected) => {
    expect(problems({}, changed)).toEqual(expected);
  });

  test.each<[object, string]>([
    [{ state: { type: 'gcs' } }, 'state.type: "gcs" is not allowed; use one of "local", "s3", "cloud"'],
    [
      { state: { type: 's3', bucket: 'Shop', region: 'x' } },
      'state.bucket: "Shop" is not allowed; use a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
    ],
    [{ deletionProtection: 'no' }, 'deletionProtection: "no" is not allowed; use a boolean'],
    [{ allowedAccountIds: [] }, 'allowedAccountIds: has too few entries; use at least 1 entry'],
    [
      { allowedAccountIds: ['1234'] },
      'allowedAccountIds[0]: "1234" is not allowed; use an AWS account id of 12 digits, as a string',
    ],
    [{ allowedAccountIds: [123456789012] }, 'allowedAccountIds[0]: 123456789012 is not allowed; use a string'],
    [
      { owners: { netwrk: 'me' } },
      'owners.netwrk: unknown key; allowed are bootstrap, network, compute; did you mean "network"?',
    ],
    [{ owners: { network: '' } }, 'owners.network: "" is not allowed; use at least 1 character'],
    [{ tags: { 'aws:x': 'y' } }, 'tags.aws:x: use a key that does not start with "aws:", which AWS reserves'],
    [
      { tags: { owner: 'y' } },
      'tags.owner: use another key than project, environment, layer, version, owner, which every layer sets itself; IAM tells no case apart',
    ],
    [{ tags: { ['k'.repeat(129)]: 'y' } }, `tags.${'k'.repeat(129)}: use at most 128 characters`],
    [{ tags: { cost: 7 } }, 'tags.cost: 7 is not allowed; use a string'],
    [
      { neighbours: { network: { projct: 'x' } } },
      'neighbours.network.projct: unknown key; allowed are project, environment, stack, state; did you mean "project"?',
    ],
    [
      { neighbours: { network: { stack: 'Net' } } },
      'neighbours.network.stack: "Net" is not allowed; use 1 to 32 lower-case letters, digits and hyphens, starting with a letter',
    ],
  ])('%j', (environment, problem) => {
    expect(problems({}, { environments: { dev: environment } })).toEqual([`environments.dev.${problem}`]);
  });

  test('in a message that says where to look', () => {
    expect(() => read({ environment: 'prd' })).toThrow(
      /^1 problem in the context of cdktf\.json:\n {2}- STRATA_ENVIRONMENT: /,
    );
  });
});

describe('one prefix for all names of an environment', () => {
  const prefixed = {
    network: z.strictObject({ namePrefix: z.string().max(5).optional(), name: z.string().default('n') }).prefault({}),
    compute: z.strictObject({ namePrefix: z.string().optional() }).optional(),
    registry: z.strictObject({ other: z.number().default(1) }).prefault({}),
  };
  const of = (environments: Record<string, unknown>) =>
    readEnvironment({ context: { project: 'shop', environment: 'dev', environments }, layers: prefixed });
  const refused = (environments: Record<string, unknown>): readonly string[] => {
    try {
      of(environments);
    } catch (error) {
      if (ConfigError.isConfigError(error)) return error.problems;
      throw error;
    }
    return [];
  };

  test('reaches each layer that takes one, and no layer that is left out', () => {
    expect(of({ dev: { namePrefix: 'blue' } }).config).toEqual({
      network: { namePrefix: 'blue', name: 'n' },
      compute: undefined,
      registry: { other: 1 },
    });
    const { config } = of({ dev: { namePrefix: 'blue', layers: { compute: {}, network: { name: 'm' } } } });
    expect(config).toMatchObject({ compute: { namePrefix: 'blue' }, network: { namePrefix: 'blue', name: 'm' } });
  });

  test('is counted by the rules of a layer', () => {
    expect(refused({ dev: { namePrefix: 'purple' } })).toEqual([
      'environments.dev.layers.network.namePrefix: "purple" is not allowed; use at most 5 characters',
    ]);
  });

  test('is no key of a layer', () => {
    expect(refused({ dev: { layers: { compute: { namePrefix: 'blue' } } } })).toEqual([
      'environments.dev.layers.compute.namePrefix: it is a key of the environment, which all layers obey; write environments.dev.namePrefix',
    ]);
  });

  test.each<[string, object, object, number]>([
    ['both have none', {}, {}, 1],
    ['both have the same', { namePrefix: 'a' }, { namePrefix: 'a' }, 1],
    ['they share an account', { allowedAccountIds: ['123456789012'] }, { allowedAccountIds: ['123456789012'] }, 1],
    ['one may go anywhere', { allowedAccountIds: ['123456789012'] }, {}, 1],
    ['they differ', { namePrefix: 'a' }, {}, 0],
    ['accounts differ', { allowedAccountIds: ['123456789012'] }, { allowedAccountIds: ['210987654321'] }, 0],
  ])('two environments whose names would meet are refused: %s', (_, dev, test, count) => {
    expect(refused({ dev, test })).toEqual(
      Array.from({ length: count }, () =>
        expect.stringMatching(
          /^environments\.test\.namePrefix: names of "test" and "dev" meet in one account; give one/,
        ),
      ),
    );
  });
});
