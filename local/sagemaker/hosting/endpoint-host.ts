import type { ContainerDefinition, ProductionVariant } from '@aws-sdk/client-sagemaker';
import { join } from 'node:path';
import type { Settings } from '../settings';
import type { Deployment } from '../state';
import { ContainerStartError, type ContainerCommand } from './container';
import type { ContainerRecord } from './container-record';
import type { ModelData } from './model-data';
import { Variant } from './variant';

export interface HostingProps {
  /** How the process of an image is started here. */
  readonly command: (image: string) => Promise<ContainerCommand>;
  readonly modelData: ModelData;
  /** Folder for the containers' logs. */
  readonly logs: string;
  readonly settings: Settings;
  readonly record: ContainerRecord;
  readonly onEvent: (text: string) => void;
}

interface Fleet {
  readonly production: readonly Variant[];
  readonly shadows: readonly Variant[];
}

/**
 * An endpoint's containers. At an update the new ones are healthy before the first request reaches them, and the old
 * ones end after their last answer.
 */
export class EndpointHost {
  #fleet: Fleet = { production: [], shadows: [] };
  #weights = new Map<string, number>();
  #closing: Promise<unknown> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(
    readonly name: string,
    private readonly props: HostingProps,
  ) {}

  /**
   * Starts the containers of a deployment beside those that serve, and then switches to them. When one does not
   * start, nothing changes.
   * @throws Error in SageMaker's words, with the container's own
   */
  async deploy(deployment: Deployment): Promise<void> {
    const { ProductionVariants = [], ShadowProductionVariants = [] } = deployment.config;
    const next = await this.#start([...ProductionVariants, ...ShadowProductionVariants], deployment);
    const previous = this.#fleet;
    this.#fleet = {
      production: next.slice(0, ProductionVariants.length),
      shadows: next.slice(ProductionVariants.length),
    };
    this.#weights = new Map(next.map(({ name, props }) => [name, props.variant.InitialVariantWeight ?? 1]));
    // Requests under way still use the previous fleet; each of its containers ends after its last answer.
    this.#closing = Promise.all([this.#closing, ...closeAll(previous)]);
  }

  async #start(variants: readonly ProductionVariant[], deployment: Deployment): Promise<Variant[]> {
    const started = await Promise.allSettled(variants.map((variant) => this.#startVariant(variant, deployment)));
    const failed = started.find((result) => result.status === 'rejected');
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (failed === undefined && !this.#abort.signal.aborted) return running;
    await Promise.all(running.map((variant) => variant.close()));
    throw failed?.reason ?? new Error('the endpoint was deleted');
  }

  async #startVariant(variant: ProductionVariant, { models }: Deployment): Promise<Variant> {
    const name = variant.VariantName ?? 'AllTraffic';
    const model: ContainerDefinition = models[variant.ModelName ?? ''] ?? {};
    const logFile = join(this.props.logs, this.name, `${name}.log`);
    try {
      const [command, modelDirectory] = await Promise.all([
        this.props.command(model.Image ?? ''),
        this.props.modelData.folder(model),
      ]);
      const { settings, record, onEvent } = this.props;
      return await Variant.start(
        {
          variant,
          model,
          start: { command, modelDirectory, logFile, settings, record },
          onEvent: (text) => onEvent(`endpoint ${this.name}: ${text}`),
        },
        this.#abort.signal,
      );
    } catch (error) {
      if (!(error instanceof ContainerStartError)) throw error;
      throw new Error(
        `The primary container for production variant ${name} did not pass the ping health check. Please ` +
          `check its log, ${logFile}: ${error.message}`,
      );
    }
  }

  get isServing(): boolean {
    return this.#fleet.production.length > 0;
  }

  variant(name: string): Variant | undefined {
    return this.#fleet.production.find((variant) => variant.name === name);
  }

  /** A variant by chance, each in proportion to its weight; undefined when all weights are 0. */
  choose(): Variant | undefined {
    const { production } = this.#fleet;
    const total = production.reduce((sum, { name }) => sum + this.weight(name), 0);
    if (total <= 0) return undefined;
    let point = Math.random() * total;
    const chosen = production.find(({ name }) => (point -= this.weight(name)) < 0);
    return chosen ?? production.at(-1);
  }

  /**
   * Shadow variants that get a copy of this request: the share is the shadow's weight over the production variant's, at
   * most all. https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
   */
  shadows(of: Variant): readonly Variant[] {
    const weight = this.weight(of.name);
    return this.#fleet.shadows.filter(({ name }) => weight > 0 && Math.random() < this.weight(name) / weight);
  }

  weight(variant: string): number {
    return this.#weights.get(variant) ?? 0;
  }

  setWeight(variant: string, weight: number): void {
    this.#weights.set(variant, weight);
  }

  /** Ends all containers once their requests are answered. */
  async close(): Promise<void> {
    this.#abort.abort();
    const previous = this.#fleet;
    this.#fleet = { production: [], shadows: [] };
    await Promise.all([this.#closing, ...closeAll(previous)]);
  }
}

function closeAll({ production, shadows }: Fleet): Promise<void>[] {
  return [...production, ...shadows].map((variant) => variant.close());
}
