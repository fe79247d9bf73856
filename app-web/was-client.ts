import { HttpError, traceHeader } from '@strata/service-runtime';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { buildConnector, errors, Pool, type Dispatcher } from 'undici';

/** The most of an answer that is read; app-was's are a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const ANSWER_MILLISECONDS = 10_000;
const CONNECT_ATTEMPTS = 3;
const CONNECT_MILLISECONDS = 3_000;
/**
 * Idle connections are closed before the load balancer closes them (60 s): a request must not meet one that is
 * being closed.
 */
const IDLE_MILLISECONDS = 45_000;

/** What app-was answered: always JSON. */
export interface WasAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | undefined;
}

export interface WasCall {
  readonly method: 'GET' | 'POST';
  readonly path: '/health' | '/ready' | '/classify/image' | '/jobs' | `/jobs/${string}`;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Sent as it arrives: no more of it is held than is on its way. */
  readonly body?: IncomingMessage;
  /** How long app-was may be silent, seen from the last byte sent. */
  readonly timeoutSeconds: number;
}

/** Client for app-was (the web application server), at the address that the environment configures. */
export class WasClient {
  readonly #pool: Pool;

  constructor(origin: string, maxConnections: number) {
    this.#pool = new Pool(origin, {
      connections: maxConnections,
      connect: connector(),
      keepAliveTimeout: IDLE_MILLISECONDS,
      keepAliveMaxTimeout: IDLE_MILLISECONDS,
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  /**
   * Sends a request to app-was.
   * @throws HttpError 502 `was_unreachable` or `was_answer_invalid`, 504 `was_timeout`; the signal's reason when it
   *   aborts.
   */
  async call(call: WasCall): Promise<WasAnswer> {
    const { statusCode, headers, body } = await this.#request(call);
    const text = await readText(body, call.signal);
    if (!/^application\/json\b/i.test(String(headers['content-type'] ?? '')))
      throw invalid(`content type "${String(headers['content-type'])}"`);
    const retryAfter = headers['retry-after'];
    try {
      return {
        status: statusCode,
        body: JSON.parse(text),
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      };
    } catch {
      throw invalid('no JSON');
    }
  }

  async #request({ method, path, headers, requestId, signal, body, timeoutSeconds }: WasCall): Promise<Response> {
    const upload = body === undefined ? undefined : uploadOf(body);
    try {
      return await this.#pool.request({
        method,
        path,
        headers: { accept: 'application/json', ...headers, ...traceHeader(requestId) },
        body: upload ?? null,
        signal,
        // Counted from the last byte sent.
        headersTimeout: timeoutSeconds * 1000,
      });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof errors.HeadersTimeoutError)
        throw new HttpError(504, 'was_timeout', 'app-was took too long to answer; try again', { retryAfterSeconds: 5 });
      throw unreachable(cause);
    }
  }
}

type Response = Dispatcher.ResponseData;

/** Opens connections. Nothing has been sent until one is open, so a retry is safe. */
function connector(): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_MILLISECONDS });
  return (options, done) => {
    const attempt = (number: number): void =>
      connect(options, (...result) => {
        if (result[0] === null || number === CONNECT_ATTEMPTS) done(...result);
        else setTimeout(attempt, 50 * number + Math.random() * 100, number + 1);
      });
    attempt(1);
  };
}

/**
 * The upload as undici takes it. It ends a body that it could not send, and ending the browser's request itself would
 * also end the connection on which the browser waits for the answer.
 */
function uploadOf(body: IncomingMessage): PassThrough {
  const upload = new PassThrough();
  // From here on, undici reports every error of the body as an error of the request, too.
  upload.on('error', () => undefined);
  return body.pipe(upload);
}

async function readText(body: Response['body'], signal: AbortSignal): Promise<string> {
  const timer = setTimeout(() => body.destroy(new Error('the answer does not end')), ANSWER_MILLISECONDS);
  try {
    return await body.text();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw invalid(cause);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(cause: unknown): HttpError {
  return new HttpError(502, 'was_unreachable', 'app-was cannot be reached; try again in a moment', {
    cause,
    retryAfterSeconds: 5,
  });
}

function invalid(cause: unknown): HttpError {
  return new HttpError(502, 'was_answer_invalid', 'app-was gave an answer that cannot be understood', { cause });
}
