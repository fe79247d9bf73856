import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One request to AWS as a patch sees it: which service and operation it is, and its body when it is asked for. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Service name of the signature (`ecs`, `s3`, `application-autoscaling`), empty when the request is not signed. */
  readonly service: string;
  readonly region: string;
  /** Operation of the JSON and query protocols (`DescribeServices`); empty for REST, where method and url say it. */
  readonly operation: string;
  /** Reads the whole body once; the upstream request is then sent with what was read. */
  body(): Promise<Buffer>;
}

const SCOPE = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Reads service, region and operation from the headers, and from the body for the query protocol only. */
export async function readAwsRequest(
  message: IncomingMessage,
): Promise<{ request: AwsRequest; bodyRead: () => Promise<Buffer> | undefined }> {
  let read: Promise<Buffer> | undefined;
  const body = (): Promise<Buffer> => (read ??= readAll(message));

  const scope = SCOPE.exec(message.headers.authorization ?? '');
  const target = header(message.headers['x-amz-target']);
  let operation = target.slice(target.lastIndexOf('.') + 1);
  if (operation === '' && header(message.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    operation = new URLSearchParams((await body()).toString('utf8')).get('Action') ?? '';
  }
  const request: AwsRequest = {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers: message.headers,
    service: scope?.[2] ?? '',
    region: scope?.[1] ?? '',
    operation,
    body,
  };
  return { request, bodyRead: () => read };
}

function header(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
}

/** Everything a stream holds. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
