import { HttpError, traceHeader } from '@strata/service-runtime';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

/** The most of an answer that is read; app-was's are a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const CONNECT_ATTEMPTS = 3;
const CONNECT_MILLISECONDS = 3_000;

/** What app-was answered: always JSON. */
export interface WasAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | undefined;
}

export interface WasCall {
  readonly method: 'GET' | 'POST';
  readonly path: '/health' | '/ready' | '/classify/image';
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Sent as it arrives: no more of it is held than is on its way. */
  readonly body?: IncomingMessage;
  /** How long app-was may be silent, seen from the last byte sent. */
  readonly timeoutSeconds: number;
}

/** app-was, at the one address that the environment gives. */
export class WasClient {
  readonly #origin: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(origin: string, maxConnections: number) {
    this.#origin = new URL(origin);
    // Idle connections are given up before the load balancer gives them up (60 s): a request must not meet one that is
    // being closed.
    const options = {
      keepAlive: true,
      maxSockets: maxConnections,
      maxFreeSockets: 256,
      timeout: 45_000,
      scheduling: 'lifo',
    } as const;
    this.#agent = this.#origin.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Asks app-was.
   * @throws HttpError 502 `was_unreachable` or `was_answer_invalid`, 504 `was_timeout`; the signal's reason when it
   *   aborts.
   */
  async call(call: WasCall): Promise<WasAnswer> {
    const request = await this.#connect(call);
    const response = await this.#exchange(request, call);
    const text = await readText(response, call.signal);
    if (!/^application\/json\b/i.test(response.headers['content-type'] ?? ''))
      throw invalid(`content type "${response.headers['content-type']}"`);
    try {
      return { status: response.statusCode ?? 0, body: JSON.parse(text), retryAfter: response.headers['retry-after'] };
    } catch {
      throw invalid('no JSON');
    }
  }

  /** A request on a connection that stands. Until then nothing was sent, so that another attempt is safe. */
  async #connect(call: WasCall): Promise<ClientRequest> {
    for (let attempt = 1; ; attempt += 1) {
      call.signal.throwIfAborted();
      const request = (this.#origin.protocol === 'https:' ? httpsRequest : httpRequest)({
        protocol: this.#origin.protocol,
        hostname: this.#origin.hostname.replace(/^\[|\]$/g, ''),
        port: this.#origin.port,
        method: call.method,
        path: call.path,
        headers: { accept: 'application/json', ...call.headers, ...traceHeader(call.requestId) },
        agent: this.#agent,
      });
      try {
        await connected(request, call.signal);
        return request;
      } catch (cause) {
        request.on('error', () => undefined).destroy();
        if (call.signal.aborted) throw call.signal.reason;
        if (attempt === CONNECT_ATTEMPTS) throw unreachable(cause);
        await pause(50 * attempt + Math.random() * 100);
      }
    }
  }

  #exchange(request: ClientRequest, call: WasCall): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { body, signal } = call;
      const finish = (action: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        body?.off('data', onData);
        action();
      };
      const fail = (error: unknown): void =>
        finish(() => {
          body?.unpipe(request);
          // Whatever the connection says from here on is old news.
          request.on('error', () => undefined).destroy();
          reject(error);
        });
      const onAbort = (): void => fail(signal.reason);
      const onData = (): void => void timer.refresh();
      const timer = setTimeout(
        () =>
          fail(
            new HttpError(504, 'was_timeout', 'app-was took too long to answer; try again', { retryAfterSeconds: 5 }),
          ),
        call.timeoutSeconds * 1000,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      request.once('error', (cause) => fail(unreachable(cause)));
      request.once('response', (response: IncomingMessage) =>
        finish(() => {
          // An answer before the end of the upload is a refusal: no need to send the rest.
          if (body !== undefined && !body.readableEnded) {
            body.unpipe(request);
            response.once('close', () => request.destroy());
          }
          resolve(response);
        }),
      );
      if (body === undefined) request.end();
      else {
        body.on('data', onData);
        body.pipe(request);
      }
    });
  }
}

function connected(request: ClientRequest, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (action: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      request.off('error', onError);
      action();
    };
    const onError = (error: unknown): void => done(() => reject(error));
    const onAbort = (): void => done(() => reject(signal.reason));
    const timer = setTimeout(() => done(() => reject(new Error('no connection in time'))), CONNECT_MILLISECONDS);
    signal.addEventListener('abort', onAbort, { once: true });
    request.once('error', onError);
    request.once('socket', (socket) => {
      if (!socket.connecting) done(resolve);
      else socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', () => done(resolve));
    });
    // Headers go out with the connection, the body when it is piped.
    request.flushHeaders();
  });
}

async function readText(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(new Error('the answer does not end')), 10_000);
  const onAbort = (): void => void response.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw invalid(cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
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
