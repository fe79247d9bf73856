import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import type { ChildEndpoint } from '../../../local/run/child-endpoint';
import { imageNode } from '../../../local/node-versions';
import type { Client } from '../../../scripts/endpoint-conformance/client';
import { checkConformance } from '../../../scripts/endpoint-conformance/conformance';
import { photo, photoPath } from '../../apps/harness';
import { colours, Harness } from './harness';

const dockerfile = join(__dirname, '../../../sagemaker/endpoint/Dockerfile');
const harness = new Harness();
let endpoint: ChildEndpoint;
let client: Client;
const jpeg = { 'content-type': 'image/jpeg' };

beforeAll(async () => {
  await harness.build();
  ({ endpoint, client } = await harness.start({
    LOG_LEVEL: 'debug',
    MAX_IMAGE_BYTES: '3000000',
    MAX_BODY_BYTES: '4000000',
    MAX_IMAGE_PIXELS: '20000000',
    MAX_IMAGES_PER_REQUEST: '3',
  }));
});
afterAll(() => harness.close());

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly details?: Record<string, number> };
}

function plain(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

test('it keeps the rules of an endpoint, with either decoder of JPEGs', async () => {
  const { endpoint: other } = await harness.start({ TURBOJPEG_LIBRARY: 'off' });
  const { endpoint: own } = await harness.start();
  for (const { url } of [own, other]) {
    const outcomes = await checkConformance({ url, photo: photo() });
    expect(
      outcomes.filter(({ broken }) => broken !== undefined).map(({ rule, broken }) => `${rule.text}: ${broken}`),
    ).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(25);
  }
  await Promise.all([own.stop(), other.stop()]);
});

test('the rules are broken by a server that always says the same', async () => {
  const answer = {
    model: { name: 'm', version: '1' },
    labels: [{ label: 'a', name: { ko: 'a', en: 'a', ja: 'a' }, description: { ko: '', en: '', ja: '' } }],
    predictions: [{ probabilities: [0.5] }],
  };
  const server = createServer((incoming, response) => {
    incoming
      .resume()
      .on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outcomes = await checkConformance({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    photo: photo(),
  });
  server.close();
  server.closeAllConnections();
  const broken = outcomes.filter((outcome) => outcome.broken !== undefined).map(({ rule }) => rule.text);
  expect(broken).toEqual(
    expect.arrayContaining([
      'custom attributes of a request come back with its answer',
      'probabilities sum up to 1, and label and probability name the likeliest',
      '{"instances": [{"b64": "..."}]} is answered by {"predictions": [[...]]}',
      'what is not a photo is refused with 415',
      'an Accept that is not JSON is refused with 406',
    ]),
  );
});

test.each([
  ['#d02020', 'red'],
  ['#20b030', 'green'],
  ['#2030d0', 'blue'],
])('a photo that is all %s is %s', async (background, label) => {
  const { json } = await client.invoke(await plain(40, 30, background), jpeg);
  expect(json).toMatchObject({ model: { name: 'colours', version: '1' }, predictions: [{ label }] });
});

test('the answer tells the labels in the order of the probabilities', async () => {
  const { json } = await client.invoke(await plain(40, 30, '#2030d0'), jpeg);
  const { labels, predictions } = json as {
    labels: { label: string; name: Record<string, string> }[];
    predictions: { probabilities: number[]; probability: number }[];
  };
  expect(labels.map(({ label }) => label)).toEqual(['red', 'green', 'blue']);
  expect(labels[2]!.name).toEqual({ ko: '파랑', en: 'Blue', ja: '青' });
  expect(predictions[0]!.probability).toBe(predictions[0]!.probabilities[2]);
});

test('several photos of different sizes in one request', async () => {
  const photos = await Promise.all([plain(40, 30, '#20b030'), plain(700, 900, '#d02020'), plain(16, 16, '#2030d0')]);
  const { json } = await client.predict({ instances: photos.map((bytes) => ({ b64: bytes.toString('base64') })) });
  expect(json).toMatchObject({ results: [{ label: 'green' }, { label: 'red' }, { label: 'blue' }] });
});

test.each<[string, () => Promise<Buffer> | Buffer, number, string, RegExp]>([
  ['an empty body', () => Buffer.alloc(0), 400, 'body_empty', /send a photo/],
  ['a GIF', () => Buffer.from('GIF89a, but not really'), 415, 'unsupported_type', /GIF; use a JPEG, PNG or WebP/],
  [
    'a photo of too many bytes',
    () => Buffer.concat([photo(), Buffer.alloc(3_000_000)]),
    413,
    'file_too_large',
    /at most 3000000 bytes/,
  ],
  [
    'a request of too many bytes',
    () => Buffer.concat([photo(), Buffer.alloc(4_000_000)]),
    413,
    'body_too_large',
    /at most 4000000 bytes/,
  ],
  [
    'a photo of too many pixels',
    () =>
      sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#123456' } })
        .png()
        .toBuffer(),
    413,
    'image_too_many_pixels',
    /6000 x 4000/,
  ],
  ['half a photo', () => photo().subarray(0, 9000), 422, 'image_incomplete', /breaks off/],
])('%s is refused', async (_what, body, status, code, message) => {
  const answer = await client.invoke(await body(), jpeg);
  const { error } = answer.json as Refusal;
  expect([answer.status, error.code]).toEqual([status, code]);
  expect(error.message).toMatch(message);
});

test('a damaged JPEG is refused, and not by the first decoder that meets it', async () => {
  const damaged = await sharp(photoPath()).jpeg().toBuffer();
  // Huffman tables that none can be.
  damaged.fill(0xff, damaged.indexOf('ffc4', 0, 'hex') + 5, damaged.indexOf('ffc4', 0, 'hex') + 21);
  const answer = await client.invoke(damaged, jpeg);
  expect([answer.status, (answer.json as Refusal).error.code]).toEqual([422, 'image_unreadable']);
});

test('too many photos, whichever way they come', async () => {
  const instances = Array.from({ length: 4 }, () => ({ b64: photo().toString('base64') }));
  const byRow = await client.predict({ instances });
  const form = new FormData();
  for (const name of ['a', 'b', 'c', 'd']) form.append(name, new Blob([new Uint8Array(photo())]), name);
  const encoded = new Response(form);
  const byForm = await client.invoke(new Uint8Array(await encoded.arrayBuffer()), {
    'content-type': encoded.headers.get('content-type')!,
  });
  for (const { status, json } of [byRow, byForm])
    expect([status, (json as Refusal).error]).toMatchObject([
      413,
      { code: 'too_many_images', details: { count: 4, maxImages: 3 } },
    ]);
});

test('a form without files, a broken form, a compressed body', async () => {
  const none = await client.invoke('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ntext\r\n--b--\r\n', {
    'content-type': 'multipart/form-data; boundary=b',
  });
  const broken = await client.invoke('--b\r\nContent-Dis', { 'content-type': 'multipart/form-data; boundary=b' });
  const compressed = await client.invoke(photo(), { ...jpeg, 'content-encoding': 'gzip' });
  expect([none, broken, compressed].map(({ status, json }) => [status, (json as Refusal).error.code])).toEqual([
    [400, 'file_missing'],
    [400, 'request_malformed'],
    [415, 'unsupported_encoding'],
  ]);
});

test('which of several photos is at fault is in the message and in the details', async () => {
  const { status, json } = await client.predict({
    instances: [{ b64: photo().toString('base64') }, { b64: photo().subarray(0, 9000).toString('base64') }],
  });
  expect([status, (json as Refusal).error]).toMatchObject([422, { code: 'image_incomplete', details: { index: 1 } }]);
  expect((json as Refusal).error.message).toMatch(/^instances\[1\]: /);
});

test('what is not there is 404, and the wrong method too', async () => {
  expect([(await client.get('/nowhere')).status, (await client.get('/invocations')).status]).toEqual([404, 404]);
});

test('the request id of the custom attributes names the request in the log, and pings leave no line', async () => {
  const id = '1-67891233-0123456789abcdef01234567';
  const { headers } = await client.invoke(photo(), {
    ...jpeg,
    'x-amzn-sagemaker-custom-attributes': `tenant=7,request-id=${id}`,
  });
  expect(headers['x-request-id']).toBe(id);
  expect(headers['x-amzn-sagemaker-custom-attributes']).toBe(`tenant=7,request-id=${id}`);
  await pause(400);
  const lines = endpoint.log.filter((line) => line['requestId'] === id);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ message: 'request', status: 200 }),
      expect.objectContaining({ customAttributes: `tenant=7,request-id=${id}` }),
    ]),
  );
  expect(endpoint.log.filter((line) => line['path'] === '/ping' && line['level'] === 'info')).toEqual([]);
});

test('excess work is rejected immediately with Retry-After, and the rest is done', async () => {
  const { client: small } = await harness.start({ MAX_IN_FLIGHT: '1', MAX_WAITING: '1', WORKERS: '1' });
  const large = await sharp(photoPath()).resize(2500, 2000, { fit: 'fill' }).jpeg().toBuffer();
  const answers = await Promise.all(Array.from({ length: 8 }, () => small.invoke(large, jpeg)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  // One that is worked on and one that waits, at least; who comes when there is room again is taken too.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
  const away = answers.find(({ status }) => status === 503)!;
  expect([away.headers['retry-after'], (away.json as Refusal).error.code]).toEqual(['2', 'overloaded']);
  expect((await small.invoke(photo(), jpeg)).status).toBe(200);
});

test('a request that is not done in time is answered all the same', async () => {
  const { endpoint: hasty } = await harness.start({ REQUEST_TIMEOUT_SECONDS: '1' });
  const { port } = new URL(hasty.url);
  const socket = connect(Number(port), '127.0.0.1');
  // Half of what is announced, and nothing more.
  socket.write(
    `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(500)}`,
  );
  const text = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())));
  socket.destroy();
  expect(text).toMatch(/^HTTP\/1\.1 503 /);
  expect(text).toMatch(/retry-after: 5/i);
  expect(text).toContain('"code":"timeout"');
});

test('on SIGTERM /ping says so, photos are still classified, and what was accepted is answered', async () => {
  const { endpoint: stopping, client: own } = await harness.start({ DRAIN_SECONDS: '2' });
  const large = await sharp(photoPath()).resize(3000, 2000, { fit: 'fill' }).jpeg().toBuffer();
  const ended = stopping.stop('SIGTERM');
  await pause(200);
  const ping = await own.get('/ping');
  expect([ping.status, ping.json]).toEqual([503, { status: 'stopping' }]);
  // Sent to the end of the drain, and slow to decode.
  const [during, last] = [
    own.invoke(photo(), jpeg),
    pause(1500).then(() => Promise.all(Array.from({ length: 6 }, () => own.invoke(large, jpeg)))),
  ];
  expect((await during).status).toBe(200);
  expect((await last).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await ended).toBe(0);
});

test('a client that disconnects does not affect others', async () => {
  for (let count = 0; count < 5; count += 1) {
    const call = request(`${endpoint.url}/invocations`, {
      method: 'POST',
      headers: { ...jpeg, 'content-length': '100000' },
    });
    call.on('error', () => undefined);
    call.write(photo());
    await pause(20);
    call.destroy();
  }
  expect((await client.invoke(photo(), jpeg)).status).toBe(200);
});

test('memory stays flat under load', async () => {
  const { endpoint: own, client: busy } = await harness.start();
  const photos = [
    photo(),
    photo('pink.jpg'),
    photo('red.webp'),
    photo('white.png'),
    await sharp(photoPath()).resize(1600, 1200, { fit: 'fill' }).jpeg().toBuffer(),
  ];
  const rounds = async (count: number): Promise<number> => {
    for (let round = 0; round < count; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, (_each, index) => busy.invoke(photos[index % photos.length]!, jpeg)),
      );
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${own.process.pid}/status`, 'utf8'))?.[1]) / 1024;
  };
  // A leak grows in every window; what the allocators and the collector keep for later does not.
  let [before, growth] = [await rounds(10), Infinity];
  for (let window = 0; window < 5 && growth >= 20; window += 1) {
    const after = await rounds(10);
    [before, growth] = [after, after - before];
  }
  expect(growth).toBeLessThan(20);
}, 180_000);

/** Runs the server to its end. */
function run(
  environment: Record<string, string>,
  command = 'serve',
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(imageNode(dockerfile), [harness.server, command], {
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', MODEL_DIR: colours, ...environment },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, output: stdout + stderr };
}

test('a model that cannot be served ends the process, and says which file is wrong', () => {
  const cases: [string, RegExp][] = [
    [join(harness.folder(), 'nothing'), /there is no such folder; set MODEL_DIR/],
    [harness.model({ 'model.onnx': 'no ONNX' }), /model\.onnx cannot be loaded: /],
    [
      harness.model({
        'labels.json': JSON.stringify(
          (JSON.parse(readFileSync(join(colours, 'labels.json'), 'utf8')) as unknown[]).slice(1),
        ),
      }),
      /returns 3 probabilities, and labels\.json has 2 labels/,
    ],
  ];
  for (const [folder, message] of cases) {
    const { status, output } = run({ MODEL_DIR: folder });
    expect(output).toMatch(message);
    expect(status).toBe(78);
  }
});

test('invalid settings are reported together; any command other than serve is refused', () => {
  const { status, output } = run({ MAX_IMAGE_PIXELS: '12', SAGEMAKER_BIND_TO_PORT: 'http', WORKERS: '0' });
  expect(status).toBe(78);
  for (const name of ['MAX_IMAGE_PIXELS', 'SAGEMAKER_BIND_TO_PORT', 'WORKERS']) expect(output).toContain(name);
  expect(run({}, 'train')).toMatchObject({ status: 64, output: expect.stringContaining('docker run <image> serve') });
  expect(run({ TURBOJPEG_LIBRARY: '/nowhere.so' })).toMatchObject({
    status: 78,
    output: expect.stringContaining('TURBOJPEG_LIBRARY=/nowhere.so cannot be loaded'),
  });
});

test('name and version of the model may come from the environment', async () => {
  const { client: named } = await harness.start({ MODEL_NAME: 'flowers', MODEL_VERSION: '12' });
  expect((await named.invoke(photo(), jpeg)).json).toMatchObject({ model: { name: 'flowers', version: '12' } });
});
