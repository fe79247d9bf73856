import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  type ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { failure, image, LocalHarness, role, variant, type FakeModel } from './harness';

// Containers are processes; on a busy machine each takes seconds to start.
jest.setTimeout(240_000);

const harness = new LocalHarness();
const send: LocalHarness['control']['send'] = ((command: never) => harness.control.send(command)) as never;

async function model(name: string, fake: FakeModel, variables: Record<string, string> = {}): Promise<void> {
  const ModelDataUrl = harness.modelArchive(`${name}/model.tar.gz`, fake);
  await send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: role,
      PrimaryContainer: { Image: image, ModelDataUrl, Environment: variables },
    }),
  );
}
async function config(
  name: string,
  variants: readonly ProductionVariant[],
  shadows?: readonly ProductionVariant[],
): Promise<void> {
  await send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [...variants],
      ShadowProductionVariants: shadows === undefined ? undefined : [...shadows],
    }),
  );
}

beforeAll(async () => {
  await harness.start();
  await model('one', { answer: 1, keepAliveMilliseconds: 1 }, { VARIABLE: 'from the model' });
  await model('two', { answer: 2, startMilliseconds: 300 });
  await model('broken', { broken: 'has no answer' });
  await config('one', [variant()]);
  await config('two', [variant({ ModelName: 'two' })]);
  await config('broken', [variant({ ModelName: 'broken' })]);
});
afterAll(() => harness.close());

test('an endpoint is created, serves, and says what it is', async () => {
  const { EndpointArn } = await send(
    new CreateEndpointCommand({
      EndpointName: 'flowers',
      EndpointConfigName: 'one',
      Tags: [{ Key: 'team', Value: 'ml' }],
    }),
  );
  expect(EndpointArn).toBe('arn:aws:sagemaker:ap-northeast-2:000000000000:endpoint/flowers');
  expect(await harness.settled()).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'one',
    CreationTime: expect.any(Date),
    ProductionVariants: [
      {
        VariantName: 'AllTraffic',
        CurrentWeight: 1,
        CurrentInstanceCount: 1,
        DeployedImages: [{ SpecifiedImage: image }],
      },
    ],
  });
  expect(await harness.invoke()).toMatchObject({ answer: 1, bytes: 5, variable: 'from the model' });
  expect((await send(new ListTagsCommand({ ResourceArn: EndpointArn }))).Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
  expect(
    (await send(new ListEndpointsCommand({ StatusEquals: 'InService' }))).Endpoints?.map(
      ({ EndpointName }) => EndpointName,
    ),
  ).toEqual(['flowers']);
});

test('an endpoint that is being created says so, answers nobody, and can be deleted', async () => {
  await model('late', { startMilliseconds: 600_000 });
  await config('late', [variant({ ModelName: 'late' })]);
  await send(new CreateEndpointCommand({ EndpointName: 'late', EndpointConfigName: 'late' }));
  expect((await send(new DescribeEndpointCommand({ EndpointName: 'late' }))).EndpointStatus).toBe('Creating');
  expect(await failure(harness.invoke({ EndpointName: 'late' }))).toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining('its status is Creating'),
  });
  await send(new DeleteEndpointCommand({ EndpointName: 'late' }));
  await send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'late' }));
});

test('an update under load loses no request', async () => {
  const answers = new Map<unknown, number>();
  let stopped = false;
  let failed = 0;
  const worker = async (): Promise<void> => {
    while (!stopped) {
      await harness.invoke().then(
        ({ answer }) => answers.set(answer, (answers.get(answer) ?? 0) + 1),
        () => (failed += 1),
      );
    }
  };
  const workers = Array.from({ length: 8 }, worker);
  try {
    for (const [name, next] of [
      ['two', 2],
      ['one', 1],
    ] as const) {
      const before = answers.get(next) ?? 0;
      await send(new UpdateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: name }));
      expect(await harness.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: name });
      // Whoever asks now is answered by the new model, and many more ask before the next change.
      expect((await harness.invoke()).answer).toBe(next);
      while ((answers.get(next) ?? 0) < before + 150) await pause(10);
    }
  } finally {
    stopped = true;
    await Promise.all(workers);
  }
  expect(failed).toBe(0);
  expect((answers.get(1) ?? 0) + (answers.get(2) ?? 0)).toBeGreaterThan(300);
});

test('while it is updating another update is refused', async () => {
  await send(new UpdateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'two' }));
  expect(
    await failure(send(new UpdateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'one' }))),
  ).toMatchObject({
    name: 'ValidationException',
    message: 'Cannot update in-progress endpoint "arn:aws:sagemaker:ap-northeast-2:000000000000:endpoint/flowers".',
  });
  await harness.settled();
});

test('an update to a model that does not start leaves the old one serving, and says why', async () => {
  await send(new UpdateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'broken' }));
  const asked = harness.invoke();
  const endpoint = await harness.settled();
  expect(endpoint).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
  expect(endpoint.FailureReason).toMatch(
    /^The primary container for production variant AllTraffic did not pass the ping health check\. Please check its log, .*AllTraffic\.log: it ended with 1:\nmodel\.json: has no answer$/,
  );
  expect(await asked).toMatchObject({ answer: 2 });
  expect(await harness.invoke()).toMatchObject({ answer: 2 });
});

test('an endpoint whose model does not start fails, and can be deleted', async () => {
  await send(new CreateEndpointCommand({ EndpointName: 'fails', EndpointConfigName: 'broken' }));
  const endpoint = await harness.settled('fails');
  expect(endpoint.EndpointStatus).toBe('Failed');
  expect(endpoint.FailureReason).toContain('it ended with 1:\nmodel.json: has no answer');
  await send(new DeleteEndpointCommand({ EndpointName: 'fails' }));
  expect(await failure(send(new DescribeEndpointCommand({ EndpointName: 'fails' })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/^Could not find endpoint "arn:/),
  });
});

test('a container has a time to become healthy', async () => {
  const impatient = new LocalHarness();
  await impatient.start({ settings: { startupTimeoutSeconds: 1 } });
  const ModelDataUrl = impatient.modelArchive('slow.tar.gz', { startMilliseconds: 600_000 });
  await impatient.control.send(
    new CreateModelCommand({ ModelName: 'slow', PrimaryContainer: { Image: image, ModelDataUrl } }),
  );
  await impatient.control.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: 'slow',
      ProductionVariants: [variant({ ModelName: 'slow' })],
    }),
  );
  await impatient.control.send(new CreateEndpointCommand({ EndpointName: 'slow', EndpointConfigName: 'slow' }));
  expect(await impatient.settled('slow')).toMatchObject({
    EndpointStatus: 'Failed',
    FailureReason: expect.stringContaining('/ping did not answer 200 within 1 s'),
  });
  await impatient.close();
});

test('a container that ends by itself is started again', async () => {
  const { pid } = await harness.invoke();
  expect(await failure(harness.invoke({ Body: Buffer.from('die') }))).toMatchObject({
    name: 'ServiceUnavailable',
    status: 503,
  });
  let again: number | undefined;
  for (let attempt = 0; attempt < 3000 && again === undefined; attempt += 1) {
    again = await harness.invoke().then(
      (answer) => answer.pid,
      () => undefined,
    );
    await pause(20);
  }
  expect(again).not.toBe(pid);
  expect(harness.events).toEqual(
    expect.arrayContaining([
      expect.stringContaining('ended by itself'),
      'endpoint flowers: the container of variant AllTraffic runs again',
    ]),
  );
});

describe('variants', () => {
  const invoked = async (TargetVariant?: string): Promise<unknown> =>
    (await harness.invoke({ EndpointName: 'variants', TargetVariant })).answer;
  const share = async (answer: number): Promise<number> =>
    (await Promise.all(Array.from({ length: 200 }, () => invoked()))).filter((given) => given === answer).length / 200;
  const weigh = (one: number, two: number): Promise<unknown> =>
    send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: 'variants',
        DesiredWeightsAndCapacities: [
          { VariantName: 'one', DesiredWeight: one },
          { VariantName: 'two', DesiredWeight: two },
        ],
      }),
    );

  test('are chosen by weight, or by name', async () => {
    await config('variants', [
      variant({ VariantName: 'one', InitialVariantWeight: 3 }),
      variant({ VariantName: 'two', ModelName: 'two', InitialVariantWeight: 1 }),
    ]);
    await send(new CreateEndpointCommand({ EndpointName: 'variants', EndpointConfigName: 'variants' }));
    await harness.settled('variants');
    // 200 draws at 3/4: below 0.6 or above 0.9 comes once in a million runs.
    const first = await share(1);
    expect(first).toBeGreaterThan(0.6);
    expect(first).toBeLessThan(0.9);
    expect([await invoked('two'), await invoked('one')]).toEqual([2, 1]);
    expect(await failure(invoked('three'))).toMatchObject({
      name: 'ValidationError',
      message: 'Variant three of endpoint variants not found.',
    });
  });

  test('get new weights without a new configuration', async () => {
    await weigh(0, 1);
    expect(await share(2)).toBe(1);
    expect((await harness.settled('variants')).ProductionVariants?.map(({ CurrentWeight }) => CurrentWeight)).toEqual([
      0, 1,
    ]);
    expect(
      await failure(
        send(
          new UpdateEndpointWeightsAndCapacitiesCommand({
            EndpointName: 'variants',
            DesiredWeightsAndCapacities: [{ VariantName: 'three', DesiredWeight: 1 }],
          }),
        ),
      ),
    ).toMatchObject({
      message: expect.stringContaining('its variants are one, two'),
    });
  });

  test('keep their weights at an update that asks for it, and only then', async () => {
    await send(
      new UpdateEndpointCommand({
        EndpointName: 'variants',
        EndpointConfigName: 'variants',
        RetainAllVariantProperties: true,
      }),
    );
    expect((await harness.settled('variants')).ProductionVariants?.map(({ CurrentWeight }) => CurrentWeight)).toEqual([
      0, 1,
    ]);
    await send(new UpdateEndpointCommand({ EndpointName: 'variants', EndpointConfigName: 'variants' }));
    expect((await harness.settled('variants')).ProductionVariants?.map(({ CurrentWeight }) => CurrentWeight)).toEqual([
      3, 1,
    ]);
  });

  test('in the shadow get a copy and answer nobody', async () => {
    await config(
      'shadow',
      [variant({ VariantName: 'production' })],
      [variant({ VariantName: 'shadow', ModelName: 'two' })],
    );
    await send(new CreateEndpointCommand({ EndpointName: 'shadow', EndpointConfigName: 'shadow' }));
    expect(await harness.settled('shadow')).toMatchObject({ ShadowProductionVariants: [{ VariantName: 'shadow' }] });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => harness.invoke({ EndpointName: 'shadow', Body: Buffer.alloc(1234) })),
    );
    expect(answers.every(({ answer }) => answer === 1)).toBe(true);
    const log = join(harness.directory, 'logs/shadow/shadow.log');
    const copies = (): number =>
      existsSync(log) ? readFileSync(log, 'utf8').split('invoked with 1234 bytes').length - 1 : 0;
    for (let attempt = 0; attempt < 3000 && copies() < 5; attempt += 1) await pause(20);
    expect(copies()).toBe(5);
  });
});

describe("refused in SageMaker's words:", () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a model that is there',
      () => model('one', {}),
      'Cannot create already existing model "arn:aws:sagemaker:ap-northeast-2:000000000000:model/one".',
    ],
    [
      'a model that is not there',
      () => send(new DescribeModelCommand({ ModelName: 'none' })),
      'Could not find model "arn:aws:sagemaker:ap-northeast-2:000000000000:model/none".',
    ],
    [
      'model data that is not there',
      () =>
        send(
          new CreateModelCommand({
            ModelName: 'x',
            PrimaryContainer: { Image: image, ModelDataUrl: 's3://models/none.tar.gz' },
          }),
        ),
      'Could not find model data at s3://models/none.tar.gz.',
    ],
    [
      'a name that is none',
      () => send(new CreateModelCommand({ ModelName: 'a_b', PrimaryContainer: { Image: image } })),
      "1 validation error detected: Value 'a_b' at 'modelName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$",
    ],
    [
      'a configuration of a model that is not there',
      () => config('x', [variant({ ModelName: 'none' })]),
      'Could not find model "arn:aws:sagemaker:ap-northeast-2:000000000000:model/none".',
    ],
    [
      'a configuration without variants',
      () => config('x', []),
      "1 validation error detected: Value '[]' at 'productionVariants' failed to satisfy constraint: Member Too small: expected array to have >=1 items",
    ],
    [
      'a variant without instances',
      () => config('x', [variant({ InstanceType: undefined })]),
      'Variant "AllTraffic" has neither an InstanceType nor a ServerlessConfig; give one of them.',
    ],
    [
      'an endpoint that is there',
      () => send(new CreateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'one' })),
      'Cannot create already existing endpoint "arn:aws:sagemaker:ap-northeast-2:000000000000:endpoint/flowers".',
    ],
    [
      'a configuration that is not there',
      () => send(new UpdateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'none' })),
      'Could not find endpoint configuration "arn:aws:sagemaker:ap-northeast-2:000000000000:endpoint-config/none".',
    ],
  ])('%s', async (_title, call, message) => {
    expect(await failure(call())).toMatchObject({ name: 'ValidationException', message, status: 400 });
  });
});

test('what was created is listed in pages and can be deleted; what serves goes on serving', async () => {
  const first = await send(new ListEndpointConfigsCommand({ MaxResults: 2, SortBy: 'Name', SortOrder: 'Ascending' }));
  expect(first.EndpointConfigs?.map(({ EndpointConfigName }) => EndpointConfigName)).toEqual(['broken', 'one']);
  const second = await send(
    new ListEndpointConfigsCommand({
      MaxResults: 2,
      SortBy: 'Name',
      SortOrder: 'Ascending',
      NextToken: first.NextToken,
    }),
  );
  expect(second.EndpointConfigs?.[0]?.EndpointConfigName).toBe('shadow');
  expect(
    (await send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'two' }))).ProductionVariants,
  ).toMatchObject([{ ModelName: 'two' }]);
  await send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'two' }));
  await send(new DeleteModelCommand({ ModelName: 'two' }));
  expect((await harness.invoke()).answer).toBe(2);
});

test('everything comes back after a restart', async () => {
  await send(new DeleteEndpointCommand({ EndpointName: 'shadow' }));
  await send(
    new UpdateEndpointWeightsAndCapacitiesCommand({
      EndpointName: 'variants',
      DesiredWeightsAndCapacities: [{ VariantName: 'one', DesiredWeight: 7 }],
    }),
  );
  await harness.stop();
  await harness.start();
  expect((await harness.invoke()).answer).toBe(2);
  expect(
    (await send(new DescribeEndpointCommand({ EndpointName: 'variants' }))).ProductionVariants?.map(
      ({ CurrentWeight }) => CurrentWeight,
    ),
  ).toEqual([7, 1]);
  expect(await failure(send(new DescribeEndpointCommand({ EndpointName: 'shadow' })))).toMatchObject({
    name: 'ValidationException',
  });
});
