import * as fc from 'fast-check';
import { Agent, request } from 'node:http';
import type { ChildService } from '../../local/run/child-service';
import { photoForm } from '../../scripts/bench/apps/photo-form';
import { Harness, memoryMiB, photo, sendPhoto } from './harness';

const BODIES = 3000;
const AT_ONCE = 24;

const harness = new Harness();
let was: ChildService;
let web: ChildService;
beforeAll(async () => {
  was = await harness.was();
  web = await harness.web(was.url);
});
afterAll(() => harness.close());

const form = photoForm(photo('white.png'));
const boundary = '----photo0123456789abcdef';

interface Upload {
  readonly body: Buffer;
  readonly contentType: string;
}

/**
 * Bodies near enough to a form to get far into the parser: a good one changed, pieces of one put together anyhow, and
 * plain noise.
 */
const mutated = fc
  .array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      action: fc.constantFrom('replace', 'remove', 'repeat'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((changes) =>
    changes.reduce((body, { at, action, bytes }) => {
      // Half of the changes hit the head of the form, where what is read is.
      const place = Math.floor((at < 0.5 ? at * 2 * 220 : (at - 0.5) * 2 * body.length) % Math.max(1, body.length));
      if (action === 'remove') return Buffer.concat([body.subarray(0, place), body.subarray(place + bytes.length)]);
      if (action === 'repeat') return Buffer.concat([body.subarray(0, place), body.subarray(Math.max(0, place - 200))]);
      return Buffer.concat([body.subarray(0, place), bytes, body.subarray(place + bytes.length)]);
    }, form.body),
  );
const pieces = fc
  .array(
    fc.constantFrom(
      `--${boundary}\r\n`,
      `--${boundary}--\r\n`,
      `--${boundary}`,
      '\r\n',
      '\r\n\r\n',
      '\n',
      '--',
      '\0',
      'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n',
      'Content-Disposition: form-data; name="file"\r\n',
      'Content-Disposition: form-data; name="__proto__"; filename="../../etc/passwd"\r\n',
      'Content-Type: image/jpeg\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      "Content-Disposition: form-data; name*=utf-8''%ff; filename*=x''%\r\n",
      `X: ${'y'.repeat(20_000)}\r\n`,
      `${'a: b\r\n'.repeat(200)}`,
      'ÿØÿà',
      'x'.repeat(70_000),
    ),
    { maxLength: 14 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const noise = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));
const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant(form.headers['content-type'] as string) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary="',
      `multipart/form-data; boundary=${'b'.repeat(5000)}`,
      'multipart/form-data;',
      'multipart/form-data; boundary=----photo; boundary=x',
      'multipart/form-data; charset=nonsense; boundary=----photo0123456789abcdef',
      'multipart/mixed; boundary=x',
      'application/x-www-form-urlencoded',
    ),
  },
);
const upload: fc.Arbitrary<Upload> = fc.record({
  body: fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 3, arbitrary: pieces }, { weight: 1, arbitrary: noise }),
  contentType,
});

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** The status and the JSON that come back; a connection that breaks or a silence of 5 s fails the test. */
function sendUpload({ body, contentType: type }: Upload): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${web.url}/classify/image`,
      { method: 'POST', agent, headers: { 'content-type': type, 'content-length': body.length }, timeout: 5000 },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within 5 s')));
    call.on('error', reject);
    call.end(body);
  });
}

test(`${BODIES} odd forms: each gets an answer, none of them a 500, and both services live on`, async () => {
  const uploads = fc.sample(upload, { numRuns: BODIES, seed: 20_240 });
  const statuses = new Map<number, number>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < uploads.length; index = next++) {
      const { status, text } = await sendUpload(uploads[index]!).catch((error: Error) => {
        throw new Error(`form ${index}: ${error.message}`);
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const body = JSON.parse(text) as { result?: object; error?: { code: string } };
      const allowed =
        status === 200 ? body.result !== undefined : [400, 413, 415, 422].includes(status) && body.error !== undefined;
      if (!allowed) throw new Error(`form ${index}: ${status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();

  // Forms that all fail at the door would prove nothing.
  for (const status of [200, 400, 415])
    expect([status, (statuses.get(status) ?? 0) > BODIES / 50]).toEqual([status, true]);
  expect((await sendPhoto(web.url)).status).toBe(200);
  for (const service of [web, was]) expect([service.app, service.process.exitCode]).toEqual([service.app, null]);
  expect(memoryMiB(was)).toBeLessThan(250);
}, 60_000);
