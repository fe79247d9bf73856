import type { HttpEvent } from '../../../jobs/api/http/event';
import { LocalHttpApi } from '../../../local/jobs/http-api';

let api: LocalHttpApi;
let seen: HttpEvent[];

beforeAll(async () => {
  const answer = async (request: HttpEvent) => {
    seen.push(request);
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
  };
  api = await LocalHttpApi.start({
    routes: {
      'GET /jobs': answer,
      'POST /jobs/{jobId}/cancel': answer,
      'GET /broken': () => Promise.reject(new Error('x')),
    },
    authorize: (token) => (token === 'ok' ? { org: 'red' } : undefined),
  });
});
afterAll(() => api.stop());
beforeEach(() => {
  seen = [];
});

const send = (path: string, init: RequestInit = {}, token = 'ok') =>
  fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });

it('hands a request to the function of its route, in payload format 2.0', async () => {
  await send('/jobs/a%2Fb/cancel?wait=2', { method: 'POST', body: '{"x":1}' });
  await send('/jobs');
  expect(seen).toMatchObject([
    {
      routeKey: 'POST /jobs/{jobId}/cancel',
      pathParameters: { jobId: 'a/b' },
      queryStringParameters: { wait: '2' },
      body: '{"x":1}',
      requestContext: { authorizer: { jwt: { claims: { org: 'red' } } } },
    },
    { routeKey: 'GET /jobs', pathParameters: {} },
  ]);
  expect(seen[1]).not.toHaveProperty('body');
});

it.each([
  ['/nowhere', {}, 'ok', 404],
  ['/jobs//cancel', { method: 'POST' }, 'ok', 404],
  ['/jobs', {}, 'wrong', 401],
  ['/jobs/j/cancel', { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) }, 'ok', 413],
])('answers as API Gateway does: %s', async (path, init, token, status) => {
  const response = await send(path, init, token);
  expect([response.status, typeof ((await response.json()) as { message: unknown }).message]).toEqual([
    status,
    'string',
  ]);
  expect(seen).toEqual([]);
});

it('answers 500 where a function throws', async () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  expect((await send('/broken')).status).toBe(500);
  expect(said).toHaveBeenCalledWith(new Error('x'));
  said.mockRestore();
});
