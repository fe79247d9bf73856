import { DataResource, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { resolve } from 'node:path';
import { defineContract, t } from '@strata/contract';
import type { ContractRequirement } from '@strata/contract/terraform';
import type * as layerPackage from '@strata/layer';
import {
  AWS_PROVIDER_VERSION,
  LayerStack,
  TERRAFORM_VERSION,
  type LayerDefinition,
  type LayerProps,
} from '@strata/layer';
import { ValidationError } from '@strata/core';

const networkContract = defineContract({
  layer: 'network',
  owner: 'platform-network',
  version: '1.2.0',
  outputs: { vpcId: { type: t.string, description: 'Id of the VPC', example: 'vpc-example' } },
});
const registryContract = defineContract({
  layer: 'registry',
  owner: 'platform-registry',
  version: '1.0.0',
  outputs: { url: { type: t.string, description: 'URL', example: 'example.com' } },
});
const webContract = defineContract({
  layer: 'web',
  owner: 'web-team',
  version: '3.1.0',
  outputs: { address: { type: t.string, description: 'Address', example: 'http://x' } },
});

const DEFINITION: LayerDefinition = {
  stackId: 'web',
  owner: webContract.owner,
  version: '0.4.2',
  reads: ['network', 'registry'],
};
const props: LayerProps = {
  project: 'shop',
  environment: 'dev',
  region: 'ap-northeast-2',
  state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' },
};

interface WebOptions {
  readonly definition?: LayerDefinition;
  readonly range?: string;
  readonly requirements?: readonly ContractRequirement[];
}

class WebStack extends LayerStack {
  constructor(
    scope: ReturnType<typeof Testing.app>,
    id: string,
    layerProps: LayerProps,
    { definition = DEFINITION, range = '^1.1', requirements }: WebOptions = {},
  ) {
    super(scope, id, { ...layerProps, layer: definition });
    const network = this.read(networkContract, range, requirements);
    const registry = this.read(registryContract, '^1.0');
    new DataResource(this, 'service', { input: { vpc: network.vpcId, url: registry.url } });
    this.publish(webContract, { address: `http://${network.vpcId}` });
  }
}

interface Json {
  readonly terraform: {
    readonly required_version: string;
    readonly required_providers: { readonly aws: object };
    readonly backend: Readonly<Record<string, object>>;
  };
  readonly provider: { readonly aws: readonly [{ readonly default_tags: readonly [{ readonly tags: object }] }] };
  readonly data?: {
    readonly terraform_remote_state?: Readonly<
      Record<
        string,
        {
          readonly backend: string;
          readonly config: object;
          readonly lifecycle: { readonly postcondition: readonly { readonly error_message: string }[] };
        }
      >
    >;
  };
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resource: { readonly terraform_data: Readonly<Record<string, { readonly input: object }>> };
}

function synth(more: Partial<LayerProps> = {}, options: WebOptions = {}, id = 'web'): Json {
  return JSON.parse(Testing.synth(new WebStack(Testing.app(), id, { ...props, ...more }, options))) as Json;
}

describe('every layer', () => {
  test('asks for the versions that it is valid for', () => {
    const { terraform } = synth();
    expect(terraform.required_version).toBe('>= 1.10.0');
    expect(terraform.required_providers.aws).toEqual({ source: 'aws', version: '>= 5.100.0, < 7.0.0' });
    expect([TERRAFORM_VERSION, AWS_PROVIDER_VERSION]).toEqual(['>= 1.10.0', '>= 5.100.0, < 7.0.0']);
  });

  test('has its state under project, environment and the id of its stack', () => {
    expect(synth().terraform.backend.s3).toMatchObject({
      bucket: 'shop-state',
      key: 'shop/dev/web.tfstate',
      use_lockfile: true,
    });
    expect(synth({}, {}, 'web-tokyo').terraform.backend.s3).toMatchObject({ key: 'shop/dev/web-tokyo.tfstate' });
    expect(synth({ state: { type: 'local', directory: '/state' } }).terraform.backend).toEqual({
      local: { path: '/state/shop/dev/web.tfstate' },
    });
  });

  test('tags what it makes', () => {
    expect(synth().provider.aws[0].default_tags).toEqual([
      { tags: { project: 'shop', environment: 'dev', layer: 'web', version: '0.4.2', owner: 'web-team' } },
    ]);
  });

  test('with the tags and the owner of the environment, which do not replace its own', () => {
    const tags = synth({ tags: { cost: 'c-7', layer: 'other', version: '9' }, owner: 'platform' }, {}, 'web-tokyo')
      .provider.aws[0].default_tags[0].tags;
    expect(tags).toEqual({
      cost: 'c-7',
      project: 'shop',
      environment: 'dev',
      layer: 'web',
      version: '0.4.2',
      owner: 'platform',
    });
  });

  test('is made in its region, in any account unless some are named', () => {
    expect(synth().provider.aws[0]).toMatchObject({ region: 'ap-northeast-2' });
    expect(synth().provider.aws[0]).not.toHaveProperty('allowed_account_ids');
    expect(synth({ region: 'us-east-1', allowedAccountIds: ['123456789012'] }).provider.aws[0]).toMatchObject({
      region: 'us-east-1',
      allowed_account_ids: ['123456789012'],
    });
  });

  test('is protected from deletion unless the environment says otherwise', () => {
    const layer = (deletionProtection?: boolean) =>
      new WebStack(Testing.app(), 'web', { ...props, deletionProtection });
    expect(layer().deletionProtection).toBe(true);
    expect(layer(true).deletionProtection).toBe(true);
    expect(layer(false).deletionProtection).toBe(false);
    expect(layer()).toMatchObject({ project: 'shop', environment: 'dev', region: 'ap-northeast-2' });
  });

  test('publishes its contract', () => {
    const { output } = synth();
    expect(output).toMatchObject({
      contract_name: { value: 'web' },
      contract_version: { value: '3.1.0' },
      address: { value: 'http://${data.terraform_remote_state.network.outputs.vpc_id}' },
    });
  });

  test('cannot be referred to by another stack', () => {
    const app = Testing.app();
    const layer = new WebStack(app, 'web', props);
    const other = new TerraformStack(app, 'other');
    new TerraformOutput(other, 'id', { value: (layer.node.findChild('service') as DataResource).id });
    expect(() => app.synth()).toThrow(
      /layer "web": another stack refers to terraform_data\.\w+\.id directly; publish it as an output of the layer's contract/,
    );
  });
});

describe('a neighbour is read', () => {
  const readFrom = (more: Partial<LayerProps> = {}) => synth(more).data!.terraform_remote_state!;

  test('from the same project, environment and backend', () => {
    expect(readFrom()).toMatchObject({
      network: { backend: 's3', config: { bucket: 'shop-state', key: 'shop/dev/network.tfstate' } },
      registry: { backend: 's3', config: { bucket: 'shop-state', key: 'shop/dev/registry.tfstate' } },
    });
  });

  test.each<[string, NonNullable<LayerProps['neighbours']>[string], string, object]>([
    ['project', { project: 'platform' }, 's3', { bucket: 'shop-state', key: 'platform/dev/network.tfstate' }],
    ['environment', { environment: 'shared' }, 's3', { bucket: 'shop-state', key: 'shop/shared/network.tfstate' }],
    ['stack', { stack: 'network-tokyo' }, 's3', { bucket: 'shop-state', key: 'shop/dev/network-tokyo.tfstate' }],
    [
      'backend',
      { state: { type: 'local', directory: '/elsewhere' } },
      'local',
      { path: '/elsewhere/shop/dev/network.tfstate' },
    ],
    [
      'all of them',
      { project: 'platform', environment: 'shared', stack: 'net', state: { type: 'cloud', organization: 'org' } },
      'remote',
      { organization: 'org', workspaces: { name: 'platform-shared-net' } },
    ],
  ])('from another %s where the environment says so; the others are not', (_title, from, backend, config) => {
    const states = readFrom({ neighbours: { network: from } });
    expect(states.network).toMatchObject({ backend, config });
    expect(states.registry).toMatchObject({
      backend: 's3',
      config: { bucket: 'shop-state', key: 'shop/dev/registry.tfstate' },
    });
  });

  test('the message at plan says where', () => {
    const [published] = readFrom({ neighbours: { network: { project: 'platform', stack: 'net' } } }).network!.lifecycle
      .postcondition;
    expect(published!.error_message).toContain(
      'but the state in s3://shop-state/platform/dev/net.tfstate publishes contract',
    );
  });

  test('with what the layer needs of it', () => {
    const requirements = [{ condition: 'self.outputs.vpc_id != ""', message: 'it has no VPC', outputs: ['vpcId'] }];
    const { postcondition } = synth({}, { requirements }).data!.terraform_remote_state!.network!.lifecycle;
    expect(postcondition.at(-1)).toEqual({
      condition: '${try(self.outputs.vpc_id != "", true)}',
      error_message:
        'layer "web" reads contract "network" (owner platform-network) in the range ^1.1, but it has no VPC',
    });
    expect(synth().data!.terraform_remote_state!.network!.lifecycle.postcondition).toHaveLength(
      postcondition.length - 1,
    );
  });

  test('in the range that the layer declares', () => {
    expect(() => synth({}, { range: '^2.0' })).toThrow(
      'layer "web" reads contract "network" (owner platform-network) in the range ^2.0, but the version installed is 1.2.0',
    );
  });

  test("only where the layer's definition names it", () => {
    for (const definition of [
      { ...DEFINITION, reads: ['registry'] },
      { ...DEFINITION, reads: undefined },
    ]) {
      expect(() => synth({}, { definition })).toThrow(ValidationError);
      expect(() => synth({}, { definition })).toThrow(
        '[web] contract "network" is read but not declared; add it to "reads" or "readsIfDeployed" in the ' +
          'definition of layer "web"',
      );
    }
  });
});

describe('a neighbour that need not be there', () => {
  class OptionalStack extends LayerStack {
    readonly canTell: boolean;

    constructor(layerProps: LayerProps, definition = DEFINITION) {
      super(Testing.app(), 'web', { ...layerProps, layer: definition });
      this.canTell = this.canTellIfDeployed('registry');
      const { outputs, isDeployed } = this.readIfDeployed(registryContract, '^1.0', { url: 'none.example.com' });
      new DataResource(this, 'service', { input: { url: outputs.url, found: isDeployed } });
    }
  }
  const synthOptional = (more: Partial<LayerProps> = {}) =>
    JSON.parse(Testing.synth(new OptionalStack({ ...props, ...more }))) as Json & {
      readonly data: Readonly<Record<string, object>>;
      readonly locals: object;
    };

  test('is read if it is deployed, where state is looked for as ever', () => {
    const { data, locals } = synthOptional({ neighbours: { registry: { project: 'platform' } } });
    expect(data.terraform_remote_state).toMatchObject({
      registry: { config: { key: 'platform/dev/registry.tfstate' } },
    });
    expect(Object.values(data.aws_s3_objects!)).toEqual([
      { bucket: 'shop-state', prefix: 'platform/dev/registry.tfstate', max_keys: 1 },
    ]);
    expect(JSON.stringify(locals)).toContain('none.example.com');
  });

  test('whether that can be told depends on where its state lives', () => {
    const cloud = { type: 'cloud', organization: 'org' } as const;
    expect(new OptionalStack(props).canTell).toBe(true);
    expect(
      new OptionalStack({ ...props, state: cloud, neighbours: { registry: { state: { type: 'local' } } } }).canTell,
    ).toBe(true);
    expect(() => new OptionalStack({ ...props, state: cloud })).toThrow(
      'in the range ^1.0 if it is deployed, but Terraform cannot tell whether there is a state in workspace org/shop-dev-registry',
    );
  });

  test('need not be deployed before, if the definition says so', () => {
    const definition = { ...DEFINITION, reads: ['network'], readsIfDeployed: ['registry'] };
    expect(new OptionalStack(props, definition).requiredLayers).toEqual(['network']);
    expect(new WebStack(Testing.app(), 'web', props, { definition }).requiredLayers).toEqual(['network', 'registry']);
  });

  test("only where the layer's definition names it", () => {
    expect(() => new OptionalStack(props, { ...DEFINITION, reads: ['network'] })).toThrow(
      '[web] contract "registry" is read but not declared',
    );
  });

  test('can be a fixture', () => {
    expect(synthOptional({ fixtures: true }).resource.terraform_data).toHaveProperty('fixtures_are_for_planning_only');
  });
});

test('a layer is told from other stacks, also one of another copy of the package', () => {
  const stack = new WebStack(Testing.app(), 'web', props);
  expect(LayerStack.isLayerStack(stack)).toBe(true);
  expect(LayerStack.isLayerStack(new TerraformStack(Testing.app(), 'plain'))).toBe(false);
  expect([undefined, null, 'web'].map((value) => LayerStack.isLayerStack(value))).toEqual([false, false, false]);
  jest.isolateModules(() => {
    const copy = jest.requireActual<typeof layerPackage>('@strata/layer');
    expect(copy.LayerStack).not.toBe(LayerStack);
    expect(copy.LayerStack.isLayerStack(stack)).toBe(true);
  });
});

describe('fixtures', () => {
  const FIXTURE_STATE = { local: { path: resolve('.strata/fixtures/web.tfstate') } };

  test.each<[string, LayerProps['fixtures'], readonly string[], object]>([
    ['of all neighbours', true, [], { vpc: 'vpc-example', url: 'example.com' }],
    [
      'of one neighbour',
      ['network'],
      ['registry'],
      { vpc: 'vpc-example', url: '${data.terraform_remote_state.registry.outputs.url}' },
    ],
  ])('%s: it has a state of its own and refuses to be applied', (_title, fixtures, states, input) => {
    const json = synth({ fixtures });
    expect(Object.keys(json.data?.terraform_remote_state ?? {})).toEqual(states);
    expect(json.terraform.backend).toEqual(FIXTURE_STATE);
    expect(json.resource.terraform_data).toHaveProperty('fixtures_are_for_planning_only');
    expect(Object.values(json.resource.terraform_data).map((resource) => resource.input)).toContainEqual(input);
  });

  test.each<[string, LayerProps['fixtures']]>([
    ['none', false],
    ['an empty list', []],
    ['of a layer that it does not read', ['ml']],
    ['not given', undefined],
  ])('%s: it is what it always is', (_title, fixtures) => {
    expect(synth({ fixtures })).toEqual(synth());
  });
});
