import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readAll } from '../../../local/aws/aws-request';
import type { Patch } from '../../../local/aws/patches';
import { createShim, HEALTH_PATH } from '../../../local/aws/shim';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function shimInFrontOf(
  upstream: (message: IncomingMessage, response: ServerResponse) => void,
  options: { patches?: Patch[]; ready?: Promise<void> } = {},
) {
  return listen(createShim({ motoPort: await listen(createServer(upstream)), patches: [], ...options }));
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function call(
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string>; chunks?: (string | Buffer)[] },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const message = request(
      {
        host: '127.0.0.1',
        port,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        headers: options.headers,
        agent: false,
      },
      (reply) => {
        readAll(reply).then(
          (body) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: body.toString() }),
          reject,
        );
      },
    );
    message.on('error', reject);
    const send = (): void => {
      for (const chunk of options.chunks ?? []) message.write(chunk);
      message.end();
    };
    if (options.headers?.expect === undefined) send();
    else message.on('continue', send);
  });
}

const echo = (message: IncomingMessage, response: ServerResponse): void => {
  void readAll(message).then((body) => {
    response.setHeader(
      'x-echo',
      JSON.stringify({ method: message.method, url: message.url, headers: message.headers, length: body.length }),
    );
    response.end(body);
  });
};
const seen = (answer: Answer) =>
  JSON.parse(String(answer.headers['x-echo'])) as {
    method: string;
    url: string;
    headers: Record<string, string>;
    length: number;
  };

describe('what no patch matches passes through', () => {
  it('with method, path, query, Host and body untouched', async () => {
    const port = await shimInFrontOf(echo);
    const answer = await call(port, {
      method: 'PUT',
      path: '/a%2Fb/c?x=1&list-type=2',
      headers: { host: 'bucket.s3.example', 'content-length': '5' },
      chunks: ['hello'],
    });
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
    expect(seen(answer)).toMatchObject({
      method: 'PUT',
      url: '/a%2Fb/c?x=1&list-type=2',
      length: 5,
      headers: { host: 'bucket.s3.example', 'content-length': '5' },
    });
  });

  it('in chunks, and after 100-continue', async () => {
    const port = await shimInFrontOf(echo);
    const big = Buffer.alloc(300_000, 'x');
    const chunked = await call(port, { method: 'PUT', chunks: [big, 'end'] });
    expect(seen(chunked)).toMatchObject({ length: 300_003, headers: { 'transfer-encoding': 'chunked' } });
    const expecting = await call(port, {
      method: 'PUT',
      headers: { expect: '100-continue', 'content-length': '2' },
      chunks: ['ok'],
    });
    expect(expecting.body).toBe('ok');
  });

  it('without waiting for the end of an answer', async () => {
    let finish: () => void = () => undefined;
    const port = await shimInFrontOf((_message, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const body = await new Promise<string>((resolve, reject) => {
      request({ host: '127.0.0.1', port, agent: false }, (reply) => {
        let text = '';
        reply.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text === 'first') finish();
        });
        reply.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(body).toBe('firstlast');
  });

  it('answers to HEAD, empty answers and repeated headers', async () => {
    const port = await shimInFrontOf((message, response) => {
      if (message.method === 'HEAD') response.writeHead(200, { 'content-length': '1234', etag: '"e"' });
      else
        response.writeHead(
          204,
          [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
          ].flat(),
        );
      response.end();
    });
    expect(await call(port, { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '1234', etag: '"e"' },
    });
    const empty = await call(port, { method: 'DELETE' });
    expect([empty.status, empty.headers['set-cookie']]).toEqual([204, ['a=1', 'b=2']]);
  });

  it('a query-protocol body too, though it was read to know the operation', async () => {
    const operations: string[] = [];
    const spy: Patch = {
      service: '',
      operations: [],
      missing: '',
      why: '',
      how: '',
      seenIn: '',
      matches: (r) => (operations.push(r.operation), false),
      open: () => async (_r, f) => f(),
    };
    const port = await shimInFrontOf(echo, { patches: [spy] });
    const answer = await call(port, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      chunks: ['Action=DescribeVpcs&Version=1'],
    });
    expect(operations).toEqual(['DescribeVpcs']);
    expect(answer.body).toBe('Action=DescribeVpcs&Version=1');
  });
});

describe('the shim itself', () => {
  it('says whether moto is up, and answers 503 when it never came', async () => {
    const ready = new Promise<void>((_resolve, reject) => setTimeout(() => reject(new Error('moto is missing')), 30));
    const port = await shimInFrontOf(echo, { ready });
    expect((await call(port, { path: HEALTH_PATH })).status).toBe(503);
    const answer = await call(port, {});
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('moto is missing');
    expect(JSON.parse((await call(port, { path: HEALTH_PATH })).body)).toEqual({
      ready: false,
      failure: 'moto is missing',
    });
  });

  it('answers 503 when moto is gone', async () => {
    const upstream = createServer(echo);
    const motoPort = await listen(upstream);
    await new Promise((resolve) => open.splice(open.indexOf(upstream), 1)[0]?.close(resolve));
    const port = await listen(createShim({ motoPort, patches: [] }));
    expect(await call(port, {})).toMatchObject({ status: 503, body: expect.stringContaining('ECONNREFUSED') });
  });

  it('lets a patch answer, change the operation it passes on, and forget on reset', async () => {
    const patch: Patch = {
      service: 'ecs',
      operations: ['Count'],
      missing: '',
      why: '',
      how: '',
      seenIn: '',
      matches: (r) => r.service === 'ecs' && r.operation === 'Count',
      open: () => {
        let calls = 0;
        return async (_request, forward) => {
          const reply = await forward({ operation: 'Other', body: Buffer.from('{}') });
          return {
            ...reply,
            body: Buffer.from(
              `${++calls} ${seen({ ...reply, headers: reply.headers as never, body: '' }).headers['x-amz-target']}`,
            ),
          };
        };
      },
    };
    const port = await shimInFrontOf(echo, { patches: [patch] });
    const headers = {
      'x-amz-target': 'Ecs_2014.Count',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-2/ecs/aws4_request, x',
    };
    const count = async () => (await call(port, { method: 'POST', headers, chunks: ['{"a":1}'] })).body;
    expect([await count(), await count()]).toEqual(['1 Ecs_2014.Other', '2 Ecs_2014.Other']);
    await call(port, { method: 'POST', path: '/moto-api/reset' });
    expect(await count()).toBe('1 Ecs_2014.Other');
  });
});
