import { cleanUpBuildspec, endpointBuildspec, releaseBuildspec } from '@strata/codepipeline';
import { failEachInTurn, runBuildspec, type BuildOptions } from '../../../support/codebuild';

const REPOSITORY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/app-web';
const arn = (revision: number): string =>
  `arn:aws:ecs:ap-northeast-2:123456789012:task-definition/app-web-td:${revision}`;
const revision = (image: string): string =>
  JSON.stringify({
    taskDefinition: {
      containerDefinitions: [
        { name: 'log-router', image: 'router:1' },
        { name: 'app-web', image },
      ],
    },
  });
const PARAMETER = '/shop/dev/images/app-web';

/** A service on revision 5 whose family went on to 8: 6 was rolled back, 7 is Terraform's, 8 is being deployed. */
const run: BuildOptions = {
  environment: {
    CLUSTER_NAME: 'AppEcsCluster',
    SERVICE_NAME: 'app-web-service',
    CONTAINER_NAME: 'app-web',
    TASK_DEFINITION_FAMILY: 'app-web-td',
    IMAGE_PARAMETER_NAME: PARAMETER,
  },
  source: { 'imagedefinitions.json': JSON.stringify([{ name: 'app-web', imageUri: `${REPOSITORY}:new` }]) },
  answers: {
    'aws ecs describe-services': JSON.stringify({
      services: [
        {
          taskDefinition: arn(5),
          deployments: [
            { status: 'PRIMARY', taskDefinition: arn(5) },
            { status: 'ACTIVE', taskDefinition: arn(8) },
          ],
        },
      ],
    }),
    [`aws ecs describe-task-definition --task-definition ${arn(5)}`]: revision(`${REPOSITORY}:new`),
    [`aws ecs describe-task-definition --task-definition ${arn(6)}`]: revision(`${REPOSITORY}:broken`),
    [`aws ecs describe-task-definition --task-definition ${arn(7)}`]: revision(`${REPOSITORY}:new`),
    [`aws ecs describe-task-definition --task-definition ${arn(8)}`]: revision(`${REPOSITORY}:newer`),
    'aws ecs list-task-definitions': JSON.stringify({
      taskDefinitionArns: [arn(8), arn(7), arn(6), arn(5), arn(4), arn(10).replace('app-web-td', 'app-web-td-2')],
    }),
  },
};
const changes = (typed: readonly string[]): string[] => typed.filter((call) => /put-parameter|deregister/.test(call));

test('after a deploy the image is written down and what was rolled back before is deregistered', () => {
  const { succeeded, typed, output } = runBuildspec(releaseBuildspec(), run);
  expect(succeeded).toBe(true);
  expect(changes(typed)).toEqual([
    `aws ssm put-parameter --name ${PARAMETER} --type String --value ${REPOSITORY}:new --overwrite --output json`,
    `aws ecs deregister-task-definition --task-definition ${arn(6)} --output json`,
  ]);
  expect(output).toContain(`app-web-service runs ${REPOSITORY}:new`);
});

test('ends at whichever command fails', () => {
  expect(failEachInTurn(releaseBuildspec(), run)).toEqual([]);
});

test('nothing is written down when the service runs another image', () => {
  const source = { 'imagedefinitions.json': JSON.stringify([{ name: 'app-web', imageUri: `${REPOSITORY}:broken` }]) };
  const { succeeded, typed, output } = runBuildspec(releaseBuildspec(), { ...run, source });
  expect(succeeded).toBe(false);
  expect(changes(typed)).toEqual([]);
  expect(output).toContain(
    `app-web-service runs ${REPOSITORY}:new and not ${REPOSITORY}:broken: the deployment was rolled back, or another came after it. ${PARAMETER} stays as it is.`,
  );
});

test('under CodeDeploy the primary task set says what serves', () => {
  const services = [
    {
      taskDefinition: arn(5),
      deployments: [],
      taskSets: [
        { status: 'ACTIVE', taskDefinition: arn(5) },
        { status: 'PRIMARY', taskDefinition: arn(6) },
      ],
    },
  ];
  const result = runBuildspec(releaseBuildspec(), {
    ...run,
    source: { 'imageDetail.json': JSON.stringify({ ImageURI: `${REPOSITORY}:broken` }) },
    answers: {
      ...run.answers,
      'aws ecs describe-services': JSON.stringify({ services }),
      'aws ecs list-task-definitions': '{"taskDefinitionArns":[]}',
    },
  });
  expect(result.succeeded).toBe(true);
  expect(changes(result.typed)[0]).toContain(`--value ${REPOSITORY}:broken`);
});

test('a service that is not there is named', () => {
  const result = runBuildspec(releaseBuildspec(), {
    ...run,
    answers: { ...run.answers, 'aws ecs describe-services': '{"services":[]}' },
  });
  expect(result.output).toContain('the cluster AppEcsCluster has no service app-web-service');
  expect(changes(result.typed)).toEqual([]);
});

describe('after a failed deploy', () => {
  const { IMAGE_PARAMETER_NAME: _parameter, ...service } = run.environment!;
  const environment = { ...service, PIPELINE_NAME: 'app-web-pipeline' };
  const runs = (...statuses: string[]) => ({
    'aws codepipeline list-pipeline-executions': JSON.stringify({
      pipelineExecutionSummaries: statuses.map((status) => ({ status })),
    }),
  });
  /** The build with a service in some state; the leftovers are as above. */
  const cleanUp = (service: object, ...statuses: string[]) =>
    runBuildspec(cleanUpBuildspec(), {
      ...run,
      environment,
      programs: ['aws', 'sleep'],
      answers: {
        ...run.answers,
        ...runs('Failed', 'Succeeded', ...statuses),
        'aws ecs describe-services': JSON.stringify({ services: [{ taskDefinition: arn(5), ...service }] }),
      },
    });
  const naps = (typed: readonly string[]): number => typed.filter((call) => call === 'sleep 15').length;
  const deregistered = (...revisions: number[]): string[] =>
    revisions.map((number) => `aws ecs deregister-task-definition --task-definition ${arn(number)} --output json`);
  const all = { desiredCount: 2, runningCount: 2 };

  test.each([
    ['ECS deploys', { ...all, deployments: [{ status: 'PRIMARY', taskDefinition: arn(5) }] }],
    [
      'CodeDeploy deploys, which has no deployments',
      { ...all, deployments: [], taskSets: [{ status: 'PRIMARY', taskDefinition: arn(5) }] },
    ],
  ])('what was rolled back is deregistered once a service is steady that %s', (_who, service) => {
    const { succeeded, typed } = cleanUp(service);
    expect(succeeded).toBe(true);
    expect(naps(typed)).toBe(0);
    expect(changes(typed)).toEqual(deregistered(8, 6));
  });

  test.each([
    [
      'two deployments',
      {
        ...all,
        deployments: [
          { status: 'PRIMARY', taskDefinition: arn(5) },
          { status: 'ACTIVE', taskDefinition: arn(8) },
        ],
      },
      [6],
    ],
    [
      'two task sets',
      {
        ...all,
        deployments: [],
        taskSets: [
          { status: 'PRIMARY', taskDefinition: arn(5) },
          { status: 'ACTIVE', taskDefinition: arn(6) },
        ],
      },
      [8],
    ],
    [
      'tasks that do not start',
      { ...all, runningCount: 1, deployments: [{ status: 'PRIMARY', taskDefinition: arn(5) }] },
      [8, 6],
    ],
  ])('a service with %s is waited for, up to 10 minutes, and keeps what it uses', (_what, service, gone) => {
    const { succeeded, typed, output } = cleanUp(service);
    expect(naps(typed)).toBe(39);
    expect(output).toContain('waited for 10 minutes; revisions that app-web-service uses stay registered');
    expect(succeeded).toBe(true);
    expect(changes(typed)).toEqual(deregistered(...gone));
  });

  test.each(['InProgress', 'Stopping'])(
    'a run that is %s may have registered a revision that nothing uses yet: it clears away itself',
    (status) => {
      const { succeeded, typed, output } = cleanUp(
        { ...all, deployments: [{ status: 'PRIMARY', taskDefinition: arn(5) }] },
        status,
      );
      expect(naps(typed)).toBe(39);
      expect(output).toContain('a run of app-web-pipeline is under way, which clears away itself');
      expect(succeeded).toBe(true);
      expect(changes(typed)).toEqual([]);
    },
  );

  test('a service that is not there is named at once', () => {
    const { succeeded, typed, output } = runBuildspec(cleanUpBuildspec(), {
      ...run,
      environment,
      programs: ['aws', 'sleep'],
      answers: { ...runs(), 'aws ecs describe-services': '{"services":[]}' },
    });
    expect([succeeded, naps(typed)]).toEqual([false, 0]);
    expect(output).toContain('the cluster AppEcsCluster has no service app-web-service');
  });

  test('ends at whichever command fails', () => {
    const answers = {
      ...run.answers,
      ...runs('Failed'),
      'aws ecs describe-services': JSON.stringify({
        services: [{ taskDefinition: arn(5), ...all, deployments: [{ status: 'PRIMARY', taskDefinition: arn(5) }] }],
      }),
    };
    expect(failEachInTurn(cleanUpBuildspec(), { ...run, environment, answers })).toEqual([]);
  });
});

describe('an image of the inference container', () => {
  const endpoint: BuildOptions = {
    environment: {
      DEPLOY_FUNCTION_NAME: 'deploy-endpoint',
      IMAGE_PARAMETER_NAME: '/shop/dev/images/model-endpoint',
      CODEBUILD_BUILD_ID: 'deploy:1',
    },
    source: { 'imageDetail.json': JSON.stringify({ ImageURI: 'model:1' }) },
    answers: {
      'aws lambda invoke': 'file:{"endpointName":"image-classifier","action":"updated","endpointStatus":"InService"}',
    },
  };

  test('is rolled out by the function, then written down', () => {
    const { succeeded, typed, output } = runBuildspec(endpointBuildspec(), endpoint);
    expect(output).toContain('endpoint image-classifier: updated InService');
    expect(succeeded).toBe(true);
    expect(typed[0]).toMatch(
      /^aws lambda invoke --function-name deploy-endpoint --payload fileb:\/\/\/tmp\/event\.json --cli-read-timeout 340 --output json/,
    );
    expect(changes(typed)).toEqual([
      'aws ssm put-parameter --name /shop/dev/images/model-endpoint --type String --value model:1 --overwrite --output json',
    ]);
  });

  test('waits for the first model where there is no model layer', () => {
    const { typed, output } = runBuildspec(endpointBuildspec(), {
      ...endpoint,
      environment: { ...endpoint.environment, DEPLOY_FUNCTION_NAME: 'none' },
    });
    expect(output).toContain('there is no model layer yet; its first model will run in model:1');
    expect(typed).toEqual([expect.stringContaining('put-parameter')]);
  });

  test.each([
    [
      'begun is waited for',
      '{"action":"updated","modelName":"flowers-2","endpointStatus":"Updating"}',
      '{"action":"await","modelName":"flowers-2","waitSeconds":240}',
    ],
    [
      'not begun, as another deploy has its turn, is begun after it',
      '{"action":"busy","endpointStatus":"RollingBack"}',
      '{"imageUri":"model:1","waitSeconds":240}',
    ],
  ])('a roll-out that was %s', (_what, answer, second) => {
    const { output } = runBuildspec(endpointBuildspec(), {
      ...endpoint,
      answers: { 'aws lambda invoke': `file:${answer}` },
    });
    expect(
      output
        .split('\n')
        .filter((line) => line.includes(' is asked '))
        .slice(0, 2),
    ).toEqual([
      'deploy-endpoint is asked {"imageUri":"model:1","waitSeconds":240}',
      `deploy-endpoint is asked ${second}`,
    ]);
  });

  test.each([
    [
      '{"action":"updated","endpointStatus":"Updating"}',
      'the endpoint is still Updating. /shop/dev/images/model-endpoint stays as it is.',
      10,
    ],
    [
      '{"action":"superseded","endpointStatus":"InService"}',
      'another deploy came in between and serves now. Start the pipeline again.',
      1,
    ],
  ])('is not written down after %s', (answer, message, asked) => {
    const { succeeded, typed, output } = runBuildspec(endpointBuildspec(), {
      ...endpoint,
      answers: { 'aws lambda invoke': `file:${answer}` },
    });
    expect(succeeded).toBe(false);
    expect(output).toContain(message);
    expect(typed).toHaveLength(asked);
    expect(changes(typed)).toEqual([]);
  });

  test('is not written down when a call fails, or the function does', () => {
    expect(failEachInTurn(endpointBuildspec(), endpoint)).toEqual([]);
    const result = runBuildspec(endpointBuildspec(), {
      ...endpoint,
      answers: { 'aws lambda invoke': '{"StatusCode":200,"FunctionError":"Unhandled"}' },
    });
    expect(result.succeeded).toBe(false);
    expect(changes(result.typed)).toEqual([]);
    expect(result.output).toContain('deploy-endpoint failed: ');
  });
});
