import type { ContainerPipelineProps } from '@strata/codepipeline';
import { blueGreen, endpoint, props, rolling, synth } from './synth';

const actionsOf = (statements: readonly { readonly Action: readonly string[] }[]): string[] =>
  statements.flatMap(({ Action }) => Action).sort();

describe('a rolling deploy', () => {
  test('builds, deploys, and writes down what was deployed, in this order', () => {
    const made = synth();
    expect(made.stages).toEqual(['Source: Source', 'Build: Build', 'Deploy-dev: Deploy, Release']);
    expect(made.action('Deploy-dev', 'Deploy')).toMatchObject({
      provider: 'ECS',
      run_order: 1,
      input_artifacts: ['Build'],
      configuration: {
        ClusterName: 'shop',
        ServiceName: 'app-web-service',
        FileName: 'imagedefinitions.json',
        DeploymentTimeout: '60',
      },
    });
    expect(made.action('Deploy-dev', 'Release')).toMatchObject({
      provider: 'CodeBuild',
      run_order: 2,
      input_artifacts: ['Build'],
    });
    expect(made.projects).toEqual([
      'app-web-pipeline-build',
      'app-web-pipeline-dev-clean-up',
      'app-web-pipeline-dev-release',
    ]);
  });

  test('what the builds are told follows from the service', () => {
    const made = synth();
    expect(made.variables('app-web-pipeline-build')).toEqual({
      REPOSITORY_URL: props.repositoryUrl,
      CONTAINER_NAME: 'app-web',
    });
    expect(made.variables('app-web-pipeline-dev-release')).toEqual({
      CLUSTER_NAME: 'shop',
      SERVICE_NAME: 'app-web-service',
      CONTAINER_NAME: 'app-web',
      TASK_DEFINITION_FAMILY: 'app-web-td',
      IMAGE_PARAMETER_NAME: '/shop/dev/images/app-web',
    });
    expect(made.variables('app-web-pipeline-dev-clean-up')).not.toHaveProperty('IMAGE_PARAMETER_NAME');
  });

  test('only the build is privileged, and keeps layers', () => {
    const made = synth();
    expect(made.projects.filter((name) => made.project(name).environment.privileged_mode)).toEqual([
      'app-web-pipeline-build',
    ]);
    expect(made.project('app-web-pipeline-build').cache).toMatchObject({ modes: ['LOCAL_DOCKER_LAYER_CACHE'] });
    expect(synth({ layerCache: false }).project('app-web-pipeline-build').cache).toBeUndefined();
  });

  test('a failure of the stage starts what clears away after it', () => {
    const made = synth();
    const failed = made.all('aws_cloudwatch_event_rule').find(({ name }) => name === 'app-web-pipeline-dev-failed')!;
    expect(JSON.parse(String(failed.event_pattern))).toMatchObject({
      'detail-type': ['CodePipeline Stage Execution State Change'],
      detail: { pipeline: ['app-web-pipeline'], stage: ['Deploy-dev'], state: ['FAILED', 'STOPPED'] },
    });
    expect(made.all('aws_cloudwatch_event_target').map(({ arn }) => String(arn))).toContainEqual(
      expect.stringContaining('project/app-web-pipeline-dev-clean-up'),
    );
  });
});

describe('roles have what each stage needs', () => {
  test('the pipeline itself handles its artifacts and assumes the roles of its actions', () => {
    const statements = synth().statements('app-web-pipeline-role');
    expect(actionsOf(statements)).toEqual([
      's3:GetBucketLocation',
      's3:GetBucketVersioning',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      's3:PutObjectAcl',
      'sts:AssumeRole',
    ]);
    expect(statements.find(({ Sid }) => Sid === 'AssumeActionRoles')!.Resource).toHaveLength(3);
    expect(statements.find(({ Sid }) => Sid === 'Artifacts')!.Resource).toEqual([
      'arn:aws:s3:::artifacts/app-web-pipeline*',
    ]);
  });

  test('no two roles, projects or rules have one name', () => {
    const made = synth({
      source: { provider: 'CodeCommit', repositoryName: 'shop', pathPatterns: ['web/**'] },
      deployments: [
        { ...blueGreen, approval: true, smokeTest: { url: 'https://a.b' } },
        { ...rolling, name: 'prod' },
      ],
    });
    for (const type of [
      'aws_iam_role',
      'aws_codebuild_project',
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_log_group',
    ]) {
      const names = made.all(type).map(({ name }) => String(name));
      expect([type, names.length]).toEqual([type, new Set(names).size]);
    }
  });

  test('no action runs as the pipeline', () => {
    const made = synth({ deployments: [{ ...rolling, smokeTest: { url: 'https://example.com' } }] });
    const roles = made.pipeline.stage.flatMap(({ action }) => action).map(({ role_arn: role }) => role);
    expect(roles.every((role) => role !== undefined && /action-/.test(role))).toBe(true);
  });

  test('source reads the repository; build starts one project', () => {
    const made = synth();
    expect(
      actionsOf(made.statements('app-web-pipeline-source-action-role')).filter((action) => !action.startsWith('s3:')),
    ).toEqual([
      'codecommit:CancelUploadArchive',
      'codecommit:GetBranch',
      'codecommit:GetCommit',
      'codecommit:GetRepository',
      'codecommit:GetUploadArchiveStatus',
      'codecommit:UploadArchive',
    ]);
    expect(
      made.statements('app-web-pipeline-build-action-role').find(({ Sid }) => Sid === 'RunBuilds')!.Resource,
    ).toEqual([expect.stringContaining('project/app-web-pipeline-build')]);
  });

  test('the build pushes to its repository alone', () => {
    const push = synth({ buildProjectName: 'appWebBuild' }).statements('appWebBuild-role');
    expect(push.find(({ Sid }) => Sid === 'PushImage')!.Resource).toEqual([props.repositoryArn]);
    expect(actionsOf(push).filter((action) => action.startsWith('ecs:'))).toEqual([]);
  });

  test('deploy updates one service, and hands on two roles to tasks alone', () => {
    const statements = synth().statements('app-web-pipeline-deploy-dev-action-role');
    expect(statements.find(({ Sid }) => Sid === 'UpdateService')!.Resource).toEqual([
      expect.stringMatching(/:service\/shop\/app-web-service$/),
    ]);
    expect(statements.find(({ Sid }) => Sid === 'PassTaskRoles')).toMatchObject({
      Resource: [rolling.executionRoleArn, rolling.taskRoleArn],
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
    expect(statements.find(({ Sid }) => Sid === 'TagTaskDefinition')!.Resource).toEqual([
      expect.stringMatching(/:task-definition\/app-web-td:\*$/),
    ]);
  });

  test('release writes one parameter', () => {
    const statements = synth().statements('app-web-pipeline-dev-release-role');
    expect(statements.find(({ Sid }) => Sid === 'WriteImage')!.Resource).toEqual([
      expect.stringMatching(/:parameter\/shop\/dev\/images\/app-web$/),
    ]);
    expect(
      synth()
        .statements('app-web-pipeline-dev-clean-up-role')
        .map(({ Sid }) => Sid),
    ).toEqual(['WriteLogs', 'DescribeService', 'TaskDefinitions', 'ListPipelineExecutions']);
  });

  test('a key of artifacts is in each that handles them, and nowhere else', () => {
    const key = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
    const made = synth({ artifactStore: { ...props.artifactStore, kmsKeyArn: key } });
    expect(made.pipeline.artifact_store).toMatchObject([
      { location: 'artifacts', encryption_key: { id: key, type: 'KMS' } },
    ]);
    for (const role of [
      'app-web-pipeline-role',
      'app-web-pipeline-source-action-role',
      'app-web-pipeline-build-role',
      'app-web-pipeline-build-action-role',
      'app-web-pipeline-deploy-dev-action-role',
      'app-web-pipeline-dev-release-role',
    ]) {
      expect([role, made.statements(role).find(({ Sid }) => Sid === 'ArtifactKey')?.Resource]).toEqual([role, [key]]);
    }
    expect(
      made.statements('app-web-pipeline-dev-clean-up-role').find(({ Sid }) => Sid === 'ArtifactKey'),
    ).toBeUndefined();
  });

  test('a boundary is on every role', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/boundary';
    const roles = synth({
      permissionsBoundaryArn: boundary,
      deployments: [{ ...blueGreen, smokeTest: { url: 'https://a.b' } }],
    }).all('aws_iam_role');
    expect(roles.length).toBeGreaterThan(8);
    expect(roles.filter(({ permissions_boundary: its }) => its !== boundary)).toEqual([]);
  });
});

describe('a blue/green deploy', () => {
  test('takes its files from the build that it follows', () => {
    const made = synth({ deployments: [blueGreen] });
    expect(made.stages).toEqual(['Source: Source', 'Build: Build', 'Deploy-dev: Deploy, Release']);
    expect(made.action('Deploy-dev', 'Deploy')).toMatchObject({
      provider: 'CodeDeployToECS',
      input_artifacts: ['Build'],
      configuration: {
        TaskDefinitionTemplateArtifact: 'Build',
        TaskDefinitionTemplatePath: 'taskdef.json',
        AppSpecTemplateArtifact: 'Build',
        AppSpecTemplatePath: 'appspec.yaml',
        Image1ArtifactName: 'Build',
        Image1ContainerName: 'IMAGE1_NAME',
      },
    });
    expect(made.variables('app-web-pipeline-build')).toMatchObject({
      CONTAINER_PORT: '8000',
      TASK_DEFINITION_FAMILY: 'app-web-td',
    });
    expect(made.project('app-web-pipeline-build').source.buildspec).toContain('taskdef.json');
  });

  test('rewrites them where it waited for an approval', () => {
    const made = synth({ deployments: [{ ...blueGreen, approval: true }] });
    expect(made.stages).toEqual([
      'Source: Source',
      'Build: Build',
      'Approve-dev: Approve',
      'Deploy-dev: Prepare, Deploy, Release',
    ]);
    expect(made.action('Deploy-dev', 'Prepare')).toMatchObject({
      input_artifacts: ['Build'],
      output_artifacts: ['Prepared-dev'],
    });
    expect(made.action('Deploy-dev', 'Deploy')).toMatchObject({
      input_artifacts: ['Build', 'Prepared-dev'],
      configuration: { TaskDefinitionTemplateArtifact: 'Prepared-dev', Image1ArtifactName: 'Build' },
    });
    expect(made.project('app-web-pipeline-build').source.buildspec).not.toContain('taskdef.json');
  });

  test('rewrites them where a rollback may come, which takes the artifact of an older build', () => {
    const made = synth({ executionMode: 'QUEUED', deployments: [{ ...blueGreen, rollBackOnFailure: true }] });
    expect(made.stages.at(-1)).toBe('Deploy-dev: Prepare, Deploy, Release');
    expect(made.project('app-web-pipeline-build').source.buildspec).not.toContain('taskdef.json');
  });

  test("makes CodeDeploy's application, group and role", () => {
    const made = synth({
      deployments: [
        {
          ...blueGreen,
          alarmNames: ['5xx'],
          testListenerArn: 'arn:aws:elasticloadbalancing:r:1:listener/app/web/1/3',
          terminationWaitMinutes: 0,
        },
      ],
    });
    expect(made.one('aws_codedeploy_deployment_group')).toMatchObject({
      deployment_config_name: 'CodeDeployDefault.ECSAllAtOnce',
      ecs_service: { cluster_name: 'shop', service_name: 'app-web-service' },
      load_balancer_info: {
        target_group_pair_info: {
          prod_traffic_route: { listener_arns: [blueGreen.listenerArn] },
          test_traffic_route: { listener_arns: [expect.any(String)] },
          target_group: [{ name: 'blue' }, { name: 'green' }],
        },
      },
      auto_rollback_configuration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
      alarm_configuration: { enabled: true, alarms: ['5xx'] },
      blue_green_deployment_config: {
        terminate_blue_instances_on_deployment_success: { termination_wait_time_in_minutes: 0 },
      },
    });
    const statements = made.statements('app-web-pipeline-dev-codedeploy-role');
    expect(statements.find(({ Sid }) => Sid === 'ModifyListeners')!.Resource).toHaveLength(2);
    expect(statements.find(({ Sid }) => Sid === 'ModifyRules')!.Resource[0]).toBe(
      'arn:aws:elasticloadbalancing:r:1:listener-rule/app/web/1/2/*',
    );
    expect(
      actionsOf(synth({ deployments: [blueGreen] }).statements('app-web-pipeline-dev-codedeploy-role')),
    ).not.toContain('cloudwatch:DescribeAlarms');
    expect(
      synth({ deployments: [blueGreen] }).one('aws_codedeploy_deployment_group').auto_rollback_configuration,
    ).toMatchObject({ events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] });
  });

  test.each([
    [{ type: 'canary', percentage: 10, intervalMinutes: 15 }, 'CodeDeployDefault.ECSCanary10Percent15Minutes'],
    [{ type: 'canary' }, 'CodeDeployDefault.ECSCanary10Percent5Minutes'],
    [{ type: 'linear', intervalMinutes: 1 }, 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes'],
  ] as const)('%j is one that CodeDeploy has ready', (trafficShift, name) => {
    const made = synth({ deployments: [{ ...blueGreen, trafficShift }] });
    expect(made.one('aws_codedeploy_deployment_group').deployment_config_name).toBe(name);
    expect(made.types).not.toContain('aws_codedeploy_deployment_config');
  });

  test('another shift is made', () => {
    const made = synth({
      deployments: [{ ...blueGreen, trafficShift: { type: 'linear', percentage: 25, intervalMinutes: 2 } }],
    });
    expect(made.one('aws_codedeploy_deployment_config')).toMatchObject({
      deployment_config_name: 'app-web-pipeline-dev-linear-25-2',
      compute_platform: 'ECS',
      traffic_routing_config: { type: 'TimeBasedLinear', time_based_linear: { percentage: 25, interval: 2 } },
    });
  });

  test('hooks are named in the AppSpec and may be asked', () => {
    const check = 'arn:aws:lambda:r:1:function:check';
    const made = synth({ deployments: [{ ...blueGreen, lifecycleHooks: { AfterInstall: check } }] });
    expect(made.project('app-web-pipeline-build').source.buildspec).toContain(`AfterInstall: \\"${check}\\"`);
    expect(
      made.statements('app-web-pipeline-dev-codedeploy-role').find(({ Sid }) => Sid === 'InvokeHooks')!.Resource,
    ).toEqual([check]);
  });
});

describe('options', () => {
  test('an approval asks on the topic, which the pipeline may use', () => {
    const made = synth({
      approvalTopicArn: 'arn:aws:sns:r:1:ask',
      deployments: [{ ...rolling, approval: true, approvalMessage: 'Really?' }],
    });
    expect(made.action('Approve-dev', 'Approve')).toMatchObject({
      provider: 'Manual',
      configuration: { CustomData: 'Really?', NotificationArn: 'arn:aws:sns:r:1:ask' },
    });
    expect(made.statements('app-web-pipeline-role').find(({ Sid }) => Sid === 'PublishApprovals')!.Resource).toEqual([
      'arn:aws:sns:r:1:ask',
    ]);
    expect(
      synth({ deployments: [{ ...rolling, approval: true }] }).action('Approve-dev', 'Approve').configuration,
    ).toEqual({ CustomData: 'Deploy #{Build.IMAGE_TAG} to dev?' });
  });

  test('a smoke test comes last, and may roll the stage back', () => {
    const made = synth({
      deployments: [
        {
          ...rolling,
          rollBackOnFailure: true,
          smokeTest: { url: 'https://example.com/health', expectedText: 'ok', attempts: 3 },
        },
      ],
    });
    expect(made.stages.at(-1)).toBe('Deploy-dev: Deploy, Release, SmokeTest');
    expect(made.pipeline.stage.at(-1)!.on_failure).toEqual({ result: 'ROLLBACK' });
    expect(synth().pipeline.stage.at(-1)!.on_failure).toBeUndefined();
    expect(made.variables('app-web-pipeline-dev-smoke-test')).toEqual({
      URL: 'https://example.com/health',
      EXPECTED_STATUS: '200',
      EXPECTED_TEXT: 'ok',
      ATTEMPTS: '3',
      INTERVAL_SECONDS: '6',
    });
  });

  test('a long smoke test has the time that it may take', () => {
    const minutes = (attempts: number, intervalSeconds: number) =>
      synth({
        deployments: [{ ...rolling, smokeTest: { url: 'https://example.com', attempts, intervalSeconds } }],
      }).project('app-web-pipeline-dev-smoke-test').build_timeout;
    expect([minutes(10, 6), minutes(100, 300)]).toEqual([30, 522]);
  });

  test("a build image of one's own has runtimes of its own", () => {
    const buildspec = (buildImage?: string) =>
      JSON.parse(synth({ buildImage }).project('app-web-pipeline-build').source.buildspec.replaceAll('$$', '$')) as {
        phases: { install: object };
      };
    expect(buildspec().phases.install).toHaveProperty('runtime-versions', { nodejs: '22' });
    expect(buildspec('public.ecr.aws/x/y:1').phases.install).not.toHaveProperty('runtime-versions');
  });

  test('a second environment follows the first, with its own service, parameter and role', () => {
    const made = synth({
      deployments: [
        rolling,
        { ...blueGreen, name: 'prod', approval: true, imageParameterName: '/shop/prod/images/app-web' },
      ],
    });
    expect(made.stages.slice(2)).toEqual([
      'Deploy-dev: Deploy, Release',
      'Approve-prod: Approve',
      'Deploy-prod: Prepare, Deploy, Release',
    ]);
    expect(made.variables('app-web-pipeline-prod-release').IMAGE_PARAMETER_NAME).toBe('/shop/prod/images/app-web');
    const { buildspec } = made.project('app-web-pipeline-build').source;
    expect(JSON.parse(buildspec.replaceAll('$${', '${'))).toMatchObject({
      artifacts: { files: ['imagedefinitions.json', 'imageDetail.json'] },
    });
  });

  test('an endpoint is deployed by its function, and nothing of ECS is made', () => {
    const made = synth({ deployments: [endpoint], cpuArchitecture: 'X86_64' });
    expect(made.stages.at(-1)).toBe('Deploy-dev: Deploy');
    expect(made.project('app-web-pipeline-build').environment.type).toBe('LINUX_CONTAINER');
    expect(made.variables('app-web-pipeline-dev-release')).toEqual({
      DEPLOY_FUNCTION_NAME: 'deploy-endpoint',
      IMAGE_PARAMETER_NAME: '/shop/dev/images/model-endpoint',
    });
    const release = made.statements('app-web-pipeline-dev-release-role');
    expect(release.find(({ Sid }) => Sid === 'InvokeDeployFunction')).toMatchObject({
      Action: ['lambda:InvokeFunction'],
      Resource: [endpoint.functionArn],
    });
    expect(made.projects).toEqual(['app-web-pipeline-build', 'app-web-pipeline-dev-release']);
  });

  test('a connection has triggers and no rule', () => {
    const made = synth({
      source: {
        provider: 'CodeConnections',
        connectionArn: 'arn:aws:codeconnections:r:123456789012:connection/1',
        repositoryId: 'a/b',
        pathPatterns: ['web/**'],
      },
    });
    expect(made.pipeline.trigger).toMatchObject([
      { git_configuration: { push: [{ file_paths: { includes: ['web/**'] } }] } },
    ]);
    expect(made.all('aws_cloudwatch_event_rule').map(({ name }) => name)).toEqual(['app-web-pipeline-dev-failed']);
  });
});

const deployments = (one: object) => ({ deployments: [one] }) as unknown as Partial<ContainerPipelineProps>;

test.each<[Partial<ContainerPipelineProps>, string]>([
  [{ pipelineName: 'a b' }, 'pipelineName: "a b" is not a pipeline name'],
  [{ deployments: [] }, 'deployments: an empty list deploys nothing'],
  [{ deployments: [rolling, rolling] }, 'deployments: "dev" is the name of two deployments'],
  [
    { deployments: [rolling, { ...rolling, name: 'prod', containerName: 'web' }] },
    'the image is for containers with different names, app-web and web',
  ],
  [{ repositoryUrl: 'app-web:latest' }, 'repositoryUrl: "app-web:latest" is not the URL of an ECR repository'],
  [
    { cpuArchitecture: 'X86_64', deployments: [{ ...rolling, cpuArchitecture: 'ARM64' }] },
    "the task definition of app-web-service is for ARM64, the image for X86_64; set the pipeline's cpuArchitecture to ARM64",
  ],
  [{ dockerfile: '/Dockerfile' }, 'dockerfile: "/Dockerfile" is not a path in the source'],
  [
    { buildImage: 'public.ecr.aws/x/y:1', runtimeVersions: { nodejs: '22' } },
    'runtimeVersions: CodeBuild selects runtimes only in its own images, and buildImage is "public.ecr.aws/x/y:1"',
  ],
  [
    deployments({ ...rolling, name: 'build' }),
    'deployments[0].name: "build" is a suffix that every pipeline uses for its own resources',
  ],
  [deployments({ ...rolling, approvalMessage: 'Really?' }), 'deployments[0].approvalMessage: no approval is requested'],
  [deployments({ ...rolling, timeoutMinutes: 61 }), 'deployments[0].timeoutMinutes: 61 is out of range'],
  [
    deployments({ ...rolling, smokeTest: { url: 'example.com' } }),
    'deployments[0].smokeTest.url: "example.com" is not a URL',
  ],
  [
    deployments({ ...rolling, type: 'canary' }),
    'deployments[0].type: "canary" is not allowed; use one of rolling, blue-green, endpoint',
  ],
  [
    deployments({ ...blueGreen, trafficShift: { type: 'all-at-once', percentage: 10 } }),
    'deployments[0].trafficShift.percentage: has no effect on a shift in one step',
  ],
  [
    deployments({ ...blueGreen, trafficShift: { type: 'linear', percentage: 100 } }),
    'deployments[0].trafficShift.percentage: 100 is out of range',
  ],
  [
    deployments({ ...blueGreen, lifecycleHooks: { AfterAllowTestTraffic: 'arn:aws:lambda:r:1:function:f' } }),
    'AfterAllowTestTraffic needs a test listener',
  ],
  [
    deployments({ ...blueGreen, greenTargetGroupName: 'blue' }),
    'greenTargetGroupName: "blue" is also the other target group',
  ],
  [
    deployments({ ...blueGreen, alarmNames: Array.from({ length: 11 }, (_, i) => `${i}`) }),
    'alarmNames: 11 alarms, CodeDeploy watches at most 10',
  ],
])('%j is refused', (more, message) => expect(() => synth(more)).toThrow(message));
