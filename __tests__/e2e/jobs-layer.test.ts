import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { journey } from '../support/e2e/journey';
import { added, inventory } from '../support/e2e/remaining';
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
