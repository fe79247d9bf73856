import type { App } from 'cdktf';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import { LayerStack, type LayerProps } from '../layer';
import type { LayerSchemas } from './layer-schemas';
import type { Environment } from './read-environment';

/** The class of a layer's stack. */
export type LayerClass = new (scope: Construct, id: string, props: never) => LayerStack;

type PropsOf<C extends LayerClass> = ConstructorParameters<C>[2];

/** The props of a layer's stack besides those that come from the environment. */
export type OwnProps<C extends LayerClass> = Omit<PropsOf<C>, keyof LayerProps | 'config'>;

/** `C` if its props take the layer's config, else `never`. */
type Accepting<C extends LayerClass, Config> =
  LayerProps & OwnProps<C> & { readonly config: Config } extends PropsOf<C> ? C : never;

/** The layers of one environment in an app: creates their stacks and orders them. */
export class EnvironmentLayers<L extends LayerSchemas> {
  constructor(
    private readonly app: App,
    private readonly environment: Environment<L>,
  ) {}

  /**
   * Creates a layer's stack as the environment configures it, or nothing if the layer is not synthesized.
   * @param layer id of the layer, and of its stack
   * @param props what the layer takes besides its config and what all layers share
   */
  add<K extends keyof L & string, C extends LayerClass>(
    layer: K,
    // A layer that is synthesized is configured, though an environment may leave it out.
    Stack: C & Accepting<C, Exclude<z.output<L[K]>, undefined>>,
    ...[props]: Partial<OwnProps<C>> extends OwnProps<C> ? [props?: OwnProps<C>] : [props: OwnProps<C>]
  ): void {
    const { environment } = this;
    if (!environment.has(layer)) return;
    const shared = { ...environment.propsFor(layer), config: environment.config[layer] };
    new Stack(this.app, layer, { ...props, ...shared } as never);
  }

  /**
   * Makes every stack depend on those whose contracts it reads, as its layer declares. Call it once, after all stacks
   * are created.
   *
   * An optional layer (`readsIfDeployed`) becomes a dependency only if the layers were selected by name: the CLI
   * refuses to deploy a stack without its dependencies.
   */
  order(): void {
    const stacks = this.app.node.children.filter((child) => LayerStack.isLayerStack(child));
    for (const stack of stacks) {
      const optional = this.environment.isSelection ? (stack.layer.readsIfDeployed ?? []) : [];
      for (const id of new Set([...stack.requiredLayers, ...optional]))
        for (const neighbour of stacks) if (neighbour.layer.stackId === id) stack.addDependency(neighbour);
    }
  }
}
