import { HttpError } from '@strata/service-runtime';
import type { ModelEndpoint } from './endpoint';
import type { ModelAnswer } from './model-answer';

/** A small photo that every model can decode: a green square, 32 x 32. */
export const PROBE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAKklEQVRIx2Ow6XGjKWIYtWDUglELRi0YtWDUglELRi0YtWDUglELhooFAOPMOD3RZe5vAAAAAElFTkSuQmCC',
  'base64',
);

/** How long an answer, good or bad, remains valid. */
const FRESH_MILLISECONDS = 10_000;

export type EndpointState =
  | { readonly ok: true; readonly model: ModelAnswer['model'] }
  | { readonly ok: false; readonly code: string };

/**
 * Whether the endpoint answers. Users' photos show that for free. Without a recent one, a small photo is sent: one at
 * a time and at most one every ten seconds, no matter how often `state` is called.
 */
export class EndpointReadiness {
  readonly #endpoint: ModelEndpoint;
  #state: EndpointState | undefined;
  #since = 0;
  #asking: Promise<EndpointState> | undefined;

  constructor(endpoint: ModelEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Records the outcome of a user's photo. */
  note(state: EndpointState): void {
    this.#state = state;
    this.#since = performance.now();
  }

  async state(requestId: string): Promise<EndpointState> {
    if (this.#state !== undefined && performance.now() - this.#since < FRESH_MILLISECONDS) return this.#state;
    this.#asking ??= this.#ask(requestId).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(requestId: string): Promise<EndpointState> {
    const state = await this.#endpoint
      .classify({ image: PROBE, type: 'image/png', requestId, signal: new AbortController().signal })
      .then<EndpointState, EndpointState>(
        ({ model }) => ({ ok: true, model }),
        (error: unknown) => ({ ok: false, code: error instanceof HttpError ? error.code : 'internal' }),
      );
    this.note(state);
    return state;
  }
}
