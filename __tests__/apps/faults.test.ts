import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { ChildService } from '../../local/run/child-service';
import { photoForm } from '../../scripts/bench/apps/photo-form';
import type { FakeEndpoint } from '../../local/run/fake-endpoint';
import { get, Harness, photo, send, sendPhoto, type Answer } from './harness';

const harness = new Harness();
afterAll(() => harness.close());

const code = ({ status, body }: Answer): unknown[] => [status, body.error?.code];

describe('app-was is', () => {
  let fault: (request: IncomingMessage, response: ServerResponse) => void;
  let web: ChildService;
  beforeAll(async () => {
    const { url } = await harness.server((request, response) => {
      request.resume();
      fault(request, response);
    });
    web = await harness.web(url, { WAS_TIMEOUT_SECONDS: '1' });
  });
  // However broken its neighbour is, app-web itself lives on.
  afterEach(async () => expect((await get(`${web.url}/health`)).status).toBe(200));

  const json = { 'content-type': 'application/json' };
  test.each<[string, typeof fault, number, string]>([
    ['silent', () => undefined, 504, 'was_timeout'],
    [
      'answering HTML',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
      502,
      'was_answer_invalid',
    ],
    [
      "answering a load balancer's page",
      (_request, response) => void response.writeHead(503, { 'content-type': 'text/html' }).end('<html>503</html>'),
      502,
      'was_answer_invalid',
    ],
    ['resetting', (request) => void request.socket.resetAndDestroy(), 502, 'was_unreachable'],
    [
      'answering half',
      (_request, response) =>
        void response
          .writeHead(200, { ...json, 'content-length': 100 })
          .write('{"res', () => response.socket?.destroy()),
      502,
      'was_answer_invalid',
    ],
    [
      'answering no JSON',
      (_request, response) => void response.writeHead(200, json).end('{'),
      502,
      'was_answer_invalid',
    ],
    [
      'answering JSON of another form',
      (_request, response) => void response.writeHead(200, json).end('{"result":{"name":1}}'),
      502,
      'was_answer_invalid',
    ],
    [
      'answering null',
      (_request, response) => void response.writeHead(200, json).end('null'),
      502,
      'was_answer_invalid',
    ],
    [
      'answering an error of another form',
      (_request, response) => void response.writeHead(500, json).end('{"error":"stack trace"}'),
      502,
      'was_answer_invalid',
    ],
    [
      'answering without end',
      (_request, response) => void response.writeHead(200, json).end('x'.repeat(2_000_000)),
      502,
      'was_answer_invalid',
    ],
    ['answering nonsense', (request) => void request.socket.end('HTTP/1.1 banana\r\n\r\n'), 502, 'was_unreachable'],
  ])('%s', async (_title, behave, status, expected) => {
    fault = behave;
    const answer = await sendPhoto(web.url);
    expect(code(answer)).toEqual([status, expected]);
    expect(answer.text).not.toMatch(/127\.0\.0\.1|stack|html/);
    expect((await get(`${web.url}/was/health`)).status).toBe(status);
  });

  test('refusing for a reason: the reason is passed on, in its own words', async () => {
    fault = (_request, response) =>
      void response
        .writeHead(503, { ...json, 'retry-after': '7' })
        .end('{"error":{"code":"model_busy","message":"the model is busy"},"secret":1}');
    const answer = await sendPhoto(web.url);
    expect([answer.status, answer.headers.get('retry-after'), answer.body.error]).toEqual([
      503,
      '7',
      { code: 'model_busy', message: 'the model is busy' },
    ]);
    expect(answer.text).not.toContain('secret');
  });

  test('down', async () => {
    const { url, server } = await harness.server(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const alone = await harness.web(url);
    expect(code(await sendPhoto(alone.url))).toEqual([502, 'was_unreachable']);
    expect(code(await get(`${alone.url}/was/health`))).toEqual([502, 'was_unreachable']);
    expect((await get(`${alone.url}/ready`)).body).toEqual({
      ready: false,
      checks: { 'app-was': { ok: false, code: 'was_unreachable' } },
    });
    expect((await get(alone.url)).status).toBe(200);
  });

  test('down for a moment: a connection that fails is tried again', async () => {
    const { url, server } = await harness.server(
      (_request, response) => void response.writeHead(200, json).end('{"message":"WAS-Connected"}'),
    );
    const { port } = new URL(url);
    const alone = await harness.web(url);
    const statuses: number[] = [];
    // On a busy machine a moment can be longer than all attempts together; one of a few times it is not.
    for (let time = 0; time < 5 && !statuses.includes(200); time += 1) {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      const asked = get(`${alone.url}/was/health`);
      setTimeout(() => server.listen(Number(port), '127.0.0.1'), 30);
      statuses.push((await asked).status);
      if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    }
    expect(statuses).toContain(200);
  });
});

describe('the endpoint is', () => {
  let endpoint: FakeEndpoint;
  let was: ChildService;
  let fault: NonNullable<NonNullable<Parameters<Harness['endpoint']>[0]>['respond']>;
  beforeAll(async () => {
    endpoint = await harness.endpoint({ respond: (request, response, body) => fault(request, response, body) });
    was = await harness.was({ ENDPOINT_TIMEOUT_SECONDS: '2', ENDPOINT_ATTEMPT_TIMEOUT_SECONDS: '1' }, endpoint);
  });
  afterEach(async () => expect((await get(`${was.url}/health`)).status).toBe(200));

  const aws =
    (status: number, type: string, body: object = {}) =>
    (_request: IncomingMessage, response: ServerResponse): true => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
      response.end(
        JSON.stringify({
          Message: 'arn:aws:iam::111122223333:role/secret',
          message: 'arn:aws:iam::111122223333:role/secret',
          ...body,
        }),
      );
      return true;
    };
  const answer =
    (type: string, body: string) =>
    (_request: IncomingMessage, response: ServerResponse): true => {
      response.writeHead(200, { 'content-type': type }).end(body);
      return true;
    };

  test.each<[string, typeof fault, number, string, number]>([
    [
      'missing',
      aws(400, 'ValidationError', { message: 'Endpoint image-classifier of account 111122223333 not found.' }),
      503,
      'model_missing',
      1,
    ],
    ['throttling', aws(429, 'ThrottlingException'), 503, 'model_busy', 3],
    ['not ready', aws(429, 'ModelNotReadyException'), 503, 'model_busy', 3],
    ['unavailable', aws(503, 'ServiceUnavailable'), 503, 'model_unavailable', 3],
    ['failing inside', aws(500, 'InternalFailure'), 503, 'model_unavailable', 3],
    ['denied to the role', aws(403, 'AccessDeniedException'), 503, 'model_unavailable', 1],
    ['given a wrong signature', aws(403, 'InvalidSignatureException'), 503, 'model_unavailable', 1],
    ['failing on the photo', aws(424, 'ModelError', { OriginalStatusCode: 500 }), 502, 'model_error', 1],
    ['refusing the photo', aws(424, 'ModelError', { OriginalStatusCode: 415 }), 422, 'image_refused', 1],
    ['full', aws(424, 'ModelError', { OriginalStatusCode: 503 }), 503, 'model_busy', 1],
    ['resetting', (request) => (request.socket.resetAndDestroy(), true), 503, 'model_unavailable', 3],
    ['answering HTML', answer('text/html', '<html></html>'), 502, 'model_answer_invalid', 1],
    ['answering half a JSON', answer('application/json', '{"model":'), 502, 'model_answer_invalid', 1],
    [
      "answering another model's form",
      answer('application/json', '{"predictions":[[0.1,0.9]]}'),
      502,
      'model_answer_invalid',
      1,
    ],
    ['answering nothing', answer('application/json', ''), 502, 'model_answer_invalid', 1],
    [
      'answering 2 MB',
      answer('application/json', JSON.stringify({ x: 'x'.repeat(2_000_000) })),
      502,
      'model_answer_invalid',
      1,
    ],
    [
      'failing in HTML',
      (_request, response) => (response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'), true),
      503,
      'model_unavailable',
      3,
    ],
  ])('%s', async (_title, behave, status, expected, attempts) => {
    // A separate photo for each, so that the SDK's budget of retries is full again.
    const service = attempts > 1 ? await harness.was({}, endpoint) : was;
    fault = behave;
    const before = endpoint.received.requests;
    const result = await sendPhoto(service.url);
    expect(code(result)).toEqual([status, expected]);
    expect(result.text).not.toMatch(/arn:|1111|html|127\.0\.0\.1|image-classifier/);
    expect(endpoint.received.requests - before).toBe(attempts);
    // Errors that a retry may fix say when to retry; the others need no wait.
    expect([status, result.headers.has('retry-after')]).toEqual([
      status,
      status !== 422 && expected !== 'model_answer_invalid',
    ]);
  });

  test('silent: each attempt and the whole have a limit', async () => {
    fault = () => true;
    const started = performance.now();
    expect(code(await sendPhoto(was.url))).toEqual([504, 'model_timeout']);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('answering drop by drop: the whole has a limit', async () => {
    fault = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
      return true;
    };
    expect(code(await sendPhoto(was.url))).toEqual([504, 'model_timeout']);
  });

  test('throttling for a moment: people do not notice', async () => {
    let calls = 0;
    fault = (request, response) => (calls++ === 0 ? aws(429, 'ThrottlingException')(request, response) : false);
    expect((await sendPhoto(was.url)).status).toBe(200);
    expect(calls).toBe(2);
  });

  test('down, and readiness says so while health does not', async () => {
    const gone = await harness.endpoint();
    const alone = await harness.was({}, gone);
    await gone.close();
    expect(code(await sendPhoto(alone.url))).toEqual([503, 'model_unavailable']);
    const ready = await get(`${alone.url}/ready`);
    expect([ready.status, ready.body]).toEqual([
      503,
      { ready: false, checks: { endpoint: { ok: false, code: 'model_unavailable' } } },
    ]);
    expect((await get(`${alone.url}/health`)).status).toBe(200);
  });

  test('without credentials to call it', async () => {
    const alone = await harness.was(
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' },
      endpoint,
    );
    expect(code(await sendPhoto(alone.url))).toEqual([503, 'model_unavailable']);
  });

  test('overloaded: excess requests are rejected immediately with Retry-After', async () => {
    fault = () => true;
    const small = await harness.was(
      { MAX_IN_FLIGHT: '2', MAX_WAITING: '1', ENDPOINT_TIMEOUT_SECONDS: '1', ENDPOINT_ATTEMPTS: '1' },
      endpoint,
    );
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendPhoto(small.url)));
    const turnedAway = answers.filter(({ body }) => body.error?.code === 'overloaded');
    expect(turnedAway).toHaveLength(5);
    for (const { status, headers } of turnedAway) expect([status, headers.get('retry-after')]).toEqual([503, '2']);
  });
});

describe('what is sent is', () => {
  let was: ChildService;
  let web: ChildService;
  beforeAll(async () => {
    was = await harness.was({ UPLOAD_IDLE_SECONDS: '1' });
    web = await harness.web(was.url);
  });

  const bomb = Buffer.from(photo('white.png'));
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  const form = photoForm(photo());
  const boundary = '----photo0123456789abcdef';

  test.each<[string, Parameters<typeof send>[1], number, string]>([
    ['an empty file', photoForm(Buffer.alloc(0)), 400, 'file_empty'],
    ['text named .jpg', photoForm(Buffer.from('I am a flower')), 415, 'unsupported_type'],
    ['half a JPEG', photoForm(photo().subarray(0, 9000)), 422, 'image_incomplete'],
    ['a decompression bomb', photoForm(bomb), 413, 'image_too_many_pixels'],
    ['another field', photoForm(photo(), { field: 'picture' }), 400, 'file_missing'],
    [
      'text in the field',
      {
        ...form,
        body: Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="file"\r\n\r\nhello\r\n--${boundary}--\r\n`,
        ),
      },
      400,
      'file_missing',
    ],
    ['a form without parts', { ...form, body: Buffer.from(`--${boundary}--\r\n`) }, 400, 'file_missing'],
    [
      'two photos',
      { ...form, body: Buffer.concat([form.body.subarray(0, form.body.length - boundary.length - 6), form.body]) },
      400,
      'form_too_large',
    ],
    ['50 MB', photoForm(Buffer.alloc(50 * 1024 * 1024)), 413, 'file_too_large'],
    ['a little too much', photoForm(Buffer.concat([photo(), Buffer.alloc(6 * 1024 * 1024)])), 413, 'file_too_large'],
    ['a form that breaks off', { ...form, body: form.body.subarray(0, 5000) }, 400, 'form_malformed'],
    ['nothing', { ...form, body: Buffer.alloc(0) }, 400, 'form_malformed'],
    [
      'a form without a boundary',
      { body: form.body, headers: { 'content-type': 'multipart/form-data' } },
      415,
      'not_a_form',
    ],
    [
      'a form with an empty boundary',
      { body: form.body, headers: { 'content-type': 'multipart/form-data; boundary=' } },
      400,
      'file_missing',
    ],
    [
      'a form with another boundary',
      { body: form.body, headers: { 'content-type': 'multipart/form-data; boundary=other' } },
      400,
      'form_malformed',
    ],
  ])('%s', async (_title, body, status, expected) => {
    expect(code(await send(web.url, body))).toEqual([status, expected]);
  });

  test('50 MB in chunks, its size not told', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(photoForm(photo()).body.subarray(0, 300));
        for (let count = 0; count < 50; count += 1) controller.enqueue(new Uint8Array(1024 * 1024));
        controller.close();
      },
    });
    const init = {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'content-type': form.headers['content-type'] as string },
    } as RequestInit;
    const response = await fetch(`${web.url}/classify/image`, init);
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'file_too_large' } }]);
  });

  /** Sends what a well-behaved client would not, and reads until the connection ends or the answer stands. */
  function raw(
    url: string,
    text: Buffer | string,
    until: (received: string) => boolean = (received) => /\r\n\r\n[^]+/.test(received),
  ): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let received = '';
      const done = (): void => {
        socket.destroy();
        resolve(received);
      };
      socket.on('data', (data) => {
        received += data.toString('latin1');
        if (until(received)) done();
      });
      socket.on('error', done);
      socket.on('close', done);
      socket.write(text);
    });
  }

  test('an upload that stands still is given up, and the place is free again', async () => {
    const head = `POST /classify/image HTTP/1.1\r\nHost: x\r\nContent-Type: ${form.headers['content-type']}\r\nContent-Length: ${form.body.length}\r\n\r\n`;
    const started = performance.now();
    const answer = await raw(web.url, Buffer.concat([Buffer.from(head), form.body.subarray(0, 2000)]));
    expect(answer).toContain('HTTP/1.1 408');
    expect(answer).toContain('upload_stalled');
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('clients that go away in the middle leave nothing behind', async () => {
    const head = `POST /classify/image HTTP/1.1\r\nHost: x\r\nContent-Type: ${form.headers['content-type']}\r\nContent-Length: ${form.body.length}\r\n\r\n`;
    const was = await harness.was({ UPLOAD_IDLE_SECONDS: '30' });
    const web = await harness.web(was.url);
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(web.port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(Buffer.concat([Buffer.from(head), form.body.subarray(0, 3000)]));
        await new Promise((resolve) => setTimeout(resolve, 100));
        socket.resetAndDestroy();
      }),
    );
    const port = was.log.find(({ message }) => message === 'serving metrics')?.['port'];
    const held = async (): Promise<string[]> => {
      const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
      return metrics.split('\n').filter((line) => /^photos_(in_flight|held_bytes)\{.*\} (?!0$)/.test(line));
    };
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Long before an upload that stands still is given up.
    for (const end = Date.now() + 10_000; (await held()).length > 0 && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await held()).toEqual([]);
    expect((await sendPhoto(web.url)).status).toBe(200);
  });

  test('no HTTP at all', async () => {
    expect(await raw(web.url, 'hello\r\n\r\n', () => false)).toContain('HTTP/1.1 400 Bad Request');
    expect((await get(`${web.url}/health`)).status).toBe(200);
  });
});
