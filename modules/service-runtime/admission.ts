import { HttpError } from './http-error';

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/**
 * Bounds the requests that a service works on concurrently, in number and in bytes held. A request that does not fit
 * waits in line for a while. When the line is full, or the wait too long, it is rejected rather than slowing down all
 * others.
 */
export class Admission {
  readonly #limits: {
    readonly maxInFlight: number;
    readonly maxBytes: number;
    readonly maxWaiting: number;
    readonly maxWaitSeconds: number;
  };
  readonly #line = new Set<Waiting>();
  #inFlight = 0;
  #bytes = 0;

  constructor(limits: {
    readonly maxInFlight: number;
    readonly maxBytes: number;
    readonly maxWaiting: number;
    readonly maxWaitSeconds: number;
  }) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#line.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Waits for a slot for a request that will hold up to `bytes`.
   * @returns the function that releases the slot; calling it twice does nothing more.
   * @throws HttpError 503 `overloaded` when there is no slot; the signal's reason when it aborts.
   */
  async acquire(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#line.size === 0 && this.#fits(bytes)) return this.#take(bytes);
    if (this.#line.size >= this.#limits.maxWaiting) throw overloaded();
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        // The request behind the one that left may fit.
        if (this.#line.delete(waiting)) this.#advance();
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal.reason);
      const timer = setTimeout(() => giveUp(overloaded()), this.#limits.maxWaitSeconds * 1000);
      const waiting: Waiting = {
        bytes,
        admit: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          resolve(this.#take(bytes));
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#line.add(waiting);
    });
  }

  /** A request larger than the whole budget is admitted when it is alone. */
  #fits(bytes: number): boolean {
    return (
      this.#inFlight < this.#limits.maxInFlight &&
      (this.#bytes + bytes <= this.#limits.maxBytes || this.#inFlight === 0)
    );
  }

  #take(bytes: number): () => void {
    this.#inFlight += 1;
    this.#bytes += bytes;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#inFlight -= 1;
      this.#bytes -= bytes;
      this.#advance();
    };
  }

  #advance(): void {
    for (const next of this.#line) {
      if (!this.#fits(next.bytes)) return;
      this.#line.delete(next);
      next.admit();
    }
  }
}

function overloaded(): HttpError {
  return new HttpError(503, 'overloaded', 'too many requests are being worked on; try again in a moment', {
    retryAfterSeconds: 2,
  });
}
