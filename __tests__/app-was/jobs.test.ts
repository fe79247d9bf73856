import type { IncomingHttpHeaders } from 'node:http';
import type { ChildService } from '../../local/run/child-service';
import { get, Harness } from '../apps/harness';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ID = 'abcdefghijklmnopqrstuv';
const JOB = { jobId: ID, state: 'running', progress: 0.5 };
const harness = new Harness();
let seen: Seen[] = [];
let answer: { status: number; body: object; headers?: Record<string, string> };
let apiUrl: string;
let was: ChildService;

beforeAll(async () => {
  const api = await harness.server((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
  });
  apiUrl = api.url;
  was = await harness.was({ JOBS_API_URL: apiUrl, JOBS_REGION: 'eu-west-1' });
});
afterAll(() => harness.close());
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: JOB };
});

async function post(path: string, body: object | string = {}, service = was) {
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, never> };
}

test('without a jobs layer no route is there, and it says so', async () => {
  const { url } = await harness.was();
  for (const path of ['/jobs', `/jobs/${ID}`, `/jobs/${ID}/rows`]) {
    const { status, body } = await get(url + path);
    expect([status, body.error?.code]).toEqual([404, 'jobs_not_offered']);
  }
  expect(JSON.stringify((await get(url)).body)).not.toContain('/jobs');
});

test('an upload and a job are handed on, signed for the API in its region', async () => {
  const form = { jobId: ID, upload: { url: 'https://b', fields: { key: 'k' } } };
  answer = { status: 201, body: form };
  expect(await post('/jobs/uploads', { contentType: 'text/csv' })).toMatchObject({ status: 201, body: form });
  answer = { status: 202, body: { jobId: ID } };
  expect(await post('/jobs', { jobId: ID })).toMatchObject({ status: 202, body: { jobId: ID } });
  expect(seen).toMatchObject([
    { method: 'POST', url: '/uploads', body: '{"contentType":"text/csv"}' },
    {
      method: 'POST',
      url: '/jobs',
      body: `{"jobId":"${ID}","kind":"sentiment","parameters":{}}`,
      headers: { 'idempotency-key': ID },
    },
  ]);
  expect(seen[0]!.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-west-1\/execute-api\//);
});

test('a job, its rows, its download and its end are asked of the API', async () => {
  expect((await get(`${was.url}/jobs/${ID}?wait=20`)).body).toMatchObject({ job: JOB });
  answer = { status: 200, body: { rows: [{ line: 2 }], total: 9 } };
  expect((await get(`${was.url}/jobs/${ID}/rows?after=25&limit=25`)).body).toMatchObject(answer.body);
  answer = { status: 200, body: { url: 'https://b/k', expiresSeconds: 300 } };
  expect((await get(`${was.url}/jobs/${ID}/download`)).body).toMatchObject(answer.body);
  answer = { status: 200, body: { ...JOB, state: 'cancelled' } };
  expect((await post(`/jobs/${ID}/cancel`)).body).toMatchObject({ job: answer.body });
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET /jobs/${ID}?wait=20`,
    `GET /jobs/${ID}/rows?after=25&limit=25`,
    `GET /jobs/${ID}/download`,
    `POST /jobs/${ID}/cancel`,
  ]);
});

test.each([
  ['/jobs/uploads', {}, 400, 'contentType: '],
  ['/jobs/uploads', '{', 400, 'the request is not well formed'],
  ['/jobs', { jobId: '../x' }, 400, 'jobId: use the jobId that POST /jobs/uploads answered'],
  ['/jobs', { jobId: ID, kind: 'other' }, 400, 'body: '],
  ['/jobs/..%2Fx/cancel', {}, 404, 'there is no such job'],
])('bad input is refused here: POST %s %j', async (path, body, status, message) => {
  const refused = await post(path, body);
  expect(refused).toMatchObject({ status, body: { error: { message: expect.stringContaining(message) } } });
  expect(seen).toEqual([]);
});

test.each([
  ['?wait=21', 'wait: "21" is not allowed; use a whole number from 0 to 20'],
  ['?wait=1e1', 'wait: "1e1" is not allowed'],
  ['/rows?limit=501', 'limit: "501" is not allowed; use a whole number from 1 to 500'],
  ['/rows?after=-1', 'after: "-1" is not allowed'],
])('a number out of bounds is refused: %s', async (query, message) => {
  const { status, body } = await get(`${was.url}/jobs/${ID}${query}`);
  expect([status, body.error?.message]).toEqual([400, expect.stringContaining(message)]);
});

test('what the API says of the request is passed on, with Retry-After, once', async () => {
  const error = (code: string) => ({ error: { code, message: `because of ${code}` } });
  answer = { status: 503, body: error('database_unavailable'), headers: { 'retry-after': '10' } };
  const paused = await get(`${was.url}/jobs/${ID}`);
  expect([paused.status, paused.body.error?.code, paused.headers.get('retry-after')]).toEqual([
    503,
    'database_unavailable',
    '10',
  ]);
  answer = { status: 429, body: error('too_many_jobs'), headers: { 'retry-after': '30' } };
  const full = await post('/jobs', { jobId: ID });
  expect([full.status, full.headers.get('retry-after')]).toEqual([429, '30']);
  answer = { status: 409, body: error('input_missing') };
  expect(await post('/jobs', { jobId: ID })).toMatchObject({ status: 409, body: error('input_missing') });
  expect(seen).toHaveLength(3);
});

test('roles, hosts and functions stay in the log', async () => {
  const message = '"arn:aws:sts::1:assumed-role/ecsWasTaskRole/x" belongs to no tenant';
  answer = { status: 403, body: { error: { code: 'no_tenant', message } } };
  const refused = await get(`${was.url}/jobs/${ID}`);
  expect([refused.status, refused.body.error?.code, refused.headers.get('retry-after')]).toEqual([
    503,
    'jobs_unavailable',
    '60',
  ]);
  expect(refused.text).not.toContain('arn:');
  // The line is on its way.
  while (!JSON.stringify(was.log).includes('belongs to no tenant'))
    await new Promise((resolve) => setTimeout(resolve, 20));
});

test('without a way to the API its functions are invoked, with the event that API Gateway makes', async () => {
  const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const { url } = await harness.was({
    JOBS_API_URL: 'https://unreachable.invalid',
    JOBS_REGION: 'eu-west-1',
    JOBS_SUBMIT_FUNCTION_ARN: arn('jobs-submit'),
    JOBS_STATUS_FUNCTION_ARN: arn('jobs-status'),
    JOBS_CALLER_ROLE_ARN: 'arn:aws:iam::123456789012:role/ecsWasTaskRole',
    AWS_ENDPOINT_URL_LAMBDA: apiUrl,
  });
  answer = { status: 200, body: { statusCode: 202, headers: {}, body: JSON.stringify({ jobId: ID }) } };
  expect(await post('/jobs', { jobId: ID }, { url } as ChildService)).toMatchObject({ status: 202 });
  answer = {
    status: 200,
    body: {
      statusCode: 503,
      headers: { 'retry-after': '7' },
      body: '{"error":{"code":"database_unavailable","message":"m"}}',
    },
  };
  const rows = await get(`${url}/jobs/${ID}/rows?after=25`);
  expect([rows.status, rows.headers.get('retry-after')]).toEqual([503, '7']);
  const caller = { authorizer: { iam: { userArn: 'arn:aws:sts::123456789012:assumed-role/ecsWasTaskRole/app-was' } } };
  expect(seen.map((call) => [call.url, JSON.parse(call.body)])).toMatchObject([
    ['/2015-03-31/functions/jobs-submit/invocations', { routeKey: 'POST /jobs', requestContext: caller }],
    [
      '/2015-03-31/functions/jobs-status/invocations',
      {
        routeKey: 'GET /jobs/{jobId}/rows',
        pathParameters: { jobId: ID },
        queryStringParameters: { after: '25', limit: '100' },
      },
    ],
  ]);
  expect(seen[0]!.headers.authorization).toMatch(/\/eu-west-1\/lambda\/aws4_request/);
  // A function that failed itself says so in a header, with status 200.
  answer = { status: 200, body: { errorMessage: 'boom' }, headers: { 'x-amz-function-error': 'Unhandled' } };
  expect((await get(`${url}/jobs/${ID}`)).body.error?.code).toBe('jobs_unavailable');
});
