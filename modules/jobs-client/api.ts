import { setTimeout as delay } from 'node:timers/promises';
import type { Authorization } from './authorization';
import { JobsApiError } from './errors';

export interface ApiOptions {
  readonly url: string;
  readonly authorization?: Authorization;
  readonly maxAttempts: number;
  readonly fetch: typeof fetch;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 20_000;

/** Statuses after which the same request may succeed; 0 is no answer. */
const TRANSIENT = [0, 408, 425, 429, 500, 502, 503, 504];

/**
 * Sends a request, and again where it did not come through: every call of the API may be repeated.
 * @throws JobsApiError for what the API refused, or still refuses after the last attempt
 */
export function callApi<T>(options: ApiOptions, request: ApiRequest): Promise<T> {
  return withRetries(options.maxAttempts, request.signal, () => callOnce<T>(options, request));
}

/** Does what may be repeated, and repeats it for as long as it fails for a reason that passes. */
export async function withRetries<T>(
  maxAttempts: number,
  signal: AbortSignal | undefined,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt >= maxAttempts || !isTransient(error)) throw error;
      await delay(pauseAfter(error, attempt), undefined, { signal });
    }
  }
}

async function callOnce<T>(options: ApiOptions, { method, path, query = {}, ...request }: ApiRequest): Promise<T> {
  const url = new URL(options.url.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...request.headers,
  };
  const authorized = (await options.authorization?.({ method, url, headers, body })) ?? {};
  const init = { method, headers: { ...headers, ...authorized }, body, signal: request.signal };
  const response = await answerOf(url, () => options.fetch(url, init), request.signal);
  const text = await response.text();
  if (!response.ok) throw refusal(response, text);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new JobsApiError(
      response.status,
      'not_json',
      `${url.origin} answered no JSON; is it the address of the API?`,
    );
  }
}

/** @throws JobsApiError `no_answer` where none came */
export async function answerOf(
  url: string | URL,
  send: () => Promise<Response>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    signal?.throwIfAborted();
    const { message, cause } = error as Error & { readonly cause?: Error };
    const why = cause?.message ?? message;
    throw new JobsApiError(0, 'no_answer', `${new URL(url).origin} did not answer: ${why}`);
  }
}

function refusal(response: Response, text: string): JobsApiError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new JobsApiError(
    response.status,
    ...reasonOf(response, text),
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

/** The API's own, or what API Gateway says where the request does not get to it. */
function reasonOf({ status }: Response, text: string): [code: string, message: string] {
  try {
    const { error, message } = JSON.parse(text) as {
      error?: { code: string; message: string };
      message?: string;
    };
    if (error !== undefined) return [error.code, error.message];
    return [status === 401 || status === 403 ? 'not_authorized' : 'refused', message ?? `HTTP ${status}`];
  } catch {
    return ['refused', `HTTP ${status}: ${text.slice(0, 200)}`];
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof JobsApiError && TRANSIENT.includes(error.status);
}

function pauseAfter(error: unknown, attempt: number): number {
  const asked = error instanceof JobsApiError ? error.retryAfterSeconds : undefined;
  if (asked !== undefined) return Math.min(asked * 1000, LONGEST_PAUSE_MILLISECONDS);
  const longest = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** attempt, LONGEST_PAUSE_MILLISECONDS);
  return longest / 2 + (Math.random() * longest) / 2;
}
