import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { appOfImage, runApplication, type ContainerDescription } from '../../local/run/application';
import { mayInvoke, type PolicyDocument } from '../../local/sagemaker/task-role';
import { get, Harness, photo, sendPhoto } from './harness';

const endpointArn = (name: string): string => `arn:aws:sagemaker:ap-northeast-2:111122223333:endpoint/${name}`;
const allow = (Action: string | string[], Resource: string | string[]): PolicyDocument => ({
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

describe('a task role may invoke', () => {
  test.each<[string, PolicyDocument[], boolean]>([
    ['the endpoint it names', [allow('sagemaker:InvokeEndpoint', endpointArn('image-classifier'))], true],
    ['not another one', [allow('sagemaker:InvokeEndpoint', endpointArn('other'))], false],
    ['what a pattern covers', [allow(['s3:GetObject', 'sagemaker:Invoke*'], endpointArn('image-*'))], true],
    ['everything by *', [allow('*', '*')], true],
    ['nothing by another action', [allow('sagemaker:DescribeEndpoint', '*')], false],
    ['nothing without a policy', [], false],
    [
      'not what is denied',
      [allow('*', '*'), { Statement: { Effect: 'Deny', Action: 'sagemaker:*', Resource: '*' } }],
      false,
    ],
  ])('%s', (_title, policies, expected) => {
    expect(mayInvoke({ name: 'role', policies }, 'image-classifier')).toBe(expected);
  });
});

test.each([
  ['111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/app-web:not-yet-deployed', 'app-web'],
  ['app-was', 'app-was'],
  ['localhost:5000/team/app-was@sha256:abc', 'app-was'],
])('%s is %s', (image, app) => {
  expect(appOfImage(image)).toBe(app);
});

test('an image of something else is refused by name', () => {
  expect(() => appOfImage('nginx:1')).toThrow(
    'the image "nginx:1" is none of app-web, app-was; the last part of the repository\'s name says which app it is',
  );
});

const registry = '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com';
const loadBalancer = 'http://internal-app-was-alb-1.ap-northeast-2.elb.amazonaws.com';
const describeWas = (more: Partial<ContainerDescription> = {}): ContainerDescription => ({
  image: `${registry}/app-was:1`,
  port: 18081,
  environment: { SAGEMAKER_ENDPOINT_NAME: 'image-classifier', AWS_REGION: 'ap-northeast-2' },
  addresses: [loadBalancer],
  taskRole: { name: 'ecsWasTaskRole', policies: [allow('sagemaker:InvokeEndpoint', endpointArn('image-classifier'))] },
  ...more,
});
const describeWeb: ContainerDescription = {
  image: `${registry}/app-web:1`,
  port: 18000,
  environment: { APP_WAS_URL: loadBalancer },
};

test('the application runs as its task definitions describe it', async () => {
  // The port of app-web is taken: it moves, and says so.
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(18000, '127.0.0.1', resolve));
  const progress: string[] = [];
  const application = await runApplication({
    containers: [describeWeb, describeWas()],
    fakeEndpoint: true,
    progress: (text) => progress.push(text),
  });
  try {
    expect(application.url).not.toContain(':18000');
    expect(progress).toContainEqual(expect.stringMatching(/^starting app-web on port \d+, because 18000 is taken$/));
    expect((await get(`${application.url}/was/health`)).body).toEqual({ 'was-health': { message: 'WAS-Connected' } });
    expect((await sendPhoto(application.url)).body).toMatchObject({ result: { model: { standIn: true } } });
    expect(application.models).toEqual(['image-classifier: a fake endpoint; its answers mean nothing']);
  } finally {
    await application.stop();
    other.close();
  }
  await expect(get(application.url)).rejects.toThrow('fetch failed');
});

describe('with the model in the repository', () => {
  const sagemakerDirectory = mkdtempSync(join(tmpdir(), 'strata-run-test-'));
  afterAll(() => rmSync(sagemakerDirectory, { recursive: true, force: true }));

  test('the application names what is in a photo, in three languages', async () => {
    const application = await runApplication({ containers: [describeWeb, describeWas()], sagemakerDirectory });
    try {
      expect(application.models).toEqual(['image-classifier: the sample model']);
      // Before anyone has sent a photo: the probe alone shows that the model answers.
      const ready = await get(`${application.url}/was/ready`);
      expect(ready).toMatchObject({
        status: 200,
        body: { ready: true, checks: { endpoint: { ok: true, model: { name: 'flowers' } } } },
      });
      const named = async (name: string, language: string): Promise<unknown> =>
        (await sendPhoto(application.url, photo(name), { 'accept-language': language })).body;
      expect(await named('violet.jpg', 'ko')).toMatchObject({
        result: { label: 'bellflower', name: '초롱꽃', model: { name: 'flowers' } },
      });
      expect(await named('yellow.jpg', 'ja')).toMatchObject({
        result: { label: 'black_eyed_susan', name: 'ルドベキア' },
      });
      expect(await named('yellow.jpg', 'en')).not.toMatchObject({ result: { model: { standIn: true } } });
    } finally {
      await application.stop();
    }
  });
});

test('a role that may not invoke the endpoint fails here as it fails there, and the log says why', async () => {
  const lines: string[] = [];
  const was = describeWas({
    taskRole: { name: 'ecsWasTaskRole', policies: [allow('sagemaker:InvokeEndpoint', endpointArn('another'))] },
  });
  const application = await runApplication({
    containers: [describeWeb, was],
    fakeEndpoint: true,
    onLine: (_app, line) => lines.push(line),
  });
  try {
    expect(await sendPhoto(application.url)).toMatchObject({
      status: 503,
      body: { error: { code: 'model_unavailable' } },
    });
  } finally {
    await application.stop();
  }
  expect(lines.join('\n')).toContain(
    'ecsWasTaskRole is not authorized to perform: sagemaker:InvokeEndpoint on resource: endpoint/image-classifier',
  );
});

test('a container that does not start says why, and leaves nothing running', async () => {
  const broken = describeWas({ environment: { SAGEMAKER_ENDPOINT_NAME: 'no good' } });
  await expect(runApplication({ containers: [describeWeb, broken], fakeEndpoint: true })).rejects.toThrow(
    'SAGEMAKER_ENDPOINT_NAME: "no good" is not allowed',
  );
  await expect(runApplication({ containers: [describeWeb] })).rejects.toThrow(
    "no container's image is app-was's; both apps are needed",
  );
  await expect(runApplication({ containers: [describeWeb, describeWas()], model: '/no/model' })).rejects.toThrow(
    "there is no model at /no/model; name a model's folder or a model.tar.gz",
  );
  await expect(get('http://127.0.0.1:18081/health')).rejects.toThrow('fetch failed');
});

test('another runtime takes the place of the local one', async () => {
  const harness = new Harness();
  const endpoint = await harness.endpoint();
  const application = await runApplication({ containers: [describeWeb, describeWas()], endpointUrl: endpoint.url });
  expect((await sendPhoto(application.url)).status).toBe(200);
  expect([application.endpointUrl, application.models]).toEqual([endpoint.url, []]);
  expect(endpoint.received.requests).toBe(1);
  await application.stop();
  await harness.close();
});

test('the command prints the address and ends on Ctrl-C', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-run-test-'));
  const file = join(folder, 'containers.json');
  writeFileSync(file, JSON.stringify({ containers: [describeWeb, describeWas()] }));
  const root = join(__dirname, '../..');
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'scripts/apps.ts'), file, '--fake-endpoint'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let told = '';
  child.stderr.on('data', (data: Buffer) => (told += data.toString()));
  const url = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  expect((await get(`${url}/health`)).status).toBe(200);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(told).toContain('endpoint image-classifier: a fake endpoint; its answers mean nothing');
  rmSync(folder, { recursive: true });
}, 20_000);
