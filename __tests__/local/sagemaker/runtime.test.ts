import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type CreateEndpointConfigCommandInput,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callInternal } from '../../../local/sagemaker';
import { failure, image, LocalHarness, variant, type FakeModel } from './harness';

// Containers are processes; on a busy machine each takes seconds to start.
jest.setTimeout(240_000);

const harness = new LocalHarness();

async function endpoint(
  name: string,
  fake: FakeModel,
  more: Partial<CreateEndpointConfigCommandInput> = {},
  at = harness,
): Promise<void> {
  const ModelDataUrl = at.modelArchive(`${name}.tar.gz`, fake);
  await at.control.send(new CreateModelCommand({ ModelName: name, PrimaryContainer: { Image: image, ModelDataUrl } }));
  await at.control.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [variant({ ModelName: name })],
      ...more,
    }),
  );
  await at.control.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
}

beforeAll(async () => {
  await harness.start({
    settings: { maxPayloadBytes: 1000, maxServerlessPayloadBytes: 500 },
  });
  const serverless = variant({
    ModelName: 'serverless',
    InstanceType: undefined,
    InitialInstanceCount: undefined,
    ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 2 },
  });
  await Promise.all([
    endpoint('flowers', { answer: 'rose' }),
    endpoint('refusing', { answer: 'not a photo', status: 415 }),
    endpoint('failing', { answer: 'out of memory', status: 500 }),
    endpoint('serverless', { answerMilliseconds: 3000 }, { ProductionVariants: [serverless] }),
    endpoint(
      'asynchronous',
      { answer: 'later' },
      { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://answers/out/' } } },
    ),
  ]);
  await Promise.all(
    ['flowers', 'refusing', 'failing', 'serverless', 'asynchronous'].map((name) => harness.settled(name)),
  );
});
afterAll(() => harness.close());

test('what the client says reaches the container, and what the container says comes back', async () => {
  const answer = await harness.runtime.send(
    new InvokeEndpointCommand({
      EndpointName: 'flowers',
      Body: Buffer.from('photo'),
      ContentType: 'image/png',
      Accept: 'application/json',
      CustomAttributes: 'request-id=1-2',
      InferenceId: 'abc',
    }),
  );
  expect(answer).toMatchObject({
    ContentType: 'application/json',
    InvokedProductionVariant: 'AllTraffic',
    CustomAttributes: 'request-id=1-2',
  });
  expect(JSON.parse(Buffer.from(answer.Body).toString())).toMatchObject({
    answer: 'rose',
    headers: {
      'content-type': 'image/png',
      accept: 'application/json',
      'x-amzn-sagemaker-custom-attributes': 'request-id=1-2',
      'x-amzn-sagemaker-inference-id': 'abc',
    },
  });
});

test.each<[string, () => Promise<unknown>, object]>([
  [
    'an endpoint that is not there',
    () => harness.invoke({ EndpointName: 'none' }),
    { name: 'ValidationError', status: 400, message: 'Endpoint none of account 000000000000 not found.' },
  ],
  [
    'a body above the limit',
    () => harness.invoke({ Body: Buffer.alloc(1001) }),
    { name: 'ValidationError', status: 413, message: expect.stringMatching(/^Request [-\w]+ has oversize body/) },
  ],
  [
    'a body above the limit of serverless',
    () => harness.invoke({ EndpointName: 'serverless', Body: Buffer.alloc(501) }),
    { name: 'ValidationError', status: 413 },
  ],
  [
    'a model that refuses',
    () => harness.invoke({ EndpointName: 'refusing' }),
    {
      name: 'ModelError',
      status: 424,
      message: expect.stringMatching(
        /^Received client error \(415\) from primary with message ".*not a photo.*"\. See .*AllTraffic\.log/,
      ),
    },
  ],
  [
    'a model that fails',
    () => harness.invoke({ EndpointName: 'failing' }),
    { name: 'ModelError', status: 424, message: expect.stringContaining('Received server error (500) from primary') },
  ],
  [
    'asynchronous inference at a real-time endpoint',
    () =>
      harness.runtime.send(
        new InvokeEndpointAsyncCommand({ EndpointName: 'flowers', InputLocation: 's3://photos/a.jpg' }),
      ),
    { name: 'ValidationError', message: expect.stringContaining('no AsyncInferenceConfig') },
  ],
])('%s', async (_title, call, expected) => {
  expect(await failure(call())).toMatchObject(expected);
});

test('a model that does not answer in time', async () => {
  const impatient = new LocalHarness();
  await impatient.start({ settings: { invocationTimeoutSeconds: 1, stopTimeoutSeconds: 1 } });
  await endpoint('hanging', { answerMilliseconds: 600_000 }, {}, impatient);
  await impatient.settled('hanging');
  expect(await failure(impatient.invoke({ EndpointName: 'hanging' }))).toMatchObject({
    name: 'ModelError',
    status: 424,
    message: expect.stringContaining('Your invocation timed out'),
  });
  await impatient.close();
});

test("a ModelError carries the container's own status and words", async () => {
  const error = await harness
    .invoke({ EndpointName: 'refusing' })
    .catch((cause: unknown) => cause as { OriginalStatusCode: number; OriginalMessage: string; LogStreamArn: string });
  expect(error).toMatchObject({
    OriginalStatusCode: 415,
    OriginalMessage: expect.stringContaining('not a photo'),
    LogStreamArn: expect.stringContaining('AllTraffic.log'),
  });
});

test('a serverless variant takes as many requests at once as its MaxConcurrency', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => harness.invoke({ EndpointName: 'serverless' })),
  );
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).name] : []));
  expect(refused).toEqual(['ThrottlingException', 'ThrottlingException', 'ThrottlingException']);
});

test('a caller whose role does not allow it is refused', async () => {
  const policies = [
    {
      Statement: {
        Effect: 'Allow',
        Action: 'sagemaker:InvokeEndpoint',
        Resource: 'arn:aws:sagemaker:*:*:endpoint/serverless',
      },
    },
  ] as const;
  await callInternal(harness.sagemaker.url, 'role', { accessKey: 'stranger', role: { name: 'stranger', policies } });
  const runtime = new SageMakerRuntimeClient({
    region: 'ap-northeast-2',
    endpoint: harness.sagemaker.url,
    credentials: { accessKeyId: 'stranger', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  expect(
    await failure(runtime.send(new InvokeEndpointCommand({ EndpointName: 'flowers', Body: Buffer.from('photo') }))),
  ).toEqual({
    name: 'AccessDeniedException',
    status: 403,
    message: 'stranger is not authorized to perform: sagemaker:InvokeEndpoint on resource: endpoint/flowers',
  });
  await runtime.send(new InvokeEndpointCommand({ EndpointName: 'serverless', Body: Buffer.from('photo') }));
  expect(
    await failure(
      runtime.send(new InvokeEndpointAsyncCommand({ EndpointName: 'serverless', InputLocation: 's3://photos/a.jpg' })),
    ),
  ).toMatchObject({ name: 'AccessDeniedException' });
  runtime.destroy();
});

test('asynchronous inference reads from and writes to S3', async () => {
  mkdirSync(join(harness.directory, 's3/photos'), { recursive: true });
  writeFileSync(join(harness.directory, 's3/photos/a.jpg'), 'a photo of a flower');
  const { InferenceId, OutputLocation, FailureLocation } = await harness.runtime.send(
    new InvokeEndpointAsyncCommand({
      EndpointName: 'asynchronous',
      InputLocation: 's3://photos/a.jpg',
      ContentType: 'image/jpeg',
    }),
  );
  expect([OutputLocation, FailureLocation]).toEqual([
    `s3://answers/out/${InferenceId}.out`,
    `s3://answers/out/${InferenceId}-error.out`,
  ]);
  const output = join(harness.directory, 's3/answers/out', `${InferenceId}.out`);
  for (let attempt = 0; attempt < 3000 && !existsSync(output); attempt += 1) await pause(20);
  expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
    answer: 'later',
    bytes: 19,
    headers: { 'content-type': 'image/jpeg' },
  });
  expect(
    await failure(
      harness.runtime.send(
        new InvokeEndpointAsyncCommand({ EndpointName: 'asynchronous', InputLocation: 's3://photos/none.jpg' }),
      ),
    ),
  ).toMatchObject({
    name: 'ValidationError',
    message: 'There is no object at s3://photos/none.jpg.',
  });
});

test('an operation that is not there is named', async () => {
  const answer = await fetch(harness.sagemaker.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'SageMaker.CreateTrainingJob' },
    body: '{}',
  });
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
  expect(await answer.json()).toMatchObject({
    message: expect.stringMatching(
      /^CreateTrainingJob is not among what the local SageMaker can do: .*CreateEndpoint,/,
    ),
  });
});
