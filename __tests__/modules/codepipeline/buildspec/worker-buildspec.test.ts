import { workerBuildspec } from '@strata/codepipeline';
import { failEachInTurn, runBuildspec, type BuildOptions } from '../../../support/codebuild';

const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/jobs-sentiment:new';
const OLD = IMAGE.replace('new', 'old');
const arn = (revision: number): string =>
  `arn:aws:ecs:ap-northeast-2:123456789012:task-definition/jobs-sentiment-td:${revision}`;
const PARAMETER = '/shop/dev/images/jobs-sentiment';
const TASK = 'arn:aws:ecs:ap-northeast-2:123456789012:task/jobs/0f1e2d3c';

interface Deployment {
  readonly status: string;
  readonly taskDefinition: string;
  readonly runningCount: number;
}
const old = (runningCount = 1, status = 'ACTIVE'): Deployment => ({ status, taskDefinition: arn(5), runningCount });

/** A service of which the deployments before the update are those given first; its answers change with the update. */
function run(desiredCount: number, deployments: readonly Deployment[], exitCode = 0): BuildOptions {
  const described = (all: readonly Deployment[]) =>
    JSON.stringify({
      services: [
        {
          clusterArn: 'arn:aws:ecs:ap-northeast-2:123456789012:cluster/jobs',
          taskDefinition: arn(5),
          desiredCount,
          deployments: all,
          launchType: null,
          capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
          platformVersion: 'LATEST',
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        },
      ],
    });
  return {
    environment: {
      CLUSTER_NAME: 'jobs',
      SERVICE_NAME: 'jobs-sentiment-service',
      CONTAINER_NAME: 'jobs-sentiment',
      TASK_DEFINITION_FAMILY: 'jobs-sentiment-td',
      IMAGE_PARAMETER_NAME: PARAMETER,
      ATTEMPTS: '1',
    },
    source: { 'imageDetail.json': JSON.stringify({ ImageURI: IMAGE }) },
    answers: {
      'aws ecs describe-services': described(deployments),
      'aws ecs describe-task-definition': JSON.stringify({
        taskDefinition: {
          taskDefinitionArn: arn(5),
          revision: 5,
          family: 'jobs-sentiment-td',
          containerDefinitions: [{ name: 'jobs-sentiment', image: OLD, command: ['--verbose'] }],
        },
      }),
      'aws ecs register-task-definition': JSON.stringify({ taskDefinition: { taskDefinitionArn: arn(6) } }),
      'aws ecs list-task-definitions': JSON.stringify({ taskDefinitionArns: [arn(6), arn(5)] }),
      'aws ecs run-task': JSON.stringify({ tasks: [{ taskArn: TASK }], failures: [] }),
      'aws ecs describe-tasks': JSON.stringify({
        tasks: [
          {
            lastStatus: 'STOPPED',
            stoppedReason: 'Essential container in task exited',
            containers: [{ name: 'jobs-sentiment', exitCode }],
          },
        ],
      }),
    },
  };
}
const changes = (typed: readonly string[]): string[] =>
  typed
    .filter((call) => /register|run-task|update-service|put-parameter/.test(call))
    .map((call) => call.replace(/ --(output json|cli-input-json \S+)/g, ''));
const UPDATE = `aws ecs update-service --cluster jobs --service jobs-sentiment-service --task-definition ${arn(6)}`;
const RECORD = `aws ssm put-parameter --name ${PARAMETER} --type String --value ${IMAGE} --overwrite`;

test('has succeeded when a task of the new revision runs, while protected ones before it still work', () => {
  const deployments = [{ status: 'PRIMARY', taskDefinition: arn(6), runningCount: 1 }, old(4)];
  const { succeeded, typed, output } = runBuildspec(workerBuildspec(), run(5, deployments));
  expect(output).toContain(`tasks of ${arn(6)} run; those before finish their jobs`);
  expect(succeeded).toBe(true);
  expect(changes(typed)).toEqual(['aws ecs register-task-definition', UPDATE, RECORD]);
});

test('at desired count 0 a task of its own proves the image first, where and as workers run', () => {
  const { succeeded, typed, output } = runBuildspec(workerBuildspec(), run(0, [old(0, 'PRIMARY')]));
  expect(output).toContain(`no worker runs; ${TASK} proves the image by --self-test`);
  expect(succeeded).toBe(true);
  expect(changes(typed)).toEqual(['aws ecs register-task-definition', 'aws ecs run-task', UPDATE, RECORD]);
});

test('an image that fails its self-test is neither deployed nor written down, and its revision goes', () => {
  const { succeeded, typed, output } = runBuildspec(workerBuildspec(), run(0, [old(0, 'PRIMARY')], 1));
  expect(succeeded).toBe(false);
  expect(output).toContain('the image failed its self-test: Essential container in task exited.');
  expect(changes(typed)).toEqual([
    'aws ecs register-task-definition',
    'aws ecs run-task',
    `aws ecs deregister-task-definition --task-definition ${arn(6)}`,
  ]);
});

test('says that ECS refuses a sixth active deployment, waits, and in the end gives up', () => {
  const { succeeded, typed, output } = runBuildspec(
    workerBuildspec(),
    run(5, [old(1, 'PRIMARY'), ...Array.from({ length: 4 }, () => old())]),
  );
  expect(succeeded).toBe(false);
  expect(output).toContain(
    'jobs-sentiment-service has 5 active deployments, as their workers finish their jobs, and ECS refuses a sixth; waiting',
  );
  expect(output).toContain('Start the pipeline again when jobs have ended, or end them.');
  expect(changes(typed)).toEqual([
    'aws ecs register-task-definition',
    `aws ecs deregister-task-definition --task-definition ${arn(6)}`,
  ]);
});

test('a deployment that ECS rolled back is not written down', () => {
  const { succeeded, typed, output } = runBuildspec(workerBuildspec(), run(5, [old(5, 'PRIMARY')]));
  expect(succeeded).toBe(false);
  expect(output).toContain(`ECS has rolled back from ${arn(6)}`);
  expect(changes(typed)).toEqual(['aws ecs register-task-definition', UPDATE]);
});

test('before there is a jobs layer the image is only written down', () => {
  const { environment, ...rest } = run(0, []);
  const result = runBuildspec(workerBuildspec(), { ...rest, environment: { ...environment, CLUSTER_NAME: 'none' } });
  expect(result.succeeded).toBe(true);
  expect(changes(result.typed)).toEqual([RECORD]);
});

test('ends at whichever command fails, after it took back a revision that nobody runs', () => {
  const found = failEachInTurn(workerBuildspec(), run(0, [old(0, 'PRIMARY')]));
  expect(found.filter((problem) => !problem.includes('followed by "aws ecs describe-services'))).toEqual([]);
});
