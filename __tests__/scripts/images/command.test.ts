// `npm run images` from start to end: AWS is a server that answers what each test lets it answer, docker notes its calls.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeAws, FakeError, type Answers, type Body } from './fake-aws';

const root = path.join(__dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'strata-images-'));
const log = path.join(folder, 'calls');
const aws = new FakeAws();
let endpoint: string;

beforeAll(async () => {
  endpoint = await aws.start();
  writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\necho "$*" >> ${log}\n[ "$1" != login ] || cat >> ${log}\n`);
  chmodSync(path.join(folder, 'docker'), 0o755);
});
beforeEach(() => {
  rmSync(log, { force: true });
  aws.calls.length = 0;
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dockerCalls = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

async function images(...args: string[]): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/tsx/dist/cli.mjs'), path.join(root, 'scripts/images/push.ts'), ...args],
    {
      cwd: root,
      env: {
        PATH: [folder, process.env.PATH].join(path.delimiter),
        HOME: folder,
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_MAX_ATTEMPTS: '1',
        SOURCE_DATE_EPOCH: '1700000000',
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += String(data)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

const AWS_REGISTRY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com';
const LOCAL_REGISTRY = '127.0.0.1:5000';

const repository = (registry: string, tags: readonly string[] = []): Answers => ({
  DescribeRepositories: () => ({
    repositories: [{ repositoryUri: `${registry}/app-web`, imageTagMutability: 'IMMUTABLE' }],
  }),
  DescribeImages: (body) =>
    tags.includes((body.imageIds as [{ imageTag: string }])[0].imageTag)
      ? { imageDetails: [{}] }
      : new FakeError('ImageNotFoundException', 'no such image'),
  GetAuthorizationToken: () => ({
    authorizationData: [{ authorizationToken: Buffer.from('AWS:secret').toString('base64') }],
  }),
});

/** A service that runs whatever it is told to. */
function service(containers: readonly string[] = ['app-web'], more: Body = {}) {
  const state = { taskDefinition: 'arn:aws:ecs:r:1:task-definition/app-web-td:7', registered: '', recorded: '' };
  const answers: Answers = {
    DescribeServices: () => ({
      services: [{ status: 'ACTIVE', deployments: [{}], desiredCount: 1, runningCount: 1, ...more, ...state }],
    }),
    DescribeTaskDefinition: () => ({
      taskDefinition: {
        family: 'app-web-td',
        containerDefinitions: containers.map((name) => ({ name, image: 'old' })),
      },
    }),
    RegisterTaskDefinition: (body) => {
      state.registered = (body.containerDefinitions as { image: string }[]).map(({ image }) => image).join();
      return { taskDefinition: { taskDefinitionArn: 'arn:aws:ecs:r:1:task-definition/app-web-td:8' } };
    },
    UpdateService: (body) => {
      state.taskDefinition = body.taskDefinition as string;
      return {};
    },
    PutParameter: (body) => {
      state.recorded = `${String(body.Name)}=${String(body.Value)}`;
      return {};
    },
  };
  return { state, answers };
}

test('builds, pushes, deploys and records', async () => {
  const { state, answers } = service();
  aws.answers = { ...repository(LOCAL_REGISTRY), ...answers };
  const { status, output } = await images('app-web', '--tag=one', '--deploy');
  expect(output).toContain(`app-web-service runs ${LOCAL_REGISTRY}/app-web:one`);
  expect(status).toBe(0);
  expect(dockerCalls()).toEqual([
    'buildx version',
    'info --format {{.ServerVersion}}',
    'buildx build --platform linux/arm64 --file scripts/images/Dockerfile --build-arg APP=app-web ' +
      `--build-arg SOURCE_DATE_EPOCH=1700000000 --provenance=false --tag ${LOCAL_REGISTRY}/app-web:one --load .`,
    `login --username AWS --password-stdin ${LOCAL_REGISTRY}`,
    `secretpush ${LOCAL_REGISTRY}/app-web:one`,
  ]);
  expect(state).toMatchObject({
    registered: `${LOCAL_REGISTRY}/app-web:one`,
    recorded: `/strata/dev/images/app-web=${LOCAL_REGISTRY}/app-web:one`,
  });
});

test.each<[string, Answers, string]>([
  [
    'without a compute layer',
    { DescribeServices: () => new FakeError('ClusterNotFoundException', 'Cluster not found.') },
    'the cluster AppEcsCluster cannot be asked: Cluster not found. Deploy the compute layer first: cdktf deploy compute',
  ],
  [
    'without the service',
    { DescribeServices: () => ({ services: [], failures: [{ reason: 'MISSING' }] }) },
    'the cluster AppEcsCluster has no service app-web-service. Deploy the compute layer first: cdktf deploy compute',
  ],
  [
    'where CodeDeploy deploys',
    service(['app-web'], { deploymentController: { type: 'CODE_DEPLOY' } }).answers,
    'app-web-service is deployed blue/green by CodeDeploy; have its pipeline do it: see docs/shipping.md',
  ],
  [
    'where the container has another name',
    service(['web', 'log-router']).answers,
    'has no container app-web, only web, log-router',
  ],
])('--deploy %s is refused before anything is built or pushed', async (_case, answers, message) => {
  aws.answers = { ...repository(LOCAL_REGISTRY), ...answers };
  const { status, output } = await images('app-web', '--tag=one', '--deploy');
  expect(output).toContain(message);
  expect(status).toBe(1);
  expect(dockerCalls()).toEqual([]);
});

test('a second run deploys the image that is there, without docker', async () => {
  const { state, answers } = service();
  aws.answers = { ...repository(AWS_REGISTRY, ['one']), ...answers };
  const { status, output } = await images('app-web', '--tag=one', '--deploy');
  expect(output).toContain(`${AWS_REGISTRY}/app-web:one exists already: deploying it as it is`);
  expect(status).toBe(0);
  expect(dockerCalls()).toEqual([]);
  expect(state.recorded).toBe(`/strata/dev/images/app-web=${AWS_REGISTRY}/app-web:one`);
});

test('without --deploy, an immutable tag that is there is refused', async () => {
  aws.answers = repository(LOCAL_REGISTRY, ['one']);
  const { status, output } = await images('app-web', '--tag=one');
  expect(output).toContain("the repository's tags are immutable; use another --tag, or --deploy to deploy it");
  expect(status).toBe(1);
  expect(dockerCalls()).toEqual([]);
});

test('docker does not log in at AWS while the shell points at an emulator', async () => {
  aws.answers = repository(AWS_REGISTRY);
  const { status, output } = await images('app-web', '--tag=one');
  expect(output).toContain(
    `this shell's AWS is 127.0.0.1, and docker would log in and push to ${AWS_REGISTRY}, which is AWS itself. Use --no-push to build alone, or a shell without AWS_ENDPOINT_URL to push to AWS`,
  );
  expect(status).toBe(1);
  expect(dockerCalls()).toEqual([]);
  expect(aws.calls).not.toContain('GetAuthorizationToken');
});

test('an image that ECR will not tell about is not taken for missing', async () => {
  aws.answers = { ...repository(LOCAL_REGISTRY), DescribeImages: () => new FakeError('AccessDeniedException', 'no') };
  const { status, output } = await images('app-web', '--tag=one');
  expect(output).toContain('ECR cannot be asked in ap-northeast-2: no');
  expect(status).toBe(1);
  expect(dockerCalls()).toEqual([]);
});
