import type { ContainerDefinition, ProductionVariant } from '@aws-sdk/client-sagemaker';
import { setTimeout as pause } from 'node:timers/promises';
import { Container, type ContainerCommand, type ContainerProps } from './container';

const LONGEST_WAIT_MILLISECONDS = 30_000;

export interface VariantProps {
  readonly variant: ProductionVariant;
  readonly model: ContainerDefinition;
  readonly start: Omit<ContainerProps, 'environment' | 'signal'> & { readonly command: ContainerCommand };
  /** Told when a container ended by itself, and when it is back. */
  readonly onEvent: (text: string) => void;
}

/**
 * A production or shadow variant. Whatever its instance count, it is one process here; one that ends by itself is
 * started again.
 */
export class Variant {
  readonly name: string;
  #container: Container | undefined;
  #closed = false;
  readonly #abort = new AbortController();

  private constructor(readonly props: VariantProps) {
    this.name = props.variant.VariantName ?? 'AllTraffic';
  }

  /** @throws ContainerStartError when its container does not become healthy */
  static async start(props: VariantProps, signal: AbortSignal): Promise<Variant> {
    const variant = new Variant(props);
    signal.addEventListener('abort', () => variant.#abort.abort(), { once: true });
    variant.#watch(await variant.#startContainer());
    return variant;
  }

  /** The container, or undefined while a new one is being started. */
  get container(): Container | undefined {
    return this.#container;
  }

  #startContainer(): Promise<Container> {
    return Container.start({
      ...this.props.start,
      environment: this.props.model.Environment ?? {},
      signal: this.#abort.signal,
    });
  }

  #watch(container: Container): void {
    this.#container = container;
    void container.ended.then(async () => {
      if (this.#closed || container.isStopping) return;
      this.#container = undefined;
      this.props.onEvent(
        `the container of variant ${this.name} ended by itself; it is started again. Its log: ${container.logFile}`,
      );
      for (let wait = 500; !this.#closed; wait = Math.min(wait * 2, LONGEST_WAIT_MILLISECONDS)) {
        try {
          const again = await this.#startContainer();
          if (this.#closed) return await again.stop();
          this.#watch(again);
          return this.props.onEvent(`the container of variant ${this.name} runs again`);
        } catch (error) {
          if (this.#closed) return;
          this.props.onEvent(`the container of variant ${this.name} does not start: ${(error as Error).message}`);
          await pause(wait, undefined, { signal: this.#abort.signal }).catch(() => undefined);
        }
      }
    });
  }

  /** Ends it once its requests are answered. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#abort.abort();
    await this.#container?.drain();
  }
}
