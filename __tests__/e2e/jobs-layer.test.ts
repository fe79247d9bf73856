import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { JobsClient } from '@strata/jobs-client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalJobs } from '../../local/jobs/local-jobs';
import { journey } from '../support/e2e/journey';
import { added, inventory } from '../support/e2e/remaining';
import { repository } from '../support/e2e/project';
import { World } from '../support/e2e/world';

const LAYERS = ['network', 'jobs'];
const alone = { STRATA_LAYERS: LAYERS.join(',') };
const jobs = { api: { tenants: { 'arn:aws:iam::123456789012:role/shop-web': 'web' } }, kinds: { sentiment: {} } };

journey('the jobs layer', (step) => {
  const world = new World();
  const configure = (config: object) =>
    world.configure({
      state: { type: 'local' },
      layers: { network: { natGateways: 'none', vpcEndpoints: { derive: 'never' } }, jobs: config },
    });
  afterAll(() => world.stop());

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

  step('another kind of work would be added without touching the first', async () => {
    configure({ ...jobs, kinds: { ...jobs.kinds, summary: { maxWorkers: 2 } } });
    await world.project.synth(alone);
    const { jobs: changes } = await world.project.changes(['jobs']);
    expect(changes).toContainEqual(expect.stringMatching(/^aws_ecs_service\.kind-summary_\S+ will be created$/));
    expect(changes!.filter((change) => change.includes('kind-sentiment'))).toEqual([]);
  });

  step('cdktf destroy leaves nothing', async () => {
    await world.project.destroy(LAYERS, alone);
    const { inactiveTaskDefinitions: _kept, ...left } = added(world.before, await inventory(world.clients));
    expect(left).toEqual({});
    expect((await new SQSClient(world.clients).send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    expect((await new ApiGatewayV2Client(world.clients).send(new GetApisCommand({}))).Items ?? []).toEqual([]);
  });
});
