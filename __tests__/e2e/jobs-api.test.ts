import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import {
  bearerAuthorization,
  type DownloadFormat,
  type Job,
  JobFailedError,
  JobsClient,
  type JobState,
  WaitTimeoutError,
} from '@strata/jobs-client';

import { type ApiContext, openContext } from '../../jobs/api/context';
import { handleDeadLetters } from '../../jobs/api/dead-letter';
import { httpHandler } from '../../jobs/api/http/route';
import { statusRoutes } from '../../jobs/api/status';
import { submitRoutes } from '../../jobs/api/submit';
import { handleWake } from '../../jobs/api/wake';
import { forget, type ForgetRequest } from '../../jobs/forget';
import { LocalHttpApi } from '../../local/jobs/http-api';
import { describeWithPostgres } from '../support/jobs/database';
import { JobsStage } from '../support/jobs/jobs-stage';

jest.setTimeout(60_000);

describeWithPostgres('the API of the jobs', () => {
  let stage: JobsStage;
  let context: ApiContext;
  let ecs: ECSClient;
  let queueUrl: string;
  let wakeQueueUrl: string;
  let workQueueUrl: string;
  const before = { ...process.env };

  beforeAll(async () => {
    stage = await JobsStage.start();
    process.env.AWS_ENDPOINT_URL = stage.aws.clients.endpoint;
    process.env.AWS_REGION = stage.aws.clients.region;
    process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'test';
    [queueUrl, wakeQueueUrl, workQueueUrl] = await Promise.all([
      stage.makeQueue(),
      stage.makeQueue(),
      stage.makeQueue(),
    ]);
    ecs = new ECSClient(stage.aws.clients);
    await ecs.send(new CreateClusterCommand({ clusterName: 'jobs' }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'w',
        containerDefinitions: [{ name: 'w', image: 'w', memory: 128 }],
      }),
    );
    await ecs.send(
      new CreateServiceCommand({ cluster: 'jobs', serviceName: 'w', taskDefinition: 'w', desiredCount: 0 }),
    );
    context = openContext({
      kinds: {
        lines: { queueUrl, clusterName: 'jobs', serviceName: 'w' },
        work: { queueUrl: workQueueUrl, clusterName: 'jobs', serviceName: 'w' },
      },
      bucket: 'jobs',
      databaseUrl: stage.postgres.urlFor('strata_submitter'),
      databaseIam: false,
      wakeQueueUrl,
      tenant: { from: 'jwt', claim: 'org' },
      uploadMaxMib: 1,
      uploadExpirySeconds: 300,
      uploadContentTypes: ['text/csv'],
      longPollSeconds: 2,
      queuedJobsPerTenant: 3,
    });
  });
  afterAll(async () => {
    await context.pool.end();
    await stage.stop();
    process.env = before;
  });

  interface Answer {
    readonly status: number;
    readonly body: Record<string, never>;
    readonly retryAfter: string | undefined;
  }
  interface Request {
    readonly body?: unknown;
    readonly key?: string;
    readonly query?: Record<string, string>;
  }

  const call = async (tenant: string, route: string, { body, key, query }: Request = {}): Promise<Answer> => {
    const [method, path = ''] = route.split(' ');
    const [, jobId] = /^\/jobs\/([^/]+)/.exec(path) ?? [];
    const answer = await httpHandler(context, { ...submitRoutes, ...statusRoutes })({
      routeKey: `${method} ${jobId === undefined ? path : path.replace(jobId, '{jobId}')}`,
      headers: key === undefined ? {} : { 'idempotency-key': key },
      pathParameters: { jobId },
      queryStringParameters: query,
      body: JSON.stringify(body),
      requestContext: { authorizer: { jwt: { claims: { org: tenant } } } },
    });
    return { status: answer.statusCode, body: JSON.parse(answer.body), retryAfter: answer.headers['retry-after'] };
  };

  const upload = async (tenant: string): Promise<string> => {
    const { body } = await call(tenant, 'POST /uploads', { body: { contentType: 'text/csv' } });
    const { jobId, upload: to } = body as unknown as {
      jobId: string;
      upload: { url: string; fields: Record<string, string> };
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(to.fields)) form.append(name, value);
    form.append('file', new Blob(['text\nhello\n'], { type: 'text/csv' }));
    const response = await fetch(to.url, { method: 'POST', body: form });
    expect(response.status).toBe(204);
    return jobId;
  };
  const submit = async (tenant: string, key?: string) => {
    const jobId = await upload(tenant);
    return { jobId, answer: await call(tenant, 'POST /jobs', { body: { jobId, kind: 'lines' }, key }) };
  };
  const desired = async () =>
    (await ecs.send(new UpdateServiceCommand({ cluster: 'jobs', service: 'w' }))).service?.desiredCount;
  const messages = async (url: string) => {
    const { Messages: found = [] } = await stage.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return found.map(({ Body: text }) => JSON.parse(text!) as unknown);
  };

  it("signs a form for one key, one type and a size below the tenant's prefix", async () => {
    const { status, body } = await call('a/b', 'POST /uploads', { body: { contentType: 'text/csv' } });
    expect(status).toBe(201);
    const { jobId, upload: to } = body as unknown as { jobId: string; upload: { fields: Record<string, string> } };
    const policy = JSON.parse(Buffer.from(to.fields.Policy!, 'base64').toString()) as {
      expiration: string;
      conditions: unknown[];
    };
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 1, 1048576],
        ['eq', '$Content-Type', 'text/csv'],
        { key: `uploads/a%2Fb/${jobId}` },
      ]),
    );
    expect(Date.parse(policy.expiration) - Date.now()).toBeLessThanOrEqual(300_000);
    expect((await call('red', 'POST /uploads', { body: { contentType: 'text/html' } })).status).toBe(415);
  });

  it('answers 409 while the file has not arrived, then stores, sends, wakes a service at 0, and answers 202', async () => {
    const { body } = await call('red', 'POST /uploads', { body: { contentType: 'text/csv' } });
    const early = await call('red', 'POST /jobs', { body: { jobId: body.jobId, kind: 'lines' } });
    expect(early).toMatchObject({ status: 409, body: { error: { code: 'input_missing' } } });

    const { jobId, answer } = await submit('red');
    expect(answer).toMatchObject({ status: 202, body: { jobId } });
    expect(await messages(queueUrl)).toEqual([{ jobId, tenant: 'red' }]);
    expect(await desired()).toBe(1);
    expect(
      (await stage.owner.query('SELECT sent_at FROM job WHERE job_id = $1', [jobId])).rows[0].sent_at,
    ).not.toBeNull();
  });

  it('answers the same job to the same key, also at once, and 409 to another body', async () => {
    const jobId = await upload('same');
    const request = { body: { jobId, kind: 'lines' }, key: 'k1' };
    const answers = await Promise.all([1, 2, 3].map(() => call('same', 'POST /jobs', request)));
    expect(answers.map(({ status, body }) => [status, body.jobId])).toEqual(Array(3).fill([202, jobId]));
    const { rows } = await stage.owner.query("SELECT FROM job WHERE tenant = 'same'");
    expect(rows).toHaveLength(1);
    const other = await call('same', 'POST /jobs', { body: { ...request.body, parameters: { x: 1 } }, key: 'k1' });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } });
  });

  it('sends the job of a submit that died between its row and its message, when the key is repeated', async () => {
    const jobId = await upload('crash');
    const whole = context.sqs.send.bind(context.sqs);
    const spy = jest
      .spyOn(context.sqs, 'send')
      .mockImplementationOnce(() => Promise.reject(new TypeError('queue unreachable')));
    const request = { body: { jobId, kind: 'lines' }, key: 'k' };
    expect((await call('crash', 'POST /jobs', request)).status).toBe(502);
    spy.mockImplementation(whole as never);
    expect((await call('crash', 'POST /jobs', request)).status).toBe(202);
    spy.mockRestore();
    expect(await messages(queueUrl)).toContainEqual({ jobId, tenant: 'crash' });
  });

  it('limits the jobs of a tenant that wait or run', async () => {
    for (let i = 0; i < 3; i++) expect((await submit('many')).answer.status).toBe(202);
    expect((await submit('many')).answer).toMatchObject({ status: 429, retryAfter: '30' });
    expect((await submit('few')).answer.status).toBe(202);
  });

  it('shows a job to its tenant alone, by status, list, cancel, retry and download', async () => {
    const { jobId } = await submit('owner');
    for (const route of [
      `GET /jobs/${jobId}`,
      `GET /jobs/${jobId}/download`,
      `GET /jobs/${jobId}/trace`,
      `POST /jobs/${jobId}/cancel`,
      `POST /jobs/${jobId}/retry`,
    ])
      expect((await call('thief', route)).status).toBe(404);
    expect((await call('thief', 'GET /jobs')).body).toEqual({ jobs: [], next: null });
    expect((await call('owner', `GET /jobs/${jobId}`)).body).toMatchObject({ jobId, state: 'queued' });
    expect((await call('owner', 'GET /jobs')).body.jobs).toHaveLength(1);
    expect((await call('owner', `GET /jobs/${jobId}/download`)).status).toBe(409);
  });

  it('holds a status until the job has ended, and no longer than allowed', async () => {
    const { jobId } = await submit('poll');
    const started = Date.now();
    const waiting = call('poll', `GET /jobs/${jobId}`, { query: { wait: '20' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await call('poll', `POST /jobs/${jobId}/cancel`);
    expect((await waiting).body).toMatchObject({ state: 'cancelled' });
    expect(Date.now() - started).toBeLessThan(1900);
    const again = await submit('poll');
    const late = await call('poll', `GET /jobs/${again.jobId}`, { query: { wait: '20' } });
    expect(late.body).toMatchObject({ state: 'queued' });
    expect((await call('poll', `GET /jobs/${jobId}`, { query: { wait: 'x' } })).status).toBe(400);
  });

  it('retries what has ended badly in a new series, and refuses what runs', async () => {
    const { jobId } = await submit('again');
    await stage.owner.query(
      "UPDATE job SET state = 'failed', failures = 4, attempt = 4, error_code = 'x' WHERE job_id = $1",
      [jobId],
    );
    expect((await call('again', `POST /jobs/${jobId}/retry`)).status).toBe(202);
    expect(await stage.job(jobId)).toMatchObject({ state: 'queued', failures: 0, attempt: 4, error_code: null });
    await stage.owner.query("UPDATE job SET state = 'running' WHERE job_id = $1", [jobId]);
    expect((await call('again', `POST /jobs/${jobId}/retry`)).status).toBe(409);
  });

  it('marks a dead letter failed with its last error, but not a job that a worker holds', async () => {
    const [lost, held] = [(await submit('dead')).jobId, (await submit('dead')).jobId];
    await stage.owner.query(
      "UPDATE job SET state = 'running', lease_until = now() - interval '1 s' WHERE job_id = $1",
      [lost],
    );
    await stage.owner.query(
      "UPDATE job SET state = 'running', lease_until = now() + interval '1 h' WHERE job_id = $1",
      [held],
    );
    const Records = [lost, held].map((jobId) => ({
      messageId: jobId,
      body: JSON.stringify({ jobId, tenant: 'dead' }),
    }));
    Records.push({ messageId: 'bad', body: 'no job' });
    expect(await handleDeadLetters(context, { Records })).toEqual({ batchItemFailures: [] });
    expect(await stage.job(lost)).toMatchObject({
      state: 'failed',
      error_code: 'worker_lost',
      notified_at: expect.any(Date),
    });
    expect(await stage.job(held)).toMatchObject({ state: 'running', notified_at: null });
  });

  it('raises a service that scale-in took to 0 after the submit looked, and leaves any other count alone', async () => {
    const Records = [{ messageId: '1', body: JSON.stringify({ kind: 'lines' }) }];
    for (const [count, then] of [
      [0, 1],
      [3, 3],
    ] as const) {
      await ecs.send(new UpdateServiceCommand({ cluster: 'jobs', service: 'w', desiredCount: count }));
      await handleWake(context, { Records });
      expect(await desired()).toBe(then);
    }
  });

  describe('its client, over HTTP, with a worker', () => {
    let api: LocalHttpApi;
    const client = (tenant: string) =>
      new JobsClient({ url: api.url, authorization: bearerAuthorization(() => `of ${tenant}`), maxAttempts: 2 });

    beforeAll(async () => {
      const routes = { ...submitRoutes, ...statusRoutes };
      const handler = httpHandler(context, routes);
      api = await LocalHttpApi.start({
        routes: Object.fromEntries(Object.keys(routes).map((route) => [route, handler])),
        authorize: (token) => (/^of (\w+)$/.test(token) ? { org: token.slice(3) } : undefined),
      });
    });
    afterAll(() => api.stop());

    it('submits a file, waits for its rows, and reads them', async () => {
      const jobs = client('reader');
      const content = new Blob(['one\ntwo\nthree\n'], { type: 'text/csv' });
      const jobId = await jobs.submit({ kind: 'work', content });
      await expect(jobs.wait(jobId, { timeoutSeconds: 0.2 })).rejects.toThrow(WaitTimeoutError);
      const worker = stage.startWorker(workQueueUrl, { STRATA_KIND: 'work' });
      const seen: Job[] = [];
      const ended = await jobs.wait(jobId, { onChange: (job) => seen.push(job) });
      expect(ended).toMatchObject({ jobId, state: 'succeeded', rows: 3, summary: { lines: 3 }, attempt: 1 });
      expect(seen.at(-1)).toEqual(ended);
      const rows: unknown[] = [];
      for await (const row of jobs.rows(jobId)) rows.push(row);
      expect(rows).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);

      const { url } = await jobs.download(jobId, { format: 'csv' });
      const name = `attachment; filename="${jobId}.csv"`;
      expect(new URL(url).searchParams.get('response-content-disposition')).toBe(name);
      expect(await (await fetch(url)).text()).toContain('line,text,resumedFrom\r\n1,one,0\r\n');
      expect((await jobs.trace(jobId)).map(({ what }) => what)).toEqual(['submitted', 'claimed', 'succeeded']);

      expect(await jobs.rowPage(jobId, { after: 1, limit: 1 })).toEqual({ rows: [rows[1]], total: 3 });
      expect(await jobs.rowPage(jobId, { after: 3 })).toEqual({ rows: [], total: 3 });
      await expect(jobs.rowPage(jobId, { limit: 1001 })).rejects.toMatchObject({ status: 400 });
      await expect(client('thief').rowPage(jobId)).rejects.toMatchObject({ status: 404, code: 'not_found' });
      await stage.owner.query('DELETE FROM result_row WHERE job_id = $1', [jobId]);
      await expect(jobs.rowPage(jobId)).rejects.toMatchObject({ status: 409, code: 'rows_not_loaded' });

      const failing = await jobs.submit({ kind: 'work', content, parameters: { fail: true } });
      await expect(jobs.wait(failing)).rejects.toThrow(JobFailedError);
      await expect(jobs.wait(failing)).rejects.toThrow(`job ${failing} failed: as it was told`);
      await expect(jobs.rowPage(failing)).rejects.toMatchObject({ status: 409, code: 'no_result' });
      await worker.kill('SIGTERM');
      await jobs.retry(failing);
      expect(await jobs.cancel(failing)).toMatchObject({ state: 'cancelled' });
      const all: string[] = [];
      for await (const job of jobs.all()) all.push(job.jobId);
      expect(all).toEqual([failing, jobId]);
      const succeeded = await jobs.list({ states: ['succeeded', 'failed'], kind: 'work' });
      expect(succeeded.jobs.map((job) => job.jobId)).toEqual([jobId]);
      expect((await jobs.list({ kind: 'lines' })).jobs).toEqual([]);
      const refused = { status: 400, message: expect.stringContaining('"done" is not a state; use queued, running') };
      await expect(jobs.list({ states: ['done' as JobState] })).rejects.toMatchObject(refused);
      await expect(jobs.download(jobId, { format: 'xlsx' as DownloadFormat })).rejects.toMatchObject({ status: 400 });
      await expect(client('thief').get(jobId)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    });

    it('says what the API refuses', async () => {
      const refused = (options: object) => client('reader').submit({ kind: 'work', content: 'a', ...options });
      await expect(refused({ kind: 'lnes' })).rejects.toMatchObject({
        status: 400,
        code: 'unknown_kind',
        message: '"lnes" is not a kind of job; use one of lines, work',
      });
      await expect(refused({ contentType: 'text/html' })).rejects.toMatchObject({ code: 'content_type' });
      await expect(new JobsClient({ url: api.url }).list()).rejects.toMatchObject({
        status: 401,
        code: 'not_authorized',
        message: 'Unauthorized',
      });
    });
  });

  it("deletes one job's data, then all of a tenant's, and nobody else's", async () => {
    const [first, second] = [(await submit('anna')).jobId, (await submit('anna')).jobId];
    const other = (await submit('annabel')).jobId;
    for (const jobId of [first, second, other])
      await stage.s3.send(new PutObjectCommand({ Bucket: 'jobs', Key: `results/${jobId}/1/rows.ndjson`, Body: '{}' }));
    await stage.owner.query("SELECT result_partition('2026-11-01')");
    await stage.owner.query(
      "INSERT INTO result_row (month, job_id, attempt, row_no, tenant, data) VALUES ('2026-11-01', $1, 1, 1, 'anna', '{}')",
      [second],
    );
    const client = await stage.owner.connect();
    const ask = (request: ForgetRequest) => forget({ client: client as never, s3: stage.s3, bucket: 'jobs' }, request);
    try {
      expect(await ask({ tenant: 'anna', jobId: first.slice(0, 3) })).toEqual({ jobs: 0, rows: 0, objects: 0 });
      expect(await ask({ tenant: 'annabel', jobId: first })).toEqual({ jobs: 0, rows: 0, objects: 0 });
      expect(await ask({ tenant: 'anna', jobId: first })).toEqual({ jobs: 1, rows: 0, objects: 2 });
      expect((await call('anna', 'GET /jobs')).body.jobs).toMatchObject([{ jobId: second }]);
      expect(await ask({ tenant: 'anna' })).toEqual({ jobs: 1, rows: 1, objects: 2 });
      expect(await ask({ tenant: 'anna' })).toEqual({ jobs: 0, rows: 0, objects: 0 });
    } finally {
      client.release();
    }
    const { Contents: left = [] } = await stage.s3.send(
      new ListObjectsV2Command({ Bucket: 'jobs', Prefix: 'results/' }),
    );
    const ours = left.filter(({ Key = '' }) => [first, second, other].some((jobId) => Key.includes(jobId)));
    expect(ours.map(({ Key }) => Key)).toEqual([`results/${other}/1/rows.ndjson`]);
    expect((await call('annabel', `GET /jobs/${other}`)).status).toBe(200);
  });

  it('answers 503 with Retry-After while the database is down', async () => {
    await stage.postgres.pause();
    const answer = await call('red', 'GET /jobs');
    await stage.postgres.resume();
    await stage.reconnect();
    expect(answer).toMatchObject({ status: 503, retryAfter: '10', body: { error: { code: 'database_unavailable' } } });
    expect((await call('red', 'GET /jobs')).status).toBe(200);
  });
});
