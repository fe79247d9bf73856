// An HTTP API of API Gateway on this machine: routes, an authorizer and functions, as the jobs layer has them. The
// emulator keeps records of HTTP APIs and routes nothing.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpAnswer, HttpEvent } from '../../jobs/api/http/event';

export interface HttpApiOptions {
  /** Functions by route, such as `GET /jobs/{jobId}`. */
  readonly routes: Readonly<Record<string, (request: HttpEvent) => Promise<HttpAnswer>>>;
  /** Claims of a bearer token, `undefined` to answer 401. @default no authorizer */
  readonly authorize?: (token: string) => Readonly<Record<string, unknown>> | undefined;
  /** @default a free one */
  readonly port?: number;
}

/** What API Gateway takes of a request. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export class LocalHttpApi {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(options: HttpApiOptions): Promise<LocalHttpApi> {
    const routes = Object.keys(options.routes).map(parseRoute);
    const server = createServer((request, response) => {
      void answer(options, routes, request)
        .catch((error: unknown): HttpAnswer => {
          console.error(error);
          return message(500, 'Internal Server Error');
        })
        .then(({ statusCode, headers, body }) => response.writeHead(statusCode, { ...headers }).end(body));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return new LocalHttpApi(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

interface Route {
  readonly key: string;
  readonly method: string;
  readonly segments: readonly string[];
}

function parseRoute(key: string): Route {
  const [method = '', path = ''] = key.split(' ');
  return { key, method, segments: path.split('/') };
}

async function answer(
  { routes: functions, authorize }: HttpApiOptions,
  routes: readonly Route[],
  request: IncomingMessage,
): Promise<HttpAnswer> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const found = routes
    .map((route) => ({ route, parameters: match(route, request.method ?? '', url.pathname) }))
    .find(({ parameters }) => parameters !== undefined);
  if (found === undefined) return message(404, 'Not Found');
  const claims = authorize?.(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  if (authorize !== undefined && claims === undefined) return message(401, 'Unauthorized');
  const body = await bodyOf(request);
  if (body === undefined) return message(413, 'Request Entity Too Large');
  return await functions[found.route.key]!({
    routeKey: found.route.key,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value!]),
    ),
    pathParameters: found.parameters!,
    queryStringParameters: Object.fromEntries(url.searchParams),
    ...(body.length > 0 && { body: body.toString() }),
    isBase64Encoded: false,
    requestContext: claims === undefined ? {} : { authorizer: { jwt: { claims } } },
  });
}

function match(route: Route, method: string, path: string): Record<string, string> | undefined {
  const given = path.split('/');
  if (route.method !== method || given.length !== route.segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? segment !== given[index] : given[index] === '') return undefined;
    if (name !== undefined) parameters[name] = decodeURIComponent(given[index]!);
  }
  return parameters;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function message(statusCode: number, text: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
}
