import { version } from '../../app-web/package.json';
import { languages } from '../../app-web/languages';
import { messages } from '../../app-web/messages';
import type { ChildService } from '../../local/run/child-service';
import { get, Harness, photo, sendPhoto } from '../apps/harness';

const harness = new Harness();
let was: ChildService;
let web: ChildService;

beforeAll(async () => {
  was = await harness.was();
  web = await harness.web(was.url);
});
afterAll(() => harness.close());

test.each(languages)('the page speaks %s from the first byte, and leaves no place unfilled', async (language) => {
  for (const [path, title] of [
    ['/', messages[language].title],
    ['/was/check', messages[language].checkTitle],
  ] as const) {
    const { status, headers, text } = await get(web.url + path, { 'accept-language': `${language}, en;q=0.5` });
    expect([status, headers.get('content-type'), headers.get('content-language')]).toEqual([
      200,
      'text/html; charset=utf-8',
      language,
    ]);
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(`<title>${title}</title>`);
    expect(text).not.toMatch(/\{\{|undefined/);
  }
});

test("a person's choice goes before the browser's language; neither known, it is English", async () => {
  expect(
    (await get(web.url, { cookie: 'a=b; language=ja', 'accept-language': 'ko' })).headers.get('content-language'),
  ).toBe('ja');
  expect(
    (await get(web.url, { cookie: 'language=<x>', 'accept-language': 'fr' })).headers.get('content-language'),
  ).toBe('en');
});

test('the messages of all languages fill the same places', () => {
  const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
  for (const [key, text] of Object.entries(messages.en)) {
    for (const language of languages)
      expect([language, key, places(messages[language][key as keyof typeof messages.en])]).toEqual([
        language,
        key,
        places(text),
      ]);
  }
});

test('everything the page needs comes from here, is kept by browsers, and is asked again when it changes', async () => {
  const { text, headers } = await get(web.url);
  expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self'");
  const assets = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  expect(assets.length).toBeGreaterThanOrEqual(3);
  for (const path of assets) {
    const asset = await get(web.url + path);
    expect([path, asset.status, asset.headers.get('cache-control')]).toEqual([
      path,
      200,
      'public, max-age=31536000, immutable',
    ]);
    const ofAnotherVersion = await get(`${web.url}${path.replace(/\?.*/, '?0123')}`);
    expect([ofAnotherVersion.status, ofAnotherVersion.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  }
  const again = await fetch(web.url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect((await get(`${web.url}/assets/..%2Fserver.js`)).status).toBe(404);
});

test('health, version and readiness', async () => {
  expect((await get(`${web.url}/health`)).status).toBe(200);
  expect((await get(`${web.url}/version`)).body).toEqual({ service: 'app-web', version, image: null });
  expect((await get(`${web.url}/ready`)).body).toEqual({ ready: true, checks: { 'app-was': { ok: true } } });
  expect((await get(`${web.url}/was/health`)).body).toEqual({ 'was-health': { message: 'WAS-Connected' } });
  expect((await get(`${web.url}/was/ready`)).body).toMatchObject({ ready: true, checks: { endpoint: { ok: true } } });
});

test('no route takes a host', async () => {
  for (const path of ['/was/health/127.0.0.1:80', '/was/health?url=http://127.0.0.1', '/classify/image?host=evil']) {
    const { status, body } = await get(web.url + path);
    expect([path, status === 404 || 'was-health' in body]).toEqual([path, true]);
  }
});

test('a photo goes through, its id with it', async () => {
  const root = '1-67891233-abcdef012345678912345678';
  const { status, body } = await sendPhoto(web.url, photo(), {
    'accept-language': 'ja',
    'x-amzn-trace-id': `Root=${root}`,
  });
  expect([status, body]).toMatchObject([
    200,
    { requestId: root, result: { language: 'ja', image: { bytes: photo().length } } },
  ]);
  // Logs are written a few lines at a time.
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (const service of [web, was])
    expect(service.log).toContainEqual(
      expect.objectContaining({ requestId: root, path: '/classify/image', status: 200 }),
    );
});

test("another site's page cannot spend this site's model", async () => {
  expect(await sendPhoto(web.url, photo(), { 'sec-fetch-site': 'cross-site' })).toMatchObject({
    status: 403,
    body: { error: { code: 'cross_site' } },
  });
  expect((await sendPhoto(web.url, photo(), { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('what is no form is refused before app-was hears of it', async () => {
  const response = await fetch(`${web.url}/classify/image`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect([response.status, await response.json()]).toMatchObject([415, { error: { code: 'not_a_form' } }]);
});

test('it does not start without the address of app-was', async () => {
  await expect(harness.web('')).rejects.toThrow('APP_WAS_URL: is missing');
  await expect(harness.web('app-was:80')).rejects.toThrow(
    'APP_WAS_URL: "app-was:80" is not allowed; use http:// or https://, a host and, if need be, a port',
  );
});

describe('files of comments', () => {
  const UPLOADS = 'https://shop-jobs.s3.ap-northeast-2.amazonaws.com';
  const ID = 'abcdefghijklmnopqrstuv';
  const jobs = { status: 200, headers: {}, body: {} as object };
  const seen: string[] = [];
  let offering: ChildService;

  beforeAll(async () => {
    const behind = await harness.server((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${body}`.trim());
        response.writeHead(jobs.status, { 'content-type': 'application/json', ...jobs.headers });
        response.end(JSON.stringify(jobs.body));
      });
    });
    offering = await harness.web(behind.url, { JOBS_UPLOAD_ORIGIN: UPLOADS });
  });
  beforeEach(() => seen.splice(0));

  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(offering.url + path, {
      method: 'POST',
      body: '{"jobId":"x"}',
      headers: { 'content-type': 'application/json', ...headers },
    });

  test.each(languages)('are taken on a page of their own, in %s, that may call the bucket', async (language) => {
    const { status, headers, text } = await get(`${offering.url}/comments`, { 'accept-language': language });
    expect(status).toBe(200);
    expect(text).toContain(`<title>${messages[language].commentsTitle}</title>`);
    expect(text).not.toMatch(/\{\{|undefined/);
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${UPLOADS};`);
    expect((await get(offering.url, { 'accept-language': language })).text).toContain(
      `<a href="/comments" data-i18n="commentsLink">${messages[language].commentsLink}</a>`,
    );
  });

  test('are not offered without a jobs layer, and app-was says so', async () => {
    expect((await get(`${web.url}/comments`)).status).toBe(404);
    const { text, headers } = await get(web.url);
    expect(text).not.toContain('/comments');
    expect(headers.get('content-security-policy')).toContain("connect-src 'self';");
    expect((await get(`${web.url}/jobs/${ID}`)).body.error?.code).toBe('jobs_not_offered');
  });

  test('their requests are passed on, and only from this site', async () => {
    jobs.body = { job: { state: 'queued' } };
    expect((await get(`${offering.url}/jobs/${ID}?wait=20`)).body).toMatchObject(jobs.body);
    await get(`${offering.url}/jobs/..%2Fhealth/rows?after=1`);
    expect((await post('/jobs')).status).toBe(200);
    expect((await post(`/jobs/${ID}/cancel`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(seen).toEqual([`GET /jobs/${ID}?wait=20`, 'GET /jobs/..%2Fhealth/rows?after=1', 'POST /jobs {"jobId":"x"}']);
  });

  test('what app-was refuses comes through, with Retry-After', async () => {
    Object.assign(jobs, { status: 503, headers: { 'retry-after': '10' } });
    jobs.body = { error: { code: 'database_unavailable', message: 'starting' } };
    const { status, headers, body } = await get(`${offering.url}/jobs/${ID}`);
    expect([status, headers.get('retry-after'), body.error?.code]).toEqual([503, '10', 'database_unavailable']);
  });
});
