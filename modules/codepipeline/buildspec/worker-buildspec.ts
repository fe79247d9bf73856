import { phase, type Buildspec } from './buildspec';
import { READ_ONLY_FIELDS } from './deploy-files';
import { deregisterLeftovers, lookAtService, READ_SERVICE } from './release-buildspec';
import { fail, requireVariables } from './shell';

/** What a worker's deployment is to know of its service. */
export const WORKER_VARIABLES = ['CLUSTER_NAME', 'SERVICE_NAME', 'CONTAINER_NAME', 'TASK_DEFINITION_FAMILY'];

/** ECS refuses a sixth: https://github.com/aws/containers-roadmap/issues/2836 */
const MOST_DEPLOYMENTS = 5;
const POLL_SECONDS = 15;

/** Of the primary deployment, whether its tasks run; nothing about those before, which finish their jobs. */
const RUNS_NEW =
  'any(.services[0].deployments[]?; .status == "PRIMARY" and .taskDefinition == $revision and .runningCount > 0)';
const PRIMARY = 'first(.services[0].deployments[]? | select(.status == "PRIMARY"))';

const failNow = (message: string): string => `{ ${fail(message)}; exit 1; }`;

/** A copy of the revision in service with the new image, as CodePipeline's own action makes one. */
const registerRevision: readonly string[] = [
  `jq --arg name "$CONTAINER_NAME" --arg image "$IMAGE_URI" '.taskDefinition | .containerDefinitions |= map(if .name ` +
    `== $name then .image = $image else . end) | del(${READ_ONLY_FIELDS.map((field) => `.${field}`).join(', ')})` +
    `' /tmp/revision.json > /tmp/taskdef.json`,
  'aws ecs register-task-definition --cli-input-json file:///tmp/taskdef.json --output json > /tmp/registered.json',
  'NEW="$(jq -er .taskDefinition.taskDefinitionArn /tmp/registered.json)"',
];

/**
 * Proves an image where no worker runs: one task, where and as those of the service run, that starts the program and
 * ends. The service's strategy comes with its launch type as null, and the other way round.
 */
const proveImage = [
  `jq --arg revision "$NEW" --arg name "$CONTAINER_NAME" --slurpfile taskdef /tmp/taskdef.json '.services[0] | ({ ` +
    'cluster: .clusterArn, taskDefinition: $revision, count: 1, startedBy: "self-test", networkConfiguration, ' +
    'capacityProviderStrategy, launchType, platformVersion, overrides: { containerOverrides: [{ name: $name, command: ' +
    '((first($taskdef[0].containerDefinitions[] | select(.name == $name)).command // []) + ["--self-test"]) }] } }) ' +
    `| if (.capacityProviderStrategy // []) == [] then del(.capacityProviderStrategy) else del(.launchType) end | ` +
    `with_entries(select(.value != null))' /tmp/service.json > /tmp/self-test.json || exit 1`,
  'aws ecs run-task --cli-input-json file:///tmp/self-test.json --output json > /tmp/task.json || exit 1',
  `TASK="$(jq -er '.tasks[0].taskArn' /tmp/task.json)" || ` +
    failNow(`the self-test could not start: $(jq -c '.failures' /tmp/task.json)`),
  'echo "no worker runs; $TASK proves the image by --self-test"',
  'ATTEMPT=0; while :; do aws ecs describe-tasks --cluster "$CLUSTER_NAME" --tasks "$TASK" --output json > ' +
    `/tmp/task.json || exit 1; [ "$(jq -r '.tasks[0].lastStatus' /tmp/task.json)" != STOPPED ] || break; ` +
    `ATTEMPT=$((ATTEMPT + 1)); [ "$ATTEMPT" -lt "$ATTEMPTS" ] || ` +
    `${failNow('the self-test has not ended. $IMAGE_PARAMETER_NAME stays as it is.')}; sleep ${POLL_SECONDS}; done`,
  `jq -e --arg name "$CONTAINER_NAME" 'first(.tasks[0].containers[] | select(.name == $name)).exitCode == 0' ` +
    '/tmp/task.json > /dev/null || ' +
    failNow(
      `the image failed its self-test: $(jq -r '[.tasks[0].stoppedReason, .tasks[0].containers[].reason] | ` +
        `map(select(. != null)) | join("; ")' /tmp/task.json). The container's log says why. $IMAGE_PARAMETER_NAME ` +
        'stays as it is.',
    ),
].join('; ');

/** Waits while as many deployments are active as ECS allows: workers before finish their jobs, for hours if need be. */
const waitForRoom =
  `ATTEMPT=0; while :; do ${READ_SERVICE} || exit 1; ` +
  `ACTIVE="$(jq '.services[0].deployments | length' /tmp/service.json)"; ` +
  `[ "$ACTIVE" -ge ${MOST_DEPLOYMENTS} ] || break; ` +
  'echo "$SERVICE_NAME has $ACTIVE active deployments, as their workers finish their jobs, and ECS refuses a sixth; ' +
  `waiting"; ATTEMPT=$((ATTEMPT + 1)); [ "$ATTEMPT" -lt "$ATTEMPTS" ] || ` +
  failNow(
    '$SERVICE_NAME still has $ACTIVE active deployments. Start the pipeline again when jobs have ended, or end them. ' +
      '$IMAGE_PARAMETER_NAME stays as it is.',
  ) +
  `; sleep ${POLL_SECONDS}; done`;

const updateService =
  'aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --task-definition "$NEW" --output json ' +
  '> /dev/null || exit 1';

/** A service that scaled in meanwhile has no task to wait for: its image is proved like that of one without workers. */
const waitForNewTasks = [
  `ATTEMPT=0; while :; do ${READ_SERVICE} || exit 1`,
  `[ "$(jq -r '${PRIMARY}.taskDefinition' /tmp/service.json)" = "$NEW" ] || ` +
    failNow(
      'ECS has rolled back from $NEW, or another deployment came after it. $IMAGE_PARAMETER_NAME stays as it is.',
    ),
  `! jq -e --arg revision "$NEW" '${RUNS_NEW}' /tmp/service.json > /dev/null || { echo "tasks of $NEW run; those ` +
    'before finish their jobs"; break; }',
  `[ "$(jq '.services[0].desiredCount' /tmp/service.json)" != 0 ] || { ( ${proveImage} ) || exit 1; break; }`,
  `ATTEMPT=$((ATTEMPT + 1)); [ "$ATTEMPT" -lt "$ATTEMPTS" ] || ` +
    failNow('no task of $NEW runs yet. $IMAGE_PARAMETER_NAME stays as it is.'),
  `sleep ${POLL_SECONDS}; done`,
].join('; ');

/** A revision that no service has been given is taken away again, so that Terraform does not build on it. */
const orDeregister =
  `{ ${READ_SERVICE} && jq -e --arg revision "$NEW" 'all(.services[0].deployments[]?; .taskDefinition != $revision)' ` +
  '/tmp/service.json > /dev/null && aws ecs deregister-task-definition --task-definition "$NEW" --output json > ' +
  '/dev/null; false; }';

/**
 * Deploys the image of a worker that takes its work from a queue. The deployment has succeeded when a task of the new
 * revision runs: tasks before it are protected while they work, and may do so for hours. Where no worker runs, a task
 * of its own proves the image first.
 *
 * The project sets `CLUSTER_NAME` (`none` until there is a jobs layer: the image is then only recorded),
 * `SERVICE_NAME`, `CONTAINER_NAME`, `TASK_DEFINITION_FAMILY`, `IMAGE_PARAMETER_NAME`, and `ATTEMPTS`, which are 15
 * seconds each; the image is the one in the build's `imageDetail.json`.
 */
export function workerBuildspec(): Buildspec {
  const deploy = [
    `${READ_SERVICE} || exit 1`,
    ...lookAtService.map((command) => `${command} || exit 1`),
    ...registerRevision.map((command) => `${command} || exit 1`),
    `PROVED=no; [ "$(jq '.services[0].desiredCount' /tmp/service.json)" != 0 ] || { ( ${proveImage} ) || { ` +
      `${orDeregister}; exit 1; }; PROVED=yes; }`,
    `( ${waitForRoom}; ${updateService} ) || { ${orDeregister}; exit 1; }`,
    `[ "$PROVED" = yes ] || ( ${waitForNewTasks} ) || exit 1`,
    'REVISION="$NEW"; RUNS="$IMAGE_URI"',
    `${READ_SERVICE} && ${deregisterLeftovers}`,
  ].join('; ');
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables([...WORKER_VARIABLES, 'IMAGE_PARAMETER_NAME', 'ATTEMPTS']),
        'IMAGE_URI="$(jq -er .ImageURI imageDetail.json)"',
        'if [ "$CLUSTER_NAME" = none ]; then echo "there is no jobs layer yet; its first workers will run $IMAGE_URI"; ' +
          `else ( ${deploy} ); fi`,
        'aws ssm put-parameter --name "$IMAGE_PARAMETER_NAME" --type String --value "$IMAGE_URI" --overwrite ' +
          '--output json > /dev/null',
        'echo "$SERVICE_NAME is to run $IMAGE_URI"',
      ]),
    },
  };
}
