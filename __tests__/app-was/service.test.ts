import { photoForm } from '../../scripts/bench/apps/photo-form';
import type { FakeEndpoint } from '../../local/run/fake-endpoint';
import type { ChildService } from '../../local/run/child-service';
import { version } from '../../app-was/package.json';
import { get, Harness, photo, send, sendPhoto } from '../apps/harness';

const harness = new Harness();
let seen: { headers: Record<string, unknown>; body: Buffer; url: string }[] = [];
let endpoint: FakeEndpoint;
let was: ChildService;

beforeAll(async () => {
  endpoint = await harness.endpoint({
    respond: (request, _response, body) => {
      seen.push({ headers: request.headers, body, url: request.url ?? '' });
      return false;
    },
  });
  was = await harness.was({}, endpoint);
});
afterAll(() => harness.close());
beforeEach(() => (seen = []));

test('health asks nobody', async () => {
  const { status, body } = await get(`${was.url}/health`);
  expect([status, body]).toEqual([200, { message: 'WAS-Connected' }]);
  expect(seen).toEqual([]);
});

test('the root and the version say who answers', async () => {
  expect((await get(`${was.url}/`)).body).toMatchObject({ service: 'app-was', version });
  expect((await get(`${was.url}/version`)).body).toEqual({ service: 'app-was', version, image: null });
});

test('ready asks the endpoint, once however often it is asked', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => get(`${was.url}/ready`)));
  for (const { status, body } of answers)
    expect([status, body]).toEqual([
      200,
      { ready: true, checks: { endpoint: { ok: true, model: { name: 'stand-in', version: '0', standIn: true } } } },
    ]);
  expect(seen).toHaveLength(1);
});

test("the endpoint gets the photo's bytes as they are, with type and request id", async () => {
  const root = '1-67891233-abcdef012345678912345678';
  const { status, body, headers } = await sendPhoto(was.url, photo(), {
    'accept-language': 'ko',
    'x-amzn-trace-id': `Root=${root}`,
  });
  expect(status).toBe(200);
  expect(seen).toHaveLength(1);
  const [call] = seen;
  expect(call?.url).toBe('/endpoints/image-classifier/invocations');
  expect(call?.body.equals(photo())).toBe(true);
  expect(call?.headers).toMatchObject({
    'content-type': 'image/jpeg',
    accept: 'application/json',
    'content-length': String(photo().length),
    'x-amzn-sagemaker-inference-id': root,
    'x-amzn-sagemaker-custom-attributes': `request-id=${root}`,
  });
  expect(call?.headers['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/ap-northeast-2\/sagemaker\/aws4_request/,
  );
  expect(headers.get('x-request-id')).toBe(root);
  expect(body).toMatchObject({
    requestId: root,
    result: {
      language: 'ko',
      image: { type: 'image/jpeg', width: 256, height: 256, bytes: photo().length },
      model: { standIn: true },
    },
  });
});

test.each([
  ['white.png', 'image/png'],
  ['red.webp', 'image/webp'],
])('the type of %s is told by its content, not by its name', async (name, type) => {
  expect((await sendPhoto(was.url, photo(name))).status).toBe(200);
  expect(seen[0]?.headers['content-type']).toBe(type);
});

test('fields beside the photo do no harm', async () => {
  const form = photoForm(photo());
  const extra = Buffer.from(
    '------photo0123456789abcdef\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n',
  );
  expect((await send(was.url, { ...form, body: Buffer.concat([extra, form.body]) })).status).toBe(200);
});

test('connections to the endpoint are kept', async () => {
  let connections = 0;
  const counted = await harness.endpoint();
  counted.server.on('connection', () => (connections += 1));
  const service = await harness.was({}, counted);
  for (let count = 0; count < 10; count += 1) await sendPhoto(service.url);
  expect(connections).toBe(1);
});

test('the endpoint and the region come from the environment', async () => {
  const other = await harness.endpoint({ endpoints: ['other-model'] });
  const service = await harness.was({ SAGEMAKER_ENDPOINT_NAME: 'other-model', AWS_REGION: 'us-east-1' }, other);
  expect((await sendPhoto(service.url)).status).toBe(200);
  expect(other.received).toEqual({ requests: 1, bytes: photo().length });
});

test('wrong settings end it at once, with one message that lists them all', async () => {
  const start = harness.was({ PORT: 'x', SAGEMAKER_ENDPOINT_NAME: '-a', MAX_IMAGE_BYTES: '1' }, endpoint);
  await expect(start).rejects.toThrow(
    'app-was ended with 78 before it listened:\n3 problems in the environment variables:',
  );
  await expect(start).rejects.toThrow('PORT: "x" is not allowed; use a whole number from 0 to 65535');
  await expect(start).rejects.toThrow(
    'SAGEMAKER_ENDPOINT_NAME: "-a" is not allowed; use 1 to 63 letters, digits and single inner hyphens',
  );
});

test('a port that is taken is told as that', async () => {
  await expect(harness.was({ PORT: String(was.port) }, endpoint)).rejects.toThrow(
    `port ${was.port} is taken; end what listens there, or set PORT or METRICS_PORT`,
  );
});
