import type { AddressInfo } from 'node:net';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ApiContext } from '../../jobs/api/context';
import { handleDeadLetters } from '../../jobs/api/dead-letter';
import { httpHandler } from '../../jobs/api/http/route';
import { statusRoutes } from '../../jobs/api/status';
import { submitRoutes } from '../../jobs/api/submit';
import { handleWake } from '../../jobs/api/wake';
import type { Patch } from '../../local/aws/patches';
import { createShim } from '../../local/aws/shim';
import { eventually, journey } from '../support/e2e/journey';
import { JobsClient } from '@strata/jobs-client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalJobs } from '../../local/jobs/local-jobs';
import { added, inventory } from '../support/e2e/remaining';
import { repository } from '../support/e2e/project';
import { World } from '../support/e2e/world';
import { DeployedJobs } from '../support/jobs/deployed-jobs';

const LAYERS = ['network', 'jobs'];
const alone = { STRATA_LAYERS: LAYERS.join(',') };
const jobs = { api: { tenants: { 'arn:aws:iam::123456789012:role/shop-web': 'web' } }, kinds: { sentiment: {} } };

/** AWS where the second zone lacks CloudWatch Logs' endpoint. */
const withoutLogsInZoneB: Patch = {
  service: 'ec2',
  operations: ['DescribeVpcEndpointServices'],
  missing: '',
  why: '',
  how: '',
  seenIn: '',
  matches: ({ service, operation }) => service === 'ec2' && operation === 'DescribeVpcEndpointServices',
  open: () => async (request, forward) => {
    const reply = await forward();
    if (!(await request.body()).toString('utf8').includes('.logs')) return reply;
    const body = reply.body.toString('utf8').replaceAll('<item>ap-northeast-2b</item>', '');
    return { ...reply, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  },
};

interface Answer {
  readonly status: number;
  readonly body: {
    readonly jobId: string;
    readonly state: string;
    readonly url: string;
    readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> };
  };
}

journey('the jobs layer', (step) => {
  const world = new World();
  const configure = (config: object) =>
    world.configure({
      state: { type: 'local' },
      layers: { network: { natGateways: 'none', vpcEndpoints: { derive: 'never' } }, jobs: config },
    });
  let deployed: DeployedJobs | undefined;
  afterAll(async () => {
    await deployed?.stop();
    await world.stop();
  });

  step('the emulator starts', () => world.start());

  step('cdktf deploy makes it beside the network, in an empty account', async () => {
    configure(jobs);
    await world.project.deploy(LAYERS, alone);
    const { kinds, ...outputs } = await world.project.outputs('jobs');
    expect(outputs).toMatchObject({
      contract_version: '1.0.0',
      api_url: expect.stringMatching(/^https:\/\/\w+\.execute-api\.ap-northeast-2\.amazonaws\.com$/),
      database_port: 5432,
    });
    expect(kinds).toMatchObject({ sentiment: { service_name: 'jobs-sentiment-service', container_port: 0, url: '' } });
  });

  step('the second plan is empty', async () => {
    expect(await world.project.changes(LAYERS)).toEqual({ network: [], jobs: [] });
  });

  step('npm run jobs runs it on this machine: a file becomes rows, and a CSV without a formula', async () => {
    const said: string[] = [];
    const folder = mkdtempSync(path.join(tmpdir(), 'strata-local-jobs-'));
    const local = await LocalJobs.start({
      root: repository,
      folder,
      aws: world.clients,
      port: 0,
      programs: { sentiment: path.join(repository, 'jobs/examples/sentiment') },
      idleSeconds: 1,
      environment: { STRATA_RECEIVE_SECONDS: '1' },
      say: (text) => said.push(text),
    });
    try {
      const client = new JobsClient({ url: local.url });
      const content = 'id,comment\n1,"=HYPERLINK(""x"") great, I love it"\n2,awful\n3\n';
      const jobId = await client.submit({ kind: 'sentiment', content });
      const { summary, rows } = await client.wait(jobId, { timeoutSeconds: 40 }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${said.join('\n')}`);
      });
      expect(rows).toBe(3);
      expect(summary).toMatchObject({
        labels: { positive: 1, neutral: 0, negative: 1 },
        errors: { first: [{ line: 4 }] },
      });
      const { url } = await client.download(jobId, { format: 'csv' });
      expect(await (await fetch(url)).text()).toContain(`\r\n2,"'=HYPERLINK(""x"") great, I love it",positive,`);
      // From zero, and back to zero.
      const deadline = Date.now() + 20_000;
      while (!said.some((line) => line.endsWith('stopped')) && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(said.filter((line) => /worker|scales/.test(line))).toEqual([
        'worker jobs-sentiment-service-1 started',
        'jobs-sentiment-service scales from 1 to 0',
        'worker jobs-sentiment-service-1 stopped',
      ]);
    } finally {
      await local.stop();
      rmSync(folder, { recursive: true });
    }
    expect(await world.project.changes(['jobs'])).toEqual({ jobs: [] });
  });

  step('a job goes through the functions and a worker, each with the permissions of its role', async () => {
    deployed = await DeployedJobs.start(world.clients);
    const [submit, status, wake, deadLetter] = await Promise.all(
      ['jobs-submit', 'jobs-status', 'jobs-wake', 'jobs-dead-letter'].map((name) => deployed!.functionNamed(name)),
    );
    const userArn = 'arn:aws:sts::123456789012:assumed-role/shop-web/session';
    const call = async (context: ApiContext, routeKey: string, { jobId = '', body = {} } = {}): Promise<Answer> => {
      const { statusCode, body: text } = await httpHandler(context, { ...submitRoutes, ...statusRoutes })({
        routeKey,
        headers: {},
        pathParameters: { jobId },
        body: JSON.stringify(body),
        requestContext: { authorizer: { iam: { userArn } } },
      });
      return { status: statusCode, body: JSON.parse(text) as Answer['body'] };
    };
    const submitted = async (): Promise<string> => {
      const { body } = await call(submit!, 'POST /uploads', { body: { contentType: 'text/csv' } });
      const { jobId, upload } = body;
      const form = new FormData();
      for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
      form.append('file', new Blob(['good\nbad\n'], { type: 'text/csv' }));
      expect((await fetch(upload.url, { method: 'POST', body: form })).status).toBe(204);
      expect(await call(submit!, 'POST /jobs', { body: { jobId, kind: 'sentiment' } })).toMatchObject({ status: 202 });
      return jobId;
    };
    const [worked, lost] = [await submitted(), await submitted()];
    const workers = new ECSClient(world.clients);
    const desired = async () => {
      const query = { cluster: submit!.settings.kinds.sentiment!.clusterName, services: ['jobs-sentiment-service'] };
      return (await workers.send(new DescribeServicesCommand(query))).services?.[0]?.desiredCount;
    };
    expect(await desired()).toBe(1);
    const records = (body: object) => ({ Records: [{ messageId: '1', body: JSON.stringify(body) }] });
    expect(await handleWake(wake!, records({ kind: 'sentiment' }))).toEqual({ batchItemFailures: [] });
    expect(await handleDeadLetters(deadLetter!, records({ jobId: lost, tenant: 'web' }))).toEqual({
      batchItemFailures: [],
    });

    const stopping = new AbortController();
    const working = deployed.work('jobs-sentiment-td', stopping.signal);
    const stateOf = async (jobId: string) => (await call(status!, 'GET /jobs/{jobId}', { jobId })).body.state;
    await eventually('the job is done', async () => ((await stateOf(worked)) === 'succeeded' ? true : undefined), 30);
    stopping.abort();
    await working;
    expect(await stateOf(lost)).toBe('failed');
    const { body } = await call(status!, 'GET /jobs/{jobId}/download', { jobId: worked });
    expect((await fetch(body.url)).status).toBe(200);
    expect(await call(status!, 'POST /jobs/{jobId}/retry', { jobId: lost })).toMatchObject({ status: 202 });
    expect(await call(status!, 'POST /jobs/{jobId}/cancel', { jobId: lost })).toMatchObject({ status: 200 });

    const others = { Bucket: submit!.settings.bucket, Key: 'results/web/x' };
    await expect(submit!.s3.send(new GetObjectCommand(others))).rejects.toThrow(
      `/jobs-submit is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::${others.Bucket}/results/web/x`,
    );
    const service = 'jobs-sentiment-service';
    await expect(deadLetter!.ecs.send(new UpdateServiceCommand({ service, desiredCount: 9 }))).rejects.toThrow(
      '/jobs-dead-letter is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:',
    );
  });

  step('another kind of work would be added without touching the first', async () => {
    configure({ ...jobs, kinds: { ...jobs.kinds, summary: { maxWorkers: 2 } } });
    await world.project.synth(alone);
    const { jobs: changes } = await world.project.changes(['jobs']);
    expect(changes).toContainEqual(expect.stringMatching(/^aws_ecs_service\.kind-summary_\S+ will be created$/));
    expect(changes!.filter((change) => change.includes('kind-sentiment'))).toEqual([]);
  });

  step('an interface endpoint is planned in those zones only that have its service', async () => {
    const vpcEndpoints = { derive: 'never', interface: ['logs', 'kms'] };
    world.configure({
      state: { type: 'local' },
      layers: { network: { natGateways: 'none', vpcEndpoints }, jobs },
    });
    await world.project.synth({ STRATA_LAYERS: 'network' });
    const aws = createShim({ motoPort: world.aws.port, patches: [withoutLogsInZoneB] });
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    const { output } = await world.project.terraform('network', ['plan', '-no-color'], { AWS_ENDPOINT_URL });
    aws.closeAllConnections();
    aws.close();
    const subnets = (service: string) => {
      const [, list = ''] = new RegExp(`\\.${service}"[^}]*?subnet_ids += \\[([^\\]]*)`).exec(output) ?? [];
      return list.match(/subnet-\w+/g) ?? [];
    };
    expect(subnets('kms')).toHaveLength(2);
    expect(subnets('logs')).toHaveLength(1);
  });

  step('cdktf destroy leaves nothing', async () => {
    await world.project.destroy(LAYERS, alone);
    const { inactiveTaskDefinitions: _kept, ...left } = added(world.before, await inventory(world.clients));
    expect(left).toEqual({});
    expect((await new SQSClient(world.clients).send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    expect((await new ApiGatewayV2Client(world.clients).send(new GetApisCommand({}))).Items ?? []).toEqual([]);
  });
});
