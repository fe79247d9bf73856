import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  configureBackend,
  neighbourState,
  stateLocation,
  statePath,
  workspaceName,
  type StateBackend,
  type StateKey,
} from '@strata/state';
import { stateBackendConfig } from '@strata/state/config';

const key: StateKey = { project: 'shop', environment: 'dev', layer: 'network' };
const kmsKeyId = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
const roleArn = 'arn:aws:iam::123456789012:role/state';
const local = { type: 'local', directory: '/state' } as const;
const s3 = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;
const cloud = { type: 'cloud', organization: 'shop-org' } as const;

interface Json {
  readonly terraform: { readonly backend?: object; readonly cloud?: object };
  readonly data: {
    readonly terraform_remote_state: Readonly<Record<string, { readonly backend: string; readonly config: object }>>;
  };
}

function synth(fill: (stack: TerraformStack) => void): Json {
  const stack = new TerraformStack(Testing.app(), 'stack');
  fill(stack);
  return JSON.parse(Testing.synth(stack)) as Json;
}

const written = (backend: StateBackend, of: StateKey = key) =>
  synth((stack) => configureBackend(stack, backend, of)).terraform;
const read = (backend: StateBackend) =>
  synth((stack) => neighbourState(backend, key).readState(stack, 'network')).data.terraform_remote_state.network;

describe('the backend of a layer', () => {
  test.each<[string, StateBackend, object]>([
    ['local', local, { backend: { local: { path: '/state/shop/dev/network.tfstate' } } }],
    [
      'local, with every default',
      { type: 'local' },
      { backend: { local: { path: path.resolve('.strata/state/shop/dev/network.tfstate') } } },
    ],
    [
      's3, which locks by a file in the bucket and leaves the encryption to it',
      s3,
      {
        backend: {
          s3: { bucket: 'shop-state', region: 'ap-northeast-2', key: 'shop/dev/network.tfstate', use_lockfile: true },
        },
      },
    ],
    [
      's3 with every option',
      { ...s3, prefix: 'team/states', kmsKeyId, roleArn },
      {
        backend: {
          s3: {
            bucket: 'shop-state',
            region: 'ap-northeast-2',
            key: 'team/states/shop/dev/network.tfstate',
            use_lockfile: true,
            encrypt: true,
            kms_key_id: kmsKeyId,
            assume_role: { role_arn: roleArn },
          },
        },
      },
    ],
    [
      'cloud',
      cloud,
      { cloud: { organization: 'shop-org', hostname: 'app.terraform.io', workspaces: { name: 'shop-dev-network' } } },
    ],
    [
      'cloud with every option',
      { ...cloud, hostname: 'tfe.example.com', project: 'shop' },
      {
        cloud: {
          organization: 'shop-org',
          hostname: 'tfe.example.com',
          workspaces: { name: 'shop-dev-network', project: 'shop' },
        },
      },
    ],
  ])('%s', (_, backend, expected) => {
    expect(written(backend)).toEqual(expected);
  });
});

describe('the state of a neighbour', () => {
  test.each<[string, StateBackend, object]>([
    ['local', local, { backend: 'local', config: { path: '/state/shop/dev/network.tfstate' } }],
    [
      's3',
      s3,
      { backend: 's3', config: { bucket: 'shop-state', region: 'ap-northeast-2', key: 'shop/dev/network.tfstate' } },
    ],
    [
      's3 with every option; the key that encrypts is known to S3',
      { ...s3, prefix: 'team/states', kmsKeyId, roleArn },
      {
        backend: 's3',
        config: {
          bucket: 'shop-state',
          region: 'ap-northeast-2',
          key: 'team/states/shop/dev/network.tfstate',
          assume_role: { role_arn: roleArn },
        },
      },
    ],
    [
      'cloud',
      cloud,
      {
        backend: 'remote',
        config: { organization: 'shop-org', hostname: 'app.terraform.io', workspaces: { name: 'shop-dev-network' } },
      },
    ],
    [
      'cloud with every option',
      { ...cloud, hostname: 'tfe.example.com', project: 'shop' },
      {
        backend: 'remote',
        config: { organization: 'shop-org', hostname: 'tfe.example.com', workspaces: { name: 'shop-dev-network' } },
      },
    ],
  ])('%s', (_, backend, expected) => {
    expect(read(backend)).toEqual(expected);
  });

  test.each<[StateBackend, string, string | undefined]>([
    [local, '/state/shop/dev/network.tfstate', '/state/shop/dev/network.tfstate'],
    [{ ...s3, prefix: 'team' }, 's3://shop-state/team/shop/dev/network.tfstate', undefined],
    [cloud, 'workspace shop-org/shop-dev-network on app.terraform.io', undefined],
    [{ ...cloud, hostname: 'tfe.example.com' }, 'workspace shop-org/shop-dev-network on tfe.example.com', undefined],
  ])('%j is said to be in %s', (backend, location, file) => {
    expect(neighbourState(backend, key)).toMatchObject({ location, file });
    expect(stateLocation(backend, key)).toBe(location);
  });
});

describe('whether a neighbour has a state', () => {
  const told = (backend: StateBackend, providerRegion?: string) => {
    const json = synth((stack) => {
      const value = neighbourState(backend, key, { providerRegion }).exists!(stack, 'state-of-network');
      new TerraformOutput(stack, 'exists', { value, staticId: true });
    }) as Json & {
      readonly output: { readonly exists: { readonly value: string } };
      readonly provider?: { readonly aws: readonly object[] };
    };
    const objects = (json.data as { aws_s3_objects?: object } | undefined)?.aws_s3_objects;
    return {
      exists: json.output.exists.value,
      objects: objects && Object.values(objects),
      providers: json.provider?.aws,
    };
  };

  test('local: the file is looked for now; an empty one is a lock and no state', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'strata-state-'));
    try {
      const file = path.join(directory, 'shop', 'dev', 'network.tfstate');
      const exists = () =>
        neighbourState({ type: 'local', directory }, key).exists!(
          new TerraformStack(Testing.app(), 'stack'),
          'state-of-network',
        );
      expect(exists()).toBe(false);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, '');
      expect(exists()).toBe(false);
      writeFileSync(file, '{}');
      expect(exists()).toBe(true);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test("s3: its key is listed, with the provider of the stack where that is in the bucket's region", () => {
    const objects = [{ bucket: 'shop-state', prefix: 'shop/dev/network.tfstate', max_keys: 1 }];
    const exists = '${contains(data.aws_s3_objects.state-of-network.keys, "shop/dev/network.tfstate")}';
    expect(told(s3, 'ap-northeast-2')).toEqual({ exists, objects, providers: undefined });
    expect(told({ ...s3, prefix: 'team' }, 'ap-northeast-2').objects).toEqual([
      { ...objects[0], prefix: 'team/shop/dev/network.tfstate' },
    ]);
  });

  test.each<[string, StateBackend, string | undefined, object]>([
    ['in another region', s3, 'eu-west-1', { alias: 'state-of-network', region: 'ap-northeast-2' }],
    [
      "where the provider's region is not known",
      s3,
      undefined,
      { alias: 'state-of-network', region: 'ap-northeast-2' },
    ],
    [
      'with a role',
      { ...s3, roleArn },
      'ap-northeast-2',
      { alias: 'state-of-network', region: 'ap-northeast-2', assume_role: [{ role_arn: roleArn }] },
    ],
  ])('s3, %s: with a provider of its own', (_, backend, region, provider) => {
    expect(told(backend, region)).toMatchObject({
      objects: [{ provider: 'aws.state-of-network' }],
      providers: [provider],
    });
  });

  test('cloud: it cannot be told', () => {
    expect(neighbourState(cloud, key).exists).toBeUndefined();
  });
});

test('keys and workspaces are made of project, environment and layer', () => {
  expect(statePath(key)).toBe('shop/dev/network.tfstate');
  expect(workspaceName(key)).toBe('shop-dev-network');
});

describe('refused', () => {
  const withToken = (act: (stack: TerraformStack, token: string) => void) => () =>
    synth((stack) => act(stack, new TerraformVariable(stack, 'name', { type: 'string' }).stringValue));
  const message = (name: string) =>
    `state of layer "network": ${name} holds a value that is only known to Terraform; a backend is read before Terraform resolves anything, so use a plain string`;

  test.each<[string, (token: string) => StateBackend]>([
    ['directory', (token) => ({ ...local, directory: token })],
    ['bucket', (token) => ({ ...s3, bucket: token })],
    ['region', (token) => ({ ...s3, region: token })],
    ['prefix', (token) => ({ ...s3, prefix: `team-${token}` })],
    ['kmsKeyId', (token) => ({ ...s3, kmsKeyId: token })],
    ['roleArn', (token) => ({ ...s3, roleArn: token })],
    ['organization', (token) => ({ ...cloud, organization: token })],
    ['hostname', (token) => ({ ...cloud, hostname: token })],
    ['project', (token) => ({ ...cloud, project: token })],
  ])('a token in %s, to write and to read', (name, backend) => {
    expect(withToken((stack, token) => configureBackend(stack, backend(token), key))).toThrow(message(name));
    expect(withToken((_, token) => neighbourState(backend(token), key))).toThrow(message(name));
  });

  test('an expression written out by hand', () => {
    expect(() => written({ ...s3, bucket: '${var.bucket}' })).toThrow(message('bucket'));
  });

  test('a token in the key', () => {
    expect(withToken((stack, token) => configureBackend(stack, s3, { ...key, environment: token }))).toThrow(
      message('environment'),
    );
    expect(withToken((_, token) => neighbourState(s3, { ...key, environment: token }))).toThrow(message('environment'));
  });

  test.each<[keyof StateKey, string]>([
    ['project', 'Shop'],
    ['project', ''],
    ['environment', 'a/b'],
    ['environment', '../prod'],
    ['layer', '-network'],
    ['layer', 'net_work'],
  ])('the %s "%s", to write and to read', (part, name) => {
    const of = { ...key, [part]: name };
    const expected = `state of layer "${of.layer}": ${part} "${name}" cannot be part of a state key; use lower-case letters, digits and hyphens`;
    expect(() => written(s3, of)).toThrow(expected);
    expect(() => neighbourState(s3, of)).toThrow(expected);
  });
});

describe('a backend in the configuration', () => {
  const problems = (value: unknown) =>
    stateBackendConfig.safeParse(value).error?.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`) ??
    [];

  test('has defaults', () => {
    expect(stateBackendConfig.parse({ type: 'local' })).toEqual({ type: 'local', directory: '.strata/state' });
    expect(stateBackendConfig.parse(s3)).toEqual(s3);
    expect(stateBackendConfig.parse(cloud)).toEqual({ ...cloud, hostname: 'app.terraform.io' });
  });

  test.each<[object, string]>([
    [{ type: 'gcs' }, 'type: '],
    [{ ...local, bucket: 'x' }, ': Unrecognized key: "bucket"'],
    [{ ...s3, directory: 'x' }, ': Unrecognized key: "directory"'],
    [{ ...cloud, region: 'x' }, ': Unrecognized key: "region"'],
    [{ type: 'local', directory: '' }, 'directory: '],
    [{ ...s3, bucket: 'Shop' }, 'bucket: use a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens'],
    [{ ...s3, region: '' }, 'region: '],
    [{ ...s3, prefix: '/states' }, 'prefix: use a prefix without a slash at either end or two in a row'],
    [{ ...s3, prefix: 'states/' }, 'prefix: use a prefix without a slash at either end or two in a row'],
    [{ ...s3, prefix: 'team//states' }, 'prefix: use a prefix without a slash at either end or two in a row'],
    [{ ...s3, kmsKeyId: '' }, 'kmsKeyId: '],
    [{ ...s3, roleArn: 'state' }, 'roleArn: use the ARN of a role'],
    [{ type: 's3', region: 'ap-northeast-2' }, 'bucket: '],
    [{ type: 's3', bucket: 'shop-state' }, 'region: '],
    [{ type: 'cloud' }, 'organization: '],
    [{ ...cloud, organization: '' }, 'organization: '],
    [{ ...cloud, hostname: '' }, 'hostname: '],
    [{ ...cloud, project: '' }, 'project: '],
  ])('%j is refused', (value, problem) => {
    expect(problems(value)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(['s', 'team/states', 'Team states'])('the prefix "%s" is allowed', (prefix) => {
    expect(problems({ ...s3, prefix })).toEqual([]);
  });
});
