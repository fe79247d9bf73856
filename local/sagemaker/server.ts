import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error';
import type { Operations } from './control/operation';
import type { AsyncInvoker } from './runtime/invoke-async';
import type { Invoker } from './runtime/invoke';
import type { Roles } from './roles';

/** Control requests are small. */
const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

export interface ServerProps {
  readonly operations: Operations;
  readonly invoker: Invoker;
  readonly asyncInvoker: AsyncInvoker;
  readonly roles: Roles;
  /** Operations of this server alone, which no SDK knows: `POST /-/<name>`. */
  readonly own: Operations;
}

/**
 * SageMaker's two HTTP forms on one port: the runtime's (`POST /endpoints/<name>/invocations`), and the control API's
 * JSON 1.1 (`POST /` with `X-Amz-Target: SageMaker.<operation>`). The real SDK reaches it by an endpoint override.
 */
export async function listen(
  props: ServerProps,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    // A server that stops answers what is under way, and keeps no connection.
    response.once('finish', () => server.listening || request.socket.end());
    void handle(props, request, response).catch((error: unknown) => answerError(response, error));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function handle(props: ServerProps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amzn-requestid', randomUUID());
  const path = (request.url ?? '/').replace(/\?.*$/, '');
  const [, encoded, kind] = /^\/endpoints\/([^/]+)\/(invocations|async-invocations)$/.exec(path) ?? [];
  if (request.method === 'POST' && encoded !== undefined) {
    const endpoint = decodeURIComponent(encoded);
    const refusal = props.roles.refusal(
      accessKey(request),
      kind === 'invocations' ? 'sagemaker:InvokeEndpoint' : 'sagemaker:InvokeEndpointAsync',
      endpoint,
    );
    if (kind === 'async-invocations') {
      if (refusal !== undefined) throw new AwsError('AccessDeniedException', refusal, 403);
      const { headers, body } = props.asyncInvoker.accept(endpoint, request.headers);
      return answerJson(response, 202, body, headers);
    }
    const body = await read(
      request,
      props.invoker.maxPayloadBytes(endpoint),
      (limit) =>
        new AwsError(
          'ValidationError',
          `Request ${String(response.getHeader('x-amzn-requestid'))} has oversize body: at most ${limit} ` +
            'bytes are taken.',
          413,
        ),
    );
    if (refusal !== undefined) throw new AwsError('AccessDeniedException', refusal, 403);
    const answer = await props.invoker.invoke({ endpoint, headers: request.headers, body });
    response.writeHead(200, { ...answer.headers, 'content-length': answer.body.length });
    response.end(answer.body);
    return;
  }

  const operation = /^SageMaker\.(\w+)$/.exec(String(request.headers['x-amz-target'] ?? ''))?.[1];
  const own = /^\/-\/([\w-]+)$/.exec(path)?.[1];
  const run =
    operation !== undefined && path === '/'
      ? props.operations[operation]
      : own === undefined
        ? undefined
        : props.own[own];
  if (request.method !== 'POST' || run === undefined) {
    request.resume();
    throw new AwsError(
      'UnknownOperationException',
      `${operation ?? `${request.method} ${path}`} is not among what the local SageMaker can do: ` +
        `InvokeEndpoint, InvokeEndpointAsync, ${Object.keys(props.operations).join(', ')}`,
      404,
    );
  }
  const text = (
    await read(
      request,
      MAX_CONTROL_BYTES,
      (limit) => new AwsError('ValidationException', `the request is above ${limit} bytes`, 413),
    )
  ).toString('utf8');
  answerJson(response, 200, await run(parse(text)));
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new AwsError('SerializationException', 'the request is not a JSON object');
}

async function read(request: IncomingMessage, limit: number, tooLarge: (limit: number) => AwsError): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A body that is too large is read to its end, so that the client gets to see the answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  if (bytes > limit) throw tooLarge(limit);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** The access key in a Signature Version 4 header. */
function accessKey(request: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function answerJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, unknown> = {},
): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    ...(headers as Record<string, string>),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const known =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', error instanceof Error ? (error.stack ?? error.message) : String(error), 500);
  // The two protocols spell the message differently; the SDKs read whichever they know.
  answerJson(
    response,
    known.status,
    { __type: known.type, message: known.message, Message: known.message, ...known.members },
    { 'x-amzn-errortype': known.type, 'content-type': 'application/json' },
  );
}
