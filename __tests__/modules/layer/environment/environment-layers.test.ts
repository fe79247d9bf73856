import { App, Testing, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { defineContract, t } from '@strata/contract';
import {
  EnvironmentLayers,
  LayerStack,
  readEnvironment,
  type EnvironmentOptions,
  type LayerProps,
} from '@strata/layer';
import * as z from 'zod';

const contractOf = (layer: string) =>
  defineContract({
    layer,
    owner: 'platform',
    version: '1.0.0',
    outputs: { name: { type: t.string, description: 'Name', example: 'example' } },
  });
const [network, model] = [contractOf('network'), contractOf('model')];

interface NamedProps extends LayerProps {
  readonly config?: { readonly name?: string };
}

class NamedStack extends LayerStack {
  readonly name?: string;

  constructor(
    scope: Construct,
    id: string,
    props: NamedProps,
    layer = { stackId: id, owner: 'team', version: '1.0.0' },
  ) {
    super(scope, id, { ...props, layer });
    this.name = props.config?.name;
  }
}

interface WebProps extends NamedProps {
  readonly modelLayer?: 'required' | 'if-deployed';
}

class WebStack extends NamedStack {
  readonly modelLayer: string;

  constructor(scope: Construct, id: string, props: WebProps) {
    const definition = { stackId: id, owner: 'team', version: '1.0.0' };
    super(scope, id, props, Object.assign(definition, { reads: ['network'], readsIfDeployed: ['model'] }));
    this.modelLayer = props.modelLayer ?? 'if-deployed';
    this.read(network, '^1.0');
    if (props.modelLayer === 'required') this.read(model, '^1.0');
    else this.readIfDeployed(model, '^1.0', { name: 'none' });
  }
}

const named = z.strictObject({ name: z.string().default('plain') });
const schemas = { web: named.prefault({}), network: named.prefault({}), model: named.optional() };

function environmentOf(layers: object, options: Pick<EnvironmentOptions<typeof schemas>, 'only'> = {}) {
  const context = { project: 'shop', environment: 'dev', environments: { dev: { layers } } };
  return readEnvironment({ context, layers: schemas, ...options });
}

/** Which stacks there are, and what each depends on. The reader comes first, as order must not matter. */
function dependencies(
  layers: object,
  { only, modelLayer }: { only?: string; modelLayer?: WebProps['modelLayer'] } = {},
) {
  const app = Testing.app();
  const made = new EnvironmentLayers(app, environmentOf(layers, { only }));
  made.add('web', WebStack, { modelLayer });
  made.add('network', NamedStack);
  made.add('model', NamedStack);
  new TerraformStack(app, 'no-layer');
  made.order();
  return Object.fromEntries(
    app.node.children
      .filter((child) => LayerStack.isLayerStack(child))
      .map((stack) => [stack.node.id, stack.dependencies.map(({ node }) => node.id)]),
  );
}

test('a layer is made from its config and what all layers share; one that is not configured is left out', () => {
  const app = Testing.app();
  const layers = new EnvironmentLayers(app, environmentOf({ web: { name: 'shop-web' } }));
  layers.add('web', WebStack, { modelLayer: 'required' });
  layers.add('network', NamedStack);
  layers.add('model', NamedStack);
  expect(app.node.children.map(({ node }) => node.id)).toEqual(['web', 'network']);
  expect(app.node.children[0]).toMatchObject({
    name: 'shop-web',
    modelLayer: 'required',
    project: 'shop',
    environment: 'dev',
  });
});

test('a layer comes after those that it reads, and does without those that it reads if they are deployed', () => {
  expect(dependencies({ model: {} })).toEqual({ web: ['network'], network: [], model: [] });
});

test('a layer that reads a contract unconditionally comes after it, whatever its definition does without', () => {
  expect(dependencies({ model: {} }, { modelLayer: 'required' })).toMatchObject({ web: ['network', 'model'] });
});

test('layers that are chosen by name are put in order, also those that a layer can do without', () => {
  expect(dependencies({ model: {} }, { only: 'web,model' })).toEqual({ web: ['model'], model: [] });
  expect(dependencies({ model: {} }, { only: 'web' })).toEqual({ web: [] });
  expect(dependencies({ model: {} }, { only: '' })).toMatchObject({ web: ['network'] });
});

test('what another layer is configured with can be looked up, also for a layer that is not made', () => {
  const environment = environmentOf({ model: { name: 'flowers' } }, { only: 'web' });
  expect(environment.fromConfig('model', ({ name }) => name)).toBe('flowers');
  expect(environment.configures('model')).toBe(true);
  expect(environmentOf({}).fromConfig('model', ({ name }) => name)).toBeUndefined();
  expect(environmentOf({}).configures('model')).toBe(false);
});

test('what a layer does not take, or another config than its own, does not compile', () => {
  class StrictStack extends LayerStack {
    constructor(scope: Construct, id: string, props: LayerProps & { readonly region2: string }) {
      super(scope, id, { ...props, layer: { stackId: id, owner: 'team', version: '1.0.0' } });
    }
  }
  class OtherStack extends LayerStack {
    constructor(scope: Construct, id: string, props: LayerProps & { readonly config?: { readonly name: number } }) {
      super(scope, id, { ...props, layer: { stackId: id, owner: 'team', version: '1.0.0' } });
    }
  }
  const layers = new EnvironmentLayers(new App(), environmentOf({}));
  const attempts = () => {
    // @ts-expect-error no such prop
    layers.add('web', WebStack, { modelLayr: 'required' });
    // @ts-expect-error region2 is missing
    layers.add('web', StrictStack);
    // @ts-expect-error the layer's name is a string
    layers.add('web', OtherStack);
    // @ts-expect-error no such layer
    layers.add('wep', NamedStack);
  };
  expect(attempts).toBeInstanceOf(Function);
});
