import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import labels from './fake-endpoint-labels.json';
import { Roles } from '../sagemaker/roles';
import type { TaskRole } from '../sagemaker/task-role';

export interface FakeEndpointProps {
  /** @default 0, a free port */
  readonly port?: number;
  /** Endpoints that exist; others are answered as AWS answers them. @default ['image-classifier'] */
  readonly endpoints?: readonly string[];
  /** How long an answer takes. @default 0 */
  readonly latencyMilliseconds?: number;
  /**
   * By access key, the task role that signs with it; a request of such a role is checked against what the role allows.
   * @default none is checked
   */
  readonly roles?: ReadonlyMap<string, TaskRole>;
  /** Answers in place of the model, for what a model cannot be made to do; false leaves the request to it. */
  readonly respond?: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;
}

export interface FakeEndpoint {
  readonly url: string;
  readonly server: Server;
  /** What came in so far. */
  readonly received: { requests: number; bytes: number };
  close(): Promise<void>;
}

/**
 * Speaks the SageMaker runtime's HTTP form of InvokeEndpoint, so that the real SDK reaches it by an endpoint override.
 * It looks at no photo: its probabilities come from the file's checksum, and it says so in the model's name and by
 * `standIn`.
 */
export async function startFakeEndpoint(props: FakeEndpointProps = {}): Promise<FakeEndpoint> {
  const endpoints = props.endpoints ?? ['image-classifier'];
  const received = { requests: 0, bytes: 0 };
  const roles = new Roles();
  for (const [key, role] of props.roles ?? []) roles.set(key, role);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    received.requests += 1;
    received.bytes += body.length;
    if (props.respond?.(request, response, body) === true) return;
    if (props.latencyMilliseconds !== undefined && props.latencyMilliseconds > 0)
      await pause(props.latencyMilliseconds);

    const name = /^\/endpoints\/([^/]+)\/invocations$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || name === undefined)
      return refuse(
        response,
        404,
        'UnknownOperationException',
        'only POST /endpoints/<name>/invocations is known here',
      );
    const refusal = await roles.refusal(accessKey(request), 'sagemaker:InvokeEndpoint', name);
    if (refusal !== undefined) return refuse(response, 403, 'AccessDeniedException', refusal);
    if (!endpoints.includes(name))
      return refuse(response, 400, 'ValidationError', `Endpoint ${name} of account 000000000000 not found.`);
    const text = JSON.stringify(fakeAnswer(body));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-amzn-invoked-production-variant': 'stand-in',
    });
    response.end(text);
  };

  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(props.port ?? 0, '127.0.0.1', resolve),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a model would answer, made from the file's checksum. */
export function fakeAnswer(body: Buffer): object {
  const digest = createHash('md5').update(body).digest();
  const weights = labels.map((_label, index) => Math.exp((digest[index]! / 255) * 5));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    model: { name: 'stand-in', version: '0', standIn: true },
    labels,
    predictions: [{ probabilities: weights.map((weight) => weight / sum) }],
  };
}

/** The access key in a Signature Version 4 header. */
function accessKey(request: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  const text = JSON.stringify({ __type: type, message, Message: message });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-errortype': type,
  });
  response.end(text);
}
