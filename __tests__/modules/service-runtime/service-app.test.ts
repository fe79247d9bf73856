import {
  contextOf,
  createLogger,
  createServiceApp,
  HttpError,
  Lifecycle,
  Metrics,
  readImageIdentity,
  readRequestId,
  serve,
  traceHeader,
  type RunningServer,
} from '@strata/service-runtime';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ROOT = '1-67891233-abcdef012345678912345678';

interface Started {
  readonly url: string;
  readonly lines: Record<string, unknown>[];
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly server: RunningServer;
}

const started: Started[] = [];

async function start(options: { readonly stopSeconds?: number } = {}): Promise<Started> {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(
    { service: 'test', version: '1.2.3', level: 'debug' },
    { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const lifecycle = new Lifecycle();
  const metrics = new Metrics('test');
  const app = createServiceApp({
    logger,
    metrics,
    lifecycle,
    routes: (routes) => {
      routes.get('/health', (_request, response) => void response.json({}));
      routes.get('/items/:id', (request, response) => void response.json({ requestId: contextOf(request).requestId }));
      routes.get('/slow', (_request, response) => void setTimeout(() => response.json({}), 300));
      routes.get('/refused', () => {
        throw new HttpError(413, 'too_large', 'the thing is too large', { details: { max: 5 } });
      });
      routes.get('/busy', () => {
        throw new HttpError(503, 'busy', 'come back later', {
          retryAfterSeconds: 7,
          cause: new Error('secret host name'),
        });
      });
      routes.get('/broken', () => {
        throw new Error('password=hunter2');
      });
    },
  });
  const server = await serve(app, {
    port: 0,
    host: '127.0.0.1',
    logger,
    lifecycle,
    drainSeconds: 0,
    stopSeconds: options.stopSeconds ?? 5,
  });
  const all = { url: `http://127.0.0.1:${server.port}`, lines, metrics, lifecycle, server };
  started.push(all);
  return all;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map(({ server }) => server.stop()));
});

test('a request keeps the id that the load balancer gave it', async () => {
  const { url } = await start();
  const response = await fetch(`${url}/items/1`, {
    headers: { 'x-amzn-trace-id': `Self=1-67891234-12456789abcdef012345678;Root=${ROOT}` },
  });
  expect(await response.json()).toEqual({ requestId: ROOT });
  expect(response.headers.get('x-request-id')).toBe(ROOT);
});

test.each([undefined, 'Root=nonsense', `Root=${ROOT}0`, 'Root=1-67891233-abcdef012345678912345678\u0000x', '<script>'])(
  'a new id is made in place of %p',
  (header) => {
    const id = readRequestId({ 'x-amzn-trace-id': header });
    expect(id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(id).not.toBe(ROOT);
    expect(readRequestId(traceHeader(id))).toBe(id);
  },
);

test('behind SageMaker, the id comes in the custom attributes; a trace goes before it', () => {
  const attributes = { 'x-amzn-sagemaker-custom-attributes': `tenant=a, request-id=${ROOT}` };
  expect(readRequestId(attributes)).toBe(ROOT);
  expect(readRequestId({ ...attributes, ...traceHeader('1-00000000-000000000000000000000001') })).toBe(
    '1-00000000-000000000000000000000001',
  );
  expect(readRequestId({ 'x-amzn-sagemaker-custom-attributes': `request-id=${ROOT}0` })).not.toBe(ROOT);
  expect(readRequestId({ 'x-amzn-sagemaker-custom-attributes': `my-request-id=${ROOT}` })).not.toBe(ROOT);
});

test('failures are JSON of one form, and what is unexpected says nothing of itself', async () => {
  const { url, lines } = await start();
  const refused = await fetch(`${url}/refused`, { headers: { 'x-amzn-trace-id': `Root=${ROOT}` } });
  expect([refused.status, await refused.json()]).toEqual([
    413,
    { error: { code: 'too_large', message: 'the thing is too large', details: { max: 5 } }, requestId: ROOT },
  ]);

  const busy = await fetch(`${url}/busy`);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
  expect(await busy.text()).not.toContain('secret');

  const broken = await fetch(`${url}/broken`);
  expect([broken.status, await broken.json()]).toMatchObject([
    500,
    { error: { code: 'internal', message: 'something went wrong on our side' } },
  ]);
  expect(JSON.stringify(lines)).toContain('password=hunter2');

  expect(await (await fetch(`${url}/nowhere`)).json()).toMatchObject({
    error: { code: 'not_found', message: 'there is nothing at GET /nowhere' },
  });
  const malformed = await fetch(`${url}/items/%zz`);
  expect([malformed.status, await malformed.json()]).toMatchObject([400, { error: { code: 'bad_request' } }]);
});

test('security headers: one set for HTTP, those that need HTTPS only there', async () => {
  const { url } = await start();
  const plain = (await fetch(`${url}/health`)).headers;
  expect(plain.get('content-security-policy')).toBe(
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' blob: data:;connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
  );
  expect(plain.get('x-content-type-options')).toBe('nosniff');
  expect(plain.get('x-frame-options')).toBe('DENY');
  expect(plain.get('strict-transport-security')).toBeNull();
  expect(plain.get('x-powered-by')).toBeNull();
  const secure = (await fetch(`${url}/health`, { headers: { 'x-forwarded-proto': 'https' } })).headers;
  expect(secure.get('strict-transport-security')).toContain('max-age=');
  expect(secure.get('cross-origin-opener-policy')).toBe('same-origin');
});

test('one log line a request, with its id; the health check is quiet', async () => {
  const { url, lines } = await start();
  await fetch(`${url}/items/7?secret=1`, { headers: { 'x-amzn-trace-id': `Root=${ROOT}` } });
  await fetch(`${url}/health`);
  const requests = lines.filter(({ message }) => message === 'request');
  expect(requests[0]).toMatchObject({
    level: 'info',
    service: 'test',
    version: '1.2.3',
    requestId: ROOT,
    method: 'GET',
    path: '/items/7',
    status: 200,
  });
  expect(JSON.stringify(requests[0])).not.toContain('secret');
  expect(requests[1]).toMatchObject({ level: 'debug', path: '/health' });
});

test('metrics count by route, for Prometheus and for CloudWatch', async () => {
  const { url, metrics } = await start();
  for (const path of ['/items/1', '/items/2', '/refused', '/busy', '/nowhere']) await (await fetch(url + path)).text();
  const text = await metrics.registry.metrics();
  expect(text).toContain('http_requests_total{method="GET",route="/items/:id",status="200",service="test"} 2');
  expect(text).toContain('http_requests_total{method="GET",route="none",status="404",service="test"} 1');
  expect(text).toContain('http_requests_in_flight{service="test"} 0');

  const record = metrics.takeCloudWatchRecord('Strata');
  expect(record).toMatchObject({
    Service: 'test',
    Requests: 5,
    ClientErrors: 2,
    ServerErrors: 1,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Strata', Dimensions: [['Service']] }] },
  });
  expect(record['Duration']).toHaveLength(5);
  const named = (
    record['_aws'] as { CloudWatchMetrics: [{ Metrics: { Name: string; Unit: string }[] }] }
  ).CloudWatchMetrics[0].Metrics.map(({ Name }) => Name);
  expect(named.every((name) => name in record)).toBe(true);
  expect(metrics.takeCloudWatchRecord('Strata')).toMatchObject({ Requests: 0 });
});

test('the embedded metric format takes at most 100 values', () => {
  const metrics = new Metrics('test');
  for (let count = 0; count < 500; count += 1) {
    metrics.requestStarted();
    metrics.requestEnded({ method: 'GET', route: '/', status: 200, seconds: 0.01 });
  }
  const record = metrics.takeCloudWatchRecord('Strata');
  expect(record['Requests']).toBe(500);
  expect(record['Duration']).toHaveLength(100);
});

test('metrics have a port of their own', async () => {
  const metrics = new Metrics('test');
  const { port, close } = await metrics.serve(0, '127.0.0.1');
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('process_resident_memory_bytes');
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  close();
});

test('a stop lets accepted requests finish and closes their connections', async () => {
  const { url, server, lifecycle, lines } = await start();
  const slow = fetch(`${url}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = server.stop({ drainSeconds: 0.1 });
  expect(lifecycle.draining).toBe(true);
  const during = await fetch(`${url}/health`);
  expect([during.status, during.headers.get('connection')]).toEqual([200, 'close']);
  expect((await slow).status).toBe(200);
  expect(await stopped).toBe(true);
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
  expect(lines.map(({ message }) => message)).toContain('stopped: every accepted request was answered');
});

test('a stop cuts what does not end in time, and says so', async () => {
  const { url, server } = await start({ stopSeconds: 0.15 });
  const slow = fetch(`${url}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await server.stop()).toBe(false);
  await expect(slow).rejects.toThrow('fetch failed');
});

test('the image is what the ECS agent says, and unknown where there is none', async () => {
  const agent = createServer(
    (_request, response) => void response.end(JSON.stringify({ Image: 'registry/app:1', ImageID: 'sha256:abc' })),
  );
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(agent.address() as AddressInfo).port}/v4/x`;
  expect(await readImageIdentity({ ECS_CONTAINER_METADATA_URI_V4: address })).toEqual({
    name: 'registry/app:1',
    digest: 'sha256:abc',
  });
  agent.close();
  agent.closeAllConnections();
  expect(await readImageIdentity({ ECS_CONTAINER_METADATA_URI_V4: address })).toBeUndefined();
  expect(await readImageIdentity({})).toBeUndefined();
});
