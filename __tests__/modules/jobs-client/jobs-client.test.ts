import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bearerAuthorization, iamAuthorization, JobsApiError, JobsClient } from '@strata/jobs-client';

interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

let server: Server;
let url: string;
let requests: IncomingMessage[];
/** Answers in their order; the last one stays. */
let answers: (Answer | 'hang up')[];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer === 'hang up') request.socket.destroy();
    else {
      const { status, body = {}, headers } = answer;
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

const JOB = { jobId: 'j', state: 'running' };
const refused = (status: number, code: string, headers = {}): Answer => ({
  status,
  body: { error: { code, message: `because of ${code}` } },
  headers,
});

it('repeats what fails for a reason that passes, after what Retry-After asks for', async () => {
  answers = [refused(503, 'database_unavailable', { 'retry-after': '1' }), 'hang up', { status: 200, body: JOB }];
  const began = Date.now();
  expect(await new JobsClient({ url }).get('j')).toEqual(JOB);
  expect(requests).toHaveLength(3);
  expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
});

it('gives up after maxAttempts with what was said last', async () => {
  answers = [refused(429, 'too_many_jobs', { 'retry-after': '0' })];
  const get = new JobsClient({ url, maxAttempts: 3 }).get('j');
  await expect(get).rejects.toMatchObject({ status: 429, code: 'too_many_jobs', retryAfterSeconds: 0 });
  expect(requests).toHaveLength(3);
});

it('says that nobody answered', async () => {
  answers = ['hang up'];
  await expect(new JobsClient({ url, maxAttempts: 1 }).get('j')).rejects.toMatchObject({
    status: 0,
    code: 'no_answer',
    message: expect.stringMatching(`^${url} did not answer: .*closed`),
  });
});

it('does not repeat what the API refuses', async () => {
  answers = [refused(404, 'not_found')];
  await expect(new JobsClient({ url }).get('../jobs')).rejects.toThrow(JobsApiError);
  expect(requests.map((request) => request.url)).toEqual(['/jobs/..%2Fjobs']);
});

it('says what API Gateway and others say in their own form', async () => {
  answers = [{ status: 403, body: { message: 'Forbidden' } }];
  await expect(new JobsClient({ url }).list()).rejects.toMatchObject({ code: 'not_authorized', message: 'Forbidden' });
  answers = [{ status: 400, body: '<html>no</html>' }];
  await expect(new JobsClient({ url }).list()).rejects.toMatchObject({ message: 'HTTP 400: <html>no</html>' });
  answers = [{ status: 200, body: '<html>hello</html>' }];
  await expect(new JobsClient({ url }).list()).rejects.toThrow(
    `${url} answered no JSON; is it the address of the API?`,
  );
});

it('ends at once where its signal is aborted, also between two attempts', async () => {
  answers = [refused(503, 'unavailable', { 'retry-after': '20' })];
  const get = new JobsClient({ url }).get('j', { signal: AbortSignal.timeout(100) });
  await expect(get).rejects.toMatchObject({ name: expect.stringMatching(/^(AbortError|TimeoutError)$/) });
  expect(requests).toHaveLength(1);
});

it.each(['a1b2.execute-api.ap-northeast-2.amazonaws.com', 'ftp://example.com', ''])('refuses the url "%s"', (wrong) => {
  expect(() => new JobsClient({ url: wrong })).toThrow(
    `url: "${wrong}" is not an address; use the output api_url of the jobs layer`,
  );
});

it('asks for a bearer token before each request', async () => {
  answers = [{ status: 200, body: JOB }];
  let count = 0;
  const client = new JobsClient({ url, authorization: bearerAuthorization(async () => `token ${++count}`) });
  await client.get('j');
  await client.get('j');
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token 1', 'Bearer token 2']);
});

it("signs as AWS's documentation of Signature Version 4 says", async () => {
  answers = [{ status: 200, body: { jobId: 'j' } }];
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' };
  const client = new JobsClient({ url, authorization: iamAuthorization(credentials, 'ap-northeast-2') });
  await client.get('a b', { waitSeconds: 20 });
  const { headers } = requests[0]!;
  const date = String(headers['x-amz-date']);
  const [, day, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKID\/(\d{8})\/ap-northeast-2\/execute-api\/aws4_request, SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      String(headers.authorization),
    )!;
  expect(names!.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token']));
  // The path of all services but S3 is encoded twice.
  const request = ['GET', '/jobs/a%2520b', 'wait=20', ...names!.split(';').map((name) => `${name}:${headers[name]}`)];
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = [...request, '', names, sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, `${day}/ap-northeast-2/execute-api/aws4_request`, sha256(canonical)].join(
    '\n',
  );
  const key = [day!, 'ap-northeast-2', 'execute-api', 'aws4_request'].reduce<Buffer | string>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    'AWS4secret',
  );
  expect(signature).toBe(createHmac('sha256', key).update(toSign).digest('hex'));
});
