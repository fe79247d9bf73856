import {
  Agent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';

import { readAll, readAwsRequest } from './aws-request';
import { type Answer, type Forward, type ForwardChanges, type Patch, PATCHES, type Reply } from './patches';
import type { Refusals } from './refusals';

/** Path the shim answers itself: who it is, and whether moto behind it is up. */
export const HEALTH_PATH = '/_strata/health';

/** Path the shim is told at which role an access key belongs to: JSON with `accessKeyId`, `roleArn` and `session`. */
export const CALLERS_PATH = '/_strata/callers';

/** Path at which the shim tells what the calls since the last time took, where it records that. */
export const RECORD_PATH = '/_strata/record';

export interface ShimOptions {
  /** Port of moto on 127.0.0.1. */
  readonly motoPort: number;
  /** Settles when moto answers: requests wait for it, and fail with 503 when it rejects. @default moto is up already */
  readonly ready?: Promise<unknown>;
  /** What the health path tells besides `ready`. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** @default PATCHES */
  readonly patches?: readonly Patch[];
  /** What refuses before anything is passed on. @default nothing */
  readonly refusals?: Refusals;
}

/**
 * The HTTP server in front of moto. A request that no patch matches is passed on byte for byte in both directions,
 * streaming, with its Host header: bodies, HEAD, chunks, `Expect` and host-style S3 addresses are moto's business
 * alone.
 */
export function createShim(options: ShimOptions): Server {
  const patches = options.patches ?? PATCHES;
  const ready = options.ready ?? Promise.resolve();
  const agent = new Agent({ keepAlive: false });
  let isReady = false;
  let failure: string | undefined;
  ready.then(
    () => {
      isReady = true;
    },
    (error: unknown) => {
      failure = error instanceof Error ? error.message : String(error);
    },
  );
  let answers = new Map<Patch, Answer>(patches.map((patch) => [patch, patch.open()]));

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (message.url === HEALTH_PATH) {
      response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...options.identity, ready: isReady, failure }));
      return;
    }
    await ready;
    // Moto's own reset leaves nothing behind, so neither do the patches.
    if (message.method === 'POST' && message.url?.startsWith('/moto-api/reset') === true) {
      answers = new Map(patches.map((patch) => [patch, patch.open()]));
      options.refusals?.reset();
    }
    if (message.method === 'POST' && message.url === CALLERS_PATH) {
      const told = JSON.parse((await readAll(message)).toString('utf8')) as Record<string, string | undefined>;
      await options.refusals?.tell(told.accessKeyId ?? '', told.roleArn ?? '', told.session);
      response.writeHead(204).end();
      return;
    }

    if (message.url === RECORD_PATH) {
      const record = await options.refusals?.record();
      response.writeHead(record === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(record ?? { message: 'start the emulator with STRATA_EMULATOR_RECORD=on' }));
      return;
    }

    const { request, bodyRead } = await readAwsRequest(message);
    const refused = await options.refusals?.answer(request, endpointOf(server));
    if (refused !== undefined) {
      answerWith(message, response, refused);
      return;
    }
    const patch = patches.find((candidate) => candidate.matches(request));
    const answer = patch === undefined ? undefined : answers.get(patch);
    if (answer === undefined) {
      const body = await bodyRead();
      passOn(message, response, options.motoPort, agent, body);
      return;
    }
    const forward: Forward = async (changes) => {
      const body = changes?.body ?? (await request.body());
      const reply = await send(message, options.motoPort, agent, body, changes);
      return { status: reply.statusCode ?? 502, headers: withoutFraming(reply.headers), body: await readAll(reply) };
    };
    answerWith(message, response, await answer(request, forward));
  };

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => fail(response, error));
  });
  // `Expect: 100-continue`: the interim answer is the shim's, the body then flows like any other.
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    server.emit('request', message, response);
  });
  server.on('connect', (_message: IncomingMessage, socket: Duplex) => socket.destroy());
  // An apply may hold a connection for long between two calls; the client decides when it is over.
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.on('close', () => agent.destroy());
  return server;
}

function endpointOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function answerWith(message: IncomingMessage, response: ServerResponse, reply: Reply): void {
  // A body that was not read would stand before the connection's next request.
  message.resume();
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
  response.end(message.method === 'HEAD' ? undefined : reply.body);
}

function passOn(
  message: IncomingMessage,
  response: ServerResponse,
  port: number,
  agent: Agent,
  body: Buffer | undefined,
): void {
  const upstream = httpRequest(upstreamOptions(message, port, agent, body), (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.statusMessage, withoutHopByHop(reply.rawHeaders));
    reply.pipe(response);
    reply.on('error', (error) => response.destroy(error));
  });
  upstream.on('error', (error) => fail(response, error));
  response.on('close', () => upstream.destroy());
  if (body === undefined) message.pipe(upstream);
  else upstream.end(body);
}

function send(
  message: IncomingMessage,
  port: number,
  agent: Agent,
  body: Buffer,
  { method, path, operation }: Omit<ForwardChanges, 'body'> = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const as = upstreamOptions(message, port, agent, body);
    const options = { ...as, method: method ?? as.method, path: path ?? as.path };
    if (operation !== undefined) options.headers = withOperation(options.headers, operation);
    const upstream = httpRequest(options, resolve);
    upstream.on('error', reject);
    upstream.end(body);
  });
}

function upstreamOptions(message: IncomingMessage, port: number, agent: Agent, body: Buffer | undefined) {
  const headers = pairs(message.rawHeaders).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
  const framing = new Set(['content-length', 'transfer-encoding']);
  const kept = body === undefined ? headers : headers.filter(([name]) => !framing.has(name.toLowerCase()));
  if (body !== undefined && (body.length > 0 || headers.length !== kept.length))
    kept.push(['Content-Length', String(body.length)]);
  return {
    host: '127.0.0.1',
    port,
    agent,
    method: message.method,
    path: message.url,
    setHost: false,
    headers: kept.flat(),
  };
}

function withOperation(headers: readonly string[], operation: string): string[] {
  return pairs(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'x-amz-target'
      ? [name, `${value.slice(0, value.lastIndexOf('.') + 1)}${operation}`]
      : [name, value],
  );
}

/** Headers that are about one connection; `Expect` was answered here already. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']);

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return result;
}

function withoutHopByHop(raw: readonly string[]): string[] {
  return pairs(raw)
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
    .flat();
}

function withoutFraming(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  const framing = ['content-length', 'transfer-encoding', ...HOP_BY_HOP];
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !framing.includes(name) && value !== undefined),
  ) as Record<string, string | string[]>;
}

function fail(response: ServerResponse, error: unknown): void {
  const text = `the AWS emulator could not answer: ${error instanceof Error ? error.message : String(error)}`;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(503, { 'content-type': 'application/json', 'x-amzn-errortype': 'ServiceUnavailable' });
  response.end(JSON.stringify({ __type: 'ServiceUnavailable', message: text }));
}
