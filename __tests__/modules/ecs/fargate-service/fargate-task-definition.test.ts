import { FargateTaskDefinition, type FargateTaskDefinitionProps } from '@strata/ecs';
import { Testing, Token } from 'cdktf';
import { REPOSITORY, refusal, synthTask, TASK } from './synth';

const refused = (more: Partial<FargateTaskDefinitionProps>) => refusal(() => synthTask(more));
const ENDPOINT = 'arn:aws:sagemaker:ap-northeast-2:123456789012:endpoint/image-classifier';

describe('defaults', () => {
  const made = synthTask();

  test('the smallest task, on ARM64, that follows the latest revision', () => {
    expect(made.task).toMatchObject({
      family: 'app-was-td',
      cpu: '512',
      memory: '1024',
      network_mode: 'awsvpc',
      requires_compatibilities: ['FARGATE'],
      runtime_platform: { operating_system_family: 'LINUX', cpu_architecture: 'ARM64' },
      track_latest: true,
      skip_destroy: false,
    });
    expect(made.task.ephemeral_storage).toBeUndefined();
  });

  test('only tags are ignored, and nothing it refers to is made create-before-destroy', () => {
    expect(made.task.lifecycle).toEqual({ ignore_changes: ['tags', 'tags_all'] });
  });

  test('the container is written the way ECS gives it back', () => {
    expect(made.containers).toEqual([
      {
        name: 'app-was',
        image: 'app-was:1',
        cpu: 0,
        essential: true,
        portMappings: [],
        environment: [],
        mountPoints: [{ sourceVolume: 'app-was-tmp', containerPath: '/tmp', readOnly: false }],
        volumesFrom: [],
        linuxParameters: { initProcessEnabled: true },
        readonlyRootFilesystem: true,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': expect.stringMatching(/aws_cloudwatch_log_group\..*\.name/),
            'awslogs-region': expect.stringContaining('data.aws_region'),
            'awslogs-stream-prefix': 'app-was',
            mode: 'non-blocking',
            'max-buffer-size': '25m',
          },
        },
        secrets: [],
        systemControls: [],
      },
    ]);
    expect(made.task.volume).toEqual([{ name: 'app-was-tmp' }]);
  });

  test('logs go to a group of their own for 7 days', () => {
    expect(made.one('aws_cloudwatch_log_group')).toMatchObject({ name: '/ecs/app-was-td', retention_in_days: 7 });
  });

  test('the execution role may pull this image and write these logs, no more', () => {
    expect(made.statements('start-task')).toEqual([
      { Sid: 'EcrLogin', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
      {
        Sid: 'PullImages',
        Effect: 'Allow',
        Resource: [REPOSITORY],
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      },
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [expect.stringMatching(/log_group.*arn, ":\*"/)],
      },
    ]);
  });

  test('the task role may do nothing', () => {
    expect(made.all('aws_iam_role_policy')).toHaveLength(1);
    expect(made.role('app-was-td-task-role').permissions_boundary).toBeUndefined();
  });

  test('both roles are for ECS tasks of this account and region only', () => {
    for (const name of ['app-was-td-task-role', 'app-was-td-execution-role']) {
      const trust = String(made.role(name).assume_role_policy);
      expect(trust).toContain('"Principal":{"Service":"ecs-tasks.amazonaws.com"}');
      expect(trust).toMatch(/"StringEquals":\{"aws:SourceAccount":\$\{jsonencode\(data\.aws_caller_identity/);
      expect(trust).toMatch(
        /"ArnLike":\{"aws:SourceArn":\$\{jsonencode\(.*":ecs:".*aws_region.*aws_caller_identity.*":\*"/,
      );
    }
  });

  test("the task waits for its roles' permissions", () => {
    expect(made.task.depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\.task_execution-role-policy/)]);
    const { task } = synthTask({
      permissions: [{ actions: ['sagemaker:InvokeEndpoint'], resources: [ENDPOINT] }],
    });
    expect(task.depends_on).toEqual([
      expect.stringMatching(/execution-role-policy/),
      expect.stringMatching(/task-role-policy/),
    ]);
  });
});

describe('options', () => {
  test('size, architecture, storage and skipDestroy', () => {
    const { task } = synthTask({
      cpu: 1024,
      memoryMiB: 3072,
      cpuArchitecture: 'X86_64',
      ephemeralStorageGiB: 21,
      skipDestroy: true,
    });
    expect(task).toMatchObject({
      cpu: '1024',
      memory: '3072',
      runtime_platform: { cpu_architecture: 'X86_64' },
      ephemeral_storage: { size_in_gib: 21 },
      skip_destroy: true,
    });
  });

  test('everything of a container', () => {
    const {
      containers: [container],
      task,
    } = synthTask({
      cpu: 512,
      memoryMiB: 1024,
      ports: [
        { containerPort: 8081, appProtocol: 'http' },
        { containerPort: 53, protocol: 'udp', portName: 'dns' },
      ],
      environment: { b: '2', a_: '3', a: '1', B: '0' },
      command: ['serve'],
      entryPoint: ['/bin/sh'],
      user: '1000:1000',
      workingDirectory: '/app',
      stopTimeoutSeconds: 120,
      initProcessEnabled: false,
      healthCheck: { command: ['CMD', 'true'], intervalSeconds: 10, startPeriodSeconds: 20 },
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
      writablePaths: ['/tmp', '/var/cache/app/'],
      containerCpu: 128,
      containerMemoryMiB: 512,
    });
    expect(container).toMatchObject({
      portMappings: [
        { containerPort: 8081, hostPort: 8081, protocol: 'tcp', name: 'app-was-8081', appProtocol: 'http' },
        { containerPort: 53, hostPort: 53, protocol: 'udp', name: 'dns' },
      ],
      environment: [
        { name: 'B', value: '0' },
        { name: 'a', value: '1' },
        { name: 'a_', value: '3' },
        { name: 'b', value: '2' },
      ],
      command: ['serve'],
      entryPoint: ['/bin/sh'],
      user: '1000:1000',
      workingDirectory: '/app',
      stopTimeout: 120,
      linuxParameters: { initProcessEnabled: false },
      healthCheck: { command: ['CMD', 'true'], interval: 10, timeout: 5, retries: 3, startPeriod: 20 },
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
      cpu: 128,
      memory: 512,
    });
    expect(task.volume).toEqual([{ name: 'app-was-tmp' }, { name: 'app-was-var-cache-app' }]);
  });

  test('a writable root file system needs no volume', () => {
    const {
      containers: [container],
      task,
    } = synthTask({ readonlyRootFilesystem: false });
    expect(container).toMatchObject({ readonlyRootFilesystem: false, mountPoints: [] });
    expect(task.volume).toEqual([]);
  });

  test('sidecars are not essential, have their own scratch space and their image is pulled too', () => {
    const proxy = {
      containerName: 'proxy',
      image: 'proxy:1',
      repositoryArn: `${REPOSITORY}-proxy`,
      healthCheck: { command: ['CMD', 'true'] },
    };
    const made = synthTask({
      dependsOn: [{ containerName: 'proxy', condition: 'HEALTHY' }],
      sidecars: [proxy, { containerName: 'agent', image: 'public/agent:1', essential: true }],
    });
    expect(made.containers).toMatchObject([
      { name: 'app-was', essential: true, dependsOn: [{ containerName: 'proxy', condition: 'HEALTHY' }] },
      { name: 'proxy', essential: false, mountPoints: [{ sourceVolume: 'proxy-tmp' }] },
      { name: 'agent', essential: true },
    ]);
    expect(made.statements('start-task').find((s) => s.Sid === 'PullImages')?.Resource).toEqual([
      REPOSITORY,
      `${REPOSITORY}-proxy`,
    ]);
  });

  test('a public image needs no permission to pull', () => {
    expect(
      synthTask({ repositoryArn: undefined })
        .statements('start-task')
        .map((s) => s.Sid),
    ).toEqual(['WriteLogs']);
  });

  test('logs', () => {
    const made = synthTask({
      logGroupName: '/app/was',
      logRetentionDays: 7,
      logKmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/k',
      logMode: 'blocking',
    });
    expect(made.one('aws_cloudwatch_log_group')).toMatchObject({
      name: '/app/was',
      retention_in_days: 7,
      kms_key_id: 'arn:aws:kms:ap-northeast-2:111122223333:key/k',
    });
    expect(made.containers[0].logConfiguration.options).toMatchObject({ mode: 'blocking' });
    expect(made.containers[0].logConfiguration.options).not.toHaveProperty('max-buffer-size');
    expect(synthTask({ logBufferMiB: 4 }).containers[0].logConfiguration.options['max-buffer-size']).toBe('4m');
  });

  test('the task role may do what it is told, under the names it is given', () => {
    const made = synthTask({
      taskRoleName: 'ecsWasTaskRole',
      executionRoleName: 'ecsWasExecutionRole',
      permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
      permissions: [
        { actions: ['sagemaker:InvokeEndpoint'], resources: [ENDPOINT], sid: 'Predict' },
        {
          actions: ['ec2:DescribeSubnets'],
          resources: ['*'],
          allowAllResources: true,
          conditions: { StringEquals: { 'aws:RequestedRegion': 'ap-northeast-2' } },
        },
      ],
    });
    expect(made.statements('application')).toEqual([
      { Sid: 'Predict', Effect: 'Allow', Action: ['sagemaker:InvokeEndpoint'], Resource: [ENDPOINT] },
      {
        Effect: 'Allow',
        Action: ['ec2:DescribeSubnets'],
        Resource: ['*'],
        Condition: { StringEquals: { 'aws:RequestedRegion': 'ap-northeast-2' } },
      },
    ]);
    for (const name of ['ecsWasTaskRole', 'ecsWasExecutionRole']) {
      expect(made.role(name).permissions_boundary).toBe('arn:aws:iam::123456789012:policy/boundary');
    }
  });

  test('secrets: ECS may read exactly these', () => {
    const made = synthTask({
      secrets: {
        WHOLE: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-abcdef',
        KEY: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-abcdef:password::',
        OBJECT: {
          secretArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:api-abcdef',
          jsonKey: 'token',
          versionStage: 'AWSPREVIOUS',
        },
        NAME: '/app/name',
        ARN: 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/app/arn',
        PARAMETER: { parameterArn: 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/p' },
      },
      secretsKmsKeyArns: ['arn:aws:kms:ap-northeast-2:123456789012:key/k'],
    });
    expect(made.containers[0].secrets).toEqual([
      { name: 'ARN', valueFrom: 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/app/arn' },
      { name: 'KEY', valueFrom: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-abcdef:password::' },
      { name: 'NAME', valueFrom: '/app/name' },
      {
        name: 'OBJECT',
        valueFrom: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:api-abcdef:token:AWSPREVIOUS:',
      },
      { name: 'PARAMETER', valueFrom: 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/p' },
      { name: 'WHOLE', valueFrom: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-abcdef' },
    ]);
    expect(made.statements('start-task').slice(3)).toEqual([
      {
        Sid: 'ReadSecrets',
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: [
          'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-abcdef',
          'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:api-abcdef',
        ],
      },
      {
        Sid: 'ReadParameters',
        Effect: 'Allow',
        Action: ['ssm:GetParameters'],
        Resource: [
          expect.stringMatching(/":ssm:".*":parameter\/app\/name"/),
          'arn:aws:ssm:ap-northeast-2:123456789012:parameter/app/arn',
          'arn:aws:ssm:ap-northeast-2:123456789012:parameter/p',
        ],
      },
      {
        Sid: 'DecryptSecrets',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: ['arn:aws:kms:ap-northeast-2:123456789012:key/k'],
      },
    ]);
  });

  test('ECS Exec gives the task role the message channel, and needs a writable file system', () => {
    const made = synthTask({
      enableExecuteCommand: true,
      executeCommandKmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/k',
      executeCommandLogGroupArn: 'arn:aws:logs:r:1:log-group:exec',
    });
    expect(made.containers[0]).toMatchObject({ readonlyRootFilesystem: false, mountPoints: [] });
    expect(made.statements('application')).toMatchObject([
      {
        Resource: ['*'],
        Action: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
      },
      { Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:ap-northeast-2:111122223333:key/k'] },
      { Action: ['logs:DescribeLogGroups'], Resource: ['*'] },
      {
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: ['arn:aws:logs:r:1:log-group:exec:*'],
      },
    ]);
  });

  test('tags reach everything that has tags', () => {
    const made = synthTask({ tags: { team: 'was' } });
    for (const type of ['aws_ecs_task_definition', 'aws_cloudwatch_log_group', 'aws_iam_role']) {
      for (const resource of made.all(type)) expect(resource.tags).toEqual({ team: 'was' });
    }
  });

  test('tasks of one stack share the data sources of the account', () => {
    const stack = JSON.parse(
      Testing.synthScope((scope) => {
        for (const family of ['a', 'b']) new FargateTaskDefinition(scope, family, { ...TASK, family });
      }),
    );
    expect(Object.keys(stack.data.aws_caller_identity)).toHaveLength(1);
    expect(Object.keys(stack.resource.aws_ecs_task_definition)).toHaveLength(2);
  });
});

describe('refused', () => {
  test.each<[string, Partial<FargateTaskDefinitionProps>, string]>([
    ['size', { cpu: 1024, memoryMiB: 3000 }, 'memoryMiB: 3000 is not valid with cpu 1024'],
    ['family', { family: 'a.b' }, 'family: "a.b" is not a task definition family'],
    ['role name', { taskRoleName: 'x'.repeat(65) }, 'has 65 characters, a role name at most 64; shorten it by 1'],
    ['derived role name', { family: 'x'.repeat(60) }, 'has 75 characters, a role name at most 64; shorten it by 11'],
    [
      'one name for two roles',
      { taskRoleName: 'r', executionRoleName: 'r' },
      'taskRoleName: "r" is also the execution role\'s name; give each role its own',
    ],
    ['log group name', { logGroupName: 'a b' }, 'logGroupName: "a b" is not a log group name'],
    [
      'retention',
      { logRetentionDays: 8 },
      'logRetentionDays: 8 is not allowed; it is not a CloudWatch Logs retention period; the nearest is 7; allowed are 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days',
    ],
    [
      'architecture',
      { cpuArchitecture: 'ARM' as never },
      'cpuArchitecture: "ARM" is not allowed; use one of "ARM64", "X86_64"; did you mean "ARM64"?',
    ],
    [
      'log mode',
      { logMode: 'async' as never },
      'logMode: "async" is not allowed; use one of "blocking", "non-blocking"',
    ],
    ['log buffer', { logBufferMiB: 0 }, 'logBufferMiB: 0 is not allowed; use a whole number from 1 to 1024 MiB'],
    [
      'buffer without mode',
      { logBufferMiB: 4, logMode: 'blocking' },
      'logBufferMiB: the blocking mode has no buffer; leave it out, or set logMode to "non-blocking"',
    ],
    [
      'storage',
      { ephemeralStorageGiB: 20 },
      'ephemeralStorageGiB: 20 is not allowed; use a whole number from 21 to 200 GiB',
    ],
    [
      'stop timeout',
      { stopTimeoutSeconds: 121 },
      'stopTimeoutSeconds: 121 is not allowed; use a whole number from 2 to 120 seconds',
    ],
    ['image', { image: '' }, 'image: "" is not allowed; use at least 1 character'],
    [
      'repository',
      { repositoryArn: 'app-was' },
      'repositoryArn: "app-was" is not allowed; use the ARN of an ECR repository: arn:aws:ecr:region:account:repository/name',
    ],
    ['user', { user: 'a:b:c' }, 'user: "a:b:c" is not allowed; use user or user:group, names or numbers'],
    [
      'directory',
      { workingDirectory: 'app' },
      'workingDirectory: "app" is not allowed; use an absolute path, which starts with /',
    ],
    [
      'writable path',
      { writablePaths: ['tmp'] },
      'writablePaths[0]: "tmp" is not allowed; use an absolute path below /',
    ],
    [
      'port',
      { ports: [{ containerPort: 0 }] },
      'ports[0].containerPort: 0 is not allowed; use a whole number from 1 to 65535',
    ],
    [
      'port name',
      { ports: [{ containerPort: 80, portName: 'HTTP' }] },
      'ports[0].portName: "HTTP" is not allowed; use 1 to 64 lower-case letters, digits, underscores and hyphens, not starting with a hyphen',
    ],
    [
      'protocol',
      { ports: [{ containerPort: 80, protocol: 'sctp' as never }] },
      'ports[0].protocol: "sctp" is not allowed; use one of "tcp", "udp"; did you mean "tcp"?',
    ],
    [
      'port twice',
      {
        ports: [{ containerPort: 80 }],
        sidecars: [{ containerName: 's', image: 's', ports: [{ containerPort: 80 }] }],
      },
      'ports: 80/tcp is used twice',
    ],
    [
      'container twice',
      { sidecars: [{ containerName: 'app-was', image: 's' }] },
      'sidecars[0].containerName: "app-was" is not allowed; is the name of another container of the task; give each its own',
    ],
    [
      'dependency',
      { dependsOn: [{ containerName: 'db', condition: 'START' }], sidecars: [{ containerName: 's', image: 's' }] },
      'dependsOn[0]: "db" is not another container of the task; use one of s',
    ],
    [
      'dependency on itself',
      { dependsOn: [{ containerName: 'app-was', condition: 'START' }] },
      'dependsOn[0]: "app-was" is not another container of the task; use one of its sidecars',
    ],
    [
      'health of what has no check',
      { dependsOn: [{ containerName: 's', condition: 'HEALTHY' }], sidecars: [{ containerName: 's', image: 's' }] },
      'dependsOn[0]: "s" has no healthCheck, so it never becomes HEALTHY',
    ],
    [
      'condition',
      {
        dependsOn: [{ containerName: 's', condition: 'READY' as never }],
        sidecars: [{ containerName: 's', image: 's' }],
      },
      'dependsOn[0].condition: "READY" is not allowed',
    ],
    [
      'CPU shares',
      { sidecars: [{ containerName: 's', image: 's', containerCpu: 1024 }] },
      "containerCpu: the containers reserve 1024 CPU units of the task's 512",
    ],
    [
      'memory shares',
      { sidecars: [{ containerName: 's', image: 's', containerMemoryMiB: 2048 }] },
      "containerMemoryMiB: the containers take 2048 MiB of the task's 1024",
    ],
    [
      'health check',
      { healthCheck: { command: ['curl'] } },
      'healthCheck.command: ["curl"] is not allowed; start it with CMD or CMD-SHELL',
    ],
    [
      'empty health check',
      { healthCheck: { command: [] } },
      'healthCheck.command: has too few entries; use at least 1 entry',
    ],
    [
      'interval',
      { healthCheck: { command: ['CMD'], intervalSeconds: 4 } },
      'healthCheck.intervalSeconds: 4 is not allowed; use a whole number from 5 to 300 seconds',
    ],
    [
      'ulimit',
      { ulimits: [{ name: 'core' as never, softLimit: 1, hardLimit: 1 }] },
      'ulimits[0].name: "core" is not allowed; use one of "nofile"',
    ],
    [
      'soft above hard',
      { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] },
      'ulimits[0].softLimit: is above hardLimit; lower it, or raise hardLimit',
    ],
    [
      'variable name',
      { environment: { 'a=b': '1' } },
      'environment.a=b: use names of environment variables, without spaces and "="',
    ],
    [
      'variable twice',
      { environment: { A: '1' }, secrets: { A: '/a' } },
      'secrets.A: "A" is also in environment; keep only one of the two',
    ],
    [
      'secret',
      { secrets: { A: 'arn:aws:s3:::bucket' } },
      'secrets.A: "arn:aws:s3:::bucket" is not allowed; use the ARN of a Secrets Manager secret (optionally with :json-key:version-stage:version-id), the ARN of an SSM parameter, or the name of an SSM parameter',
    ],
    [
      'secret of an unknown service',
      { secrets: { A: Token.asString({ resolve: () => 'x' }) } },
      'secrets.A: a value known only to Terraform does not show which service stores it; write { secretArn } or { parameterArn }',
    ],
    [
      'read-only with ECS Exec',
      { readonlyRootFilesystem: true, enableExecuteCommand: true },
      'readonlyRootFilesystem: ECS Exec needs a writable root file system',
    ],
    [
      'sidecar',
      { sidecars: [{ containerName: 's', image: '' }] },
      'sidecars[0].image: "" is not allowed; use at least 1 character',
    ],
    [
      'every action',
      { permissions: [{ actions: ['*'], resources: [ENDPOINT] }] },
      'permissions[0].actions: "*" allows every action; name the ones that are needed',
    ],
    [
      "a service's every action",
      { permissions: [{ actions: ['s3:*'], resources: [ENDPOINT] }] },
      'permissions[0].actions: "s3:*" allows every action of the service',
    ],
    [
      'not an action',
      { permissions: [{ actions: ['GetObject'], resources: [ENDPOINT] }] },
      '"GetObject" is not an IAM action; write service:Action',
    ],
    [
      'no action',
      { permissions: [{ actions: [], resources: [ENDPOINT] }] },
      'permissions[0].actions: an empty list allows nothing',
    ],
    [
      'every resource',
      { permissions: [{ actions: ['s3:GetObject'], resources: ['*'] }] },
      'permissions[0].resources: "*" allows every resource; name the ARNs, or set allowAllResources',
    ],
    [
      'not a resource',
      { permissions: [{ actions: ['s3:GetObject'], resources: ['bucket'] }] },
      '"bucket" is not an ARN',
    ],
    [
      'no resource',
      { permissions: [{ actions: ['s3:GetObject'], resources: [] }] },
      'permissions[0].resources: an empty list allows nothing',
    ],
    [
      'statement id',
      { permissions: [{ actions: ['s3:GetObject'], resources: [ENDPOINT], sid: 'a b' }] },
      'permissions[0].sid: "a b" is not a statement id',
    ],
  ])('%s', (_, more, message) => {
    expect(refused(more)).toContain(message);
  });

  test('all problems at once, behind the path of the construct', () => {
    const message = refused({
      cpu: 300,
      stopTimeoutSeconds: 500,
      permissions: [{ actions: ['*'], resources: ['*'] }],
    });
    expect(message).toMatch(/task\] 4 problems:\n {2}- .*\n {2}- .*\n {2}- .*\n {2}- /);
  });

  test('what only Terraform knows is left to it', () => {
    const token = Token.asString({ resolve: () => '${var.x}' });
    const arn = Token.asString({ resolve: () => '${aws_x.arn}' });
    expect(() =>
      synthTask({
        image: token,
        user: token,
        workingDirectory: token,
        repositoryArn: arn,
        permissions: [{ actions: [token], resources: [arn] }],
      }),
    ).not.toThrow();
  });
});
