import {
  BuildspecError,
  buildspecText,
  containerBuildspec,
  deployFilesBuildspec,
  type Buildspec,
} from '@strata/codepipeline';
import { failEachInTurn, runBuildspec, type BuildOptions } from '../../../support/codebuild';

const COMMIT = '3f2a9c1b7d2055e0a1b2c3d4e5f60718293a4b5c';
const REPOSITORY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/app-web';
const IMAGE = `${REPOSITORY}:3f2a9c1b7d20-17`;

/** What a describe-task-definition of the AWS CLI gives. */
const LATEST = JSON.stringify({
  taskDefinition: {
    taskDefinitionArn: 'arn:aws:ecs:ap-northeast-2:123456789012:task-definition/app-web-td:7',
    family: 'app-web-td',
    revision: 7,
    status: 'ACTIVE',
    requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
    compatibilities: ['EC2', 'FARGATE'],
    registeredAt: 1,
    registeredBy: 'arn:aws:sts::1:x',
    cpu: '512',
    memory: '1024',
    networkMode: 'awsvpc',
    containerDefinitions: [
      { name: 'app-web', image: 'old:1', environment: [{ name: 'GREETING', value: 'hello' }] },
      { name: 'log-router', image: 'router:2' },
    ],
  },
  tags: [],
});

const run: BuildOptions = {
  environment: {
    CODEBUILD_RESOLVED_SOURCE_VERSION: COMMIT,
    CODEBUILD_BUILD_NUMBER: '17',
    REPOSITORY_URL: REPOSITORY,
    CONTAINER_NAME: 'app-web',
    CONTAINER_PORT: '8000',
    TASK_DEFINITION_FAMILY: 'app-web-td',
  },
  answers: {
    'aws ecr get-login-password': 'secret',
    'docker image inspect': 'linux/arm64',
    'aws ecs describe-task-definition': LATEST,
  },
};

const rolling = (options = {}): Buildspec =>
  containerBuildspec({ handover: 'imagedefinitions', testCommands: ['npm ci', 'npm test'], ...options });

describe('a rolling deploy', () => {
  test('tests, logs in, builds, looks at the image, pushes, in this order', () => {
    const { succeeded, typed, output } = runBuildspec(
      rolling({ dockerfile: 'scripts/images/Dockerfile', buildArgs: { APP: 'app-web' } }),
      run,
    );
    expect(output).toBe('');
    expect(succeeded).toBe(true);
    expect(typed).toEqual([
      'npm ci',
      'npm test',
      'aws ecr get-login-password --region ap-northeast-2',
      'docker login --username AWS --password-stdin 123456789012.dkr.ecr.ap-northeast-2.amazonaws.com',
      'docker buildx build --platform linux/arm64 --file scripts/images/Dockerfile --build-arg APP=app-web ' +
        `--label org.opencontainers.image.revision=${COMMIT} --provenance=false --tag ${IMAGE} --load .`,
      `docker image inspect --format {{.Os}}/{{.Architecture}} ${IMAGE}`,
      `docker push ${IMAGE}`,
    ]);
  });

  test('gives docker the password on standard input, and it stands in no argument', () => {
    const { calls } = runBuildspec(rolling(), run);
    expect(calls.find(({ args }) => args[0] === 'login')?.input).toBe('secret');
    expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain('secret');
  });

  test('leaves the password in no file, also when login fails', () => {
    const login = runBuildspec(rolling(), run).typed.findIndex((call) => call.startsWith('docker login'));
    const failed = runBuildspec(rolling(), { ...run, failing: login });
    expect(failed.succeeded).toBe(false);
    expect(failed.left).toEqual([]);
    expect(runBuildspec(rolling(), run).left).toEqual([]);
  });

  test('keeps the credentials of the build from the tests, and has them again to push', () => {
    const variable = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
    const look = (name: string): string => `env | grep -c ^${variable}= > ${name} || true`;
    const buildspec = containerBuildspec({ handover: 'imagedefinitions', testCommands: [look('tests')] });
    const { phases } = buildspec;
    const { succeeded, typed, file } = runBuildspec(
      {
        ...buildspec,
        phases: { ...phases, build: { commands: [look('build'), ...phases.build!.commands] } },
        artifacts: { files: ['tests', 'build'] },
      },
      { ...run, environment: { ...run.environment, [variable]: '/v2/credentials/1' } },
    );
    expect(succeeded).toBe(true);
    expect([file('tests'), file('build')]).toEqual(['0\n', '1\n']);
    expect(typed.at(-1)).toBe(`docker push ${IMAGE}`);
  });

  test('writes imagedefinitions.json and tells the pipeline the image', () => {
    const result = runBuildspec(rolling(), run);
    expect(JSON.parse(result.file('imagedefinitions.json')!)).toEqual([{ name: 'app-web', imageUri: IMAGE }]);
    expect(result.exported).toEqual({ IMAGE_URI: IMAGE, IMAGE_TAG: '3f2a9c1b7d20-17' });
  });

  test('ends at whichever command fails', () => {
    expect(failEachInTurn(rolling(), run)).toEqual([]);
  });

  test('makes no image when a test fails', () => {
    const result = runBuildspec(rolling(), { ...run, failing: 3 });
    expect(result.typed.filter((call) => call.includes('buildx'))).toEqual([]);
    expect(result.file('imagedefinitions.json')).toBeUndefined();
  });
});

describe('a blue/green deploy', () => {
  const blueGreen = (options = {}): Buildspec => containerBuildspec({ handover: 'blue-green', ...options });

  test('leaves the image, the task definition and the AppSpec', () => {
    const result = runBuildspec(blueGreen(), run);
    expect(result.output).toBe('');
    expect(JSON.parse(result.file('imageDetail.json')!)).toEqual({ ImageURI: IMAGE });
    expect(JSON.parse(result.file('taskdef.json')!)).toEqual({
      family: 'app-web-td',
      cpu: '512',
      memory: '1024',
      networkMode: 'awsvpc',
      containerDefinitions: [
        { name: 'app-web', image: '<IMAGE1_NAME>', environment: [{ name: 'GREETING', value: 'hello' }] },
        { name: 'log-router', image: 'router:2' },
      ],
    });
    expect(result.file('appspec.yaml')).toBe(
      [
        'version: 0.0',
        'Resources:',
        '  - TargetService:',
        '      Type: AWS::ECS::Service',
        '      Properties:',
        '        TaskDefinition: <TASK_DEFINITION>',
        '        LoadBalancerInfo:',
        '          ContainerName: "app-web"',
        '          ContainerPort: 8000',
        '',
      ].join('\n'),
    );
    expect(result.typed.at(-1)).toBe('aws ecs describe-task-definition --task-definition app-web-td --output json');
  });

  test('says where the tasks run, as CodeDeploy alone may change that', () => {
    const options = { network: true };
    const environment = {
      ...run.environment,
      SUBNET_IDS: 'subnet-1,subnet-2',
      SECURITY_GROUP_IDS: 'sg-1',
      ASSIGN_PUBLIC_IP: 'DISABLED',
      PLATFORM_VERSION: 'LATEST',
    };
    for (const buildspec of [blueGreen(options), deployFilesBuildspec(options)]) {
      expect(runBuildspec(buildspec, { ...run, environment }).file('appspec.yaml')).toContain(
        [
          '          ContainerPort: 8000',
          '        PlatformVersion: "LATEST"',
          '        NetworkConfiguration:',
          '          AwsvpcConfiguration:',
          '            Subnets: [subnet-1,subnet-2]',
          '            SecurityGroups: [sg-1]',
          '            AssignPublicIp: "DISABLED"',
          '',
        ].join('\n'),
      );
      expect(runBuildspec(buildspec, run).output).toContain('must set the environment variable SUBNET_IDS');
    }
  });

  test('names lifecycle hooks in the order in which CodeDeploy calls them', () => {
    const result = runBuildspec(
      blueGreen({
        lifecycleHooks: { AfterAllowTraffic: 'done', AfterAllowTestTraffic: 'arn:aws:lambda:r:1:function:check' },
      }),
      run,
    );
    expect(result.file('appspec.yaml')).toContain(
      'Hooks:\n  - AfterAllowTestTraffic: "arn:aws:lambda:r:1:function:check"\n  - AfterAllowTraffic: "done"\n',
    );
  });

  test('ends at whichever command fails', () => {
    expect(failEachInTurn(blueGreen({ testCommands: ['npm test'] }), run)).toEqual([]);
  });

  test('is refused for a container that the task definition does not have', () => {
    const result = runBuildspec(blueGreen(), {
      ...run,
      environment: { ...run.environment, CONTAINER_NAME: 'app-wbe' },
    });
    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('the task definition has no container app-wbe');
  });

  test('can have its files rewritten after an approval', () => {
    const result = runBuildspec(deployFilesBuildspec(), run);
    expect(result.typed).toEqual(['aws ecs describe-task-definition --task-definition app-web-td --output json']);
    expect(result.file('taskdef.json')).toContain('<IMAGE1_NAME>');
    expect(result.file('appspec.yaml')).toContain('<TASK_DEFINITION>');
    expect(failEachInTurn(deployFilesBuildspec(), run)).toEqual([]);
  });
});

test('an image that nothing runs in ECS is only written down', () => {
  const result = runBuildspec(containerBuildspec({ handover: 'image-detail', cpuArchitecture: 'X86_64' }), {
    environment: { ...run.environment, CONTAINER_NAME: '' },
    answers: { ...run.answers, 'docker image inspect': 'linux/amd64' },
  });
  expect(result.output).toBe('');
  expect(JSON.parse(result.file('imageDetail.json')!)).toEqual({ ImageURI: IMAGE });
  expect(result.typed.find((call) => call.includes('buildx'))).toContain('--platform linux/amd64 ');
});

test('an image for another architecture than the task definition is not pushed', () => {
  const result = runBuildspec(rolling(), {
    ...run,
    answers: { ...run.answers, 'docker image inspect': 'linux/amd64' },
  });
  expect(result.output).toContain(
    'the image is for linux/amd64, its task definition for linux/arm64: build it for linux/arm64, or change cpuArchitecture of the service',
  );
  expect(result.typed.filter((call) => call.startsWith('docker push'))).toEqual([]);
});

test.each(['', 'main', 'arn:aws:s3:::bucket/key'])('a source version that is no commit is refused: "%s"', (version) => {
  const result = runBuildspec(rolling(), {
    ...run,
    environment: { ...run.environment, CODEBUILD_RESOLVED_SOURCE_VERSION: version },
  });
  expect(result.output).toContain(`the source is no Git commit but "${version}": an image is tagged with its commit`);
  expect(result.calls).toEqual([]);
});

test('a variable that the project forgot is named before anything is done', () => {
  const result = runBuildspec(rolling(), { ...run, environment: { ...run.environment, REPOSITORY_URL: '' } });
  expect(result.output).toContain('the build project must set the environment variable REPOSITORY_URL');
  expect(result.calls).toEqual([]);
});

test('arguments reach docker as they are, whatever is in them', () => {
  const hostile = { GREETING: 'it\'s $HOME `id` "quoted"' };
  const { calls } = runBuildspec(rolling({ buildArgs: hostile, context: 'a folder', target: 'final' }), run);
  const build = calls.find(({ args }) => args[0] === 'buildx')!.args;
  expect(build).toContain(`GREETING=${hostile.GREETING}`);
  expect(build.slice(-2)).toEqual(['--load', 'a folder']);
  expect(build).toEqual(expect.arrayContaining(['--target', 'final']));
});

test('options that cannot be used are all named at once', () => {
  expect(() =>
    containerBuildspec({
      handover: 'image-detail',
      dockerfile: '/Dockerfile',
      context: '../other',
      buildArgs: { 'A B': '' },
      testCommands: [' '],
      target: '-x',
      runtimeVersions: { Node: '22' },
    }),
  ).toThrow(
    new BuildspecError([
      'dockerfile: "/Dockerfile" is not a path in the source; use a relative one such as "services/web"',
      'context: "../other" is not a path in the source; use a relative one such as "services/web"',
      'buildArgs: "A B" is not the name of a build argument; use letters, digits and underscores',
      'target: "-x" is not the name of a stage; use letters, digits and _ . -',
      'testCommands[0]: is empty; leave it out',
      'runtimeVersions: "Node: 22" is not a CodeBuild runtime; write one such as nodejs: 22',
    ]),
  );
});

test('what the buildspec says is what the reference knows', () => {
  const text = buildspecText(containerBuildspec({ handover: 'blue-green' }));
  const spec = JSON.parse(text) as { version: number; phases: Record<string, object> };
  expect(spec.version).toBe(0.2);
  expect(Object.keys(spec)).toEqual(['version', 'env', 'phases', 'artifacts']);
  expect(Object.keys(spec.phases)).toEqual(['install', 'pre_build', 'build']);
  for (const phase of Object.values(spec.phases)) {
    expect(['runtime-versions', 'on-failure', 'commands']).toEqual(expect.arrayContaining(Object.keys(phase)));
  }
});
