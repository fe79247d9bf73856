import { HttpError } from './http-error';

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * Bounds what a service works on at once, in number and in bytes held. Who does not fit waits in line for a while; who
 * finds the line full, or waits too long, is turned away at once rather than made to slow down everyone.
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
   * Waits for a place for a request that will hold up to `bytes`.
   * @returns a function that gives the place back; calling it again does nothing.
   * @throws HttpError 503 `overloaded` when there is no place; the signal's reason when it aborts.
   */
  async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#line.size === 0 && this.#fits(bytes)) return this.#take(bytes);
    if (this.#line.size >= this.#limits.maxWaiting) throw overloaded();
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        // Whoever stood behind the one that left may fit.
        if (this.#line.delete(waiting)) this.#advance();
        reject(reason);
      };
      const onAbort = (): void => leave(signal.reason);
      const timer = setTimeout(() => leave(overloaded()), this.#limits.maxWaitSeconds * 1000);
      const waiting: Waiting = {
        bytes,
        enter: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          resolve(this.#take(bytes));
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#line.add(waiting);
    });
  }

  /** A request larger than the whole budget is let in when it is alone. */
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
      next.enter();
    }
  }
}

function overloaded(): HttpError {
  return new HttpError(503, 'overloaded', 'too many requests are being worked on; try again in a moment', {
    retryAfterSeconds: 2,
  });
}
