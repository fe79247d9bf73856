import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

const SERVICE = ['CLUSTER_NAME', 'SERVICE_NAME', 'CONTAINER_NAME', 'TASK_DEFINITION_FAMILY'];

/** The revision in service: that of CodeDeploy's primary task set, else of ECS's primary deployment. */
const IN_SERVICE =
  '(first(.services[0].taskSets[]? | select(.status == "PRIMARY") | .taskDefinition)' +
  ' // first(.services[0].deployments[]? | select(.status == "PRIMARY") | .taskDefinition) // ' +
  '.services[0].taskDefinition)';

/** Every revision that a deployment or a task set refers to. */
const REFERRED_TO = '[.services[0].taskSets[]?.taskDefinition, .services[0].deployments[]?.taskDefinition]';

const IMAGE_OF_CONTAINER = 'first(.taskDefinition.containerDefinitions[] | select(.name == $name) | .image)';

export const READ_SERVICE =
  'aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" --output json > /tmp/service.json';

/** Reads which revision and image the service runs. */
export const lookAtService: readonly string[] = [
  `jq -e '(.services | length) > 0' /tmp/service.json > /dev/null || ` +
    `${fail('the cluster $CLUSTER_NAME has no service $SERVICE_NAME')}`,
  `REVISION="$(jq -r '${IN_SERVICE}' /tmp/service.json)"`,
  'aws ecs describe-task-definition --task-definition "$REVISION" --output json > /tmp/revision.json',
  `RUNS="$(jq -r --arg name "$CONTAINER_NAME" '${IMAGE_OF_CONTAINER}' /tmp/revision.json)"`,
];

/**
 * Deregisters what a failed deployment left in the family: revisions newer than the one in service, with another image,
 * that nothing refers to. A revision registered by Terraform has the image in service, and stays.
 */
export const deregisterLeftovers =
  '( aws ecs list-task-definitions --family-prefix "$TASK_DEFINITION_FAMILY" --status ACTIVE --sort DESC ' +
  '--output json > /tmp/family.json && ' +
  `for LEFTOVER in $(jq -r --arg inService "$REVISION" --slurpfile service /tmp/service.json '` +
  'def family: sub(":[0-9]+$"; ""); def number: sub("^.*:"; "") | tonumber; ' +
  `($service[0] | ${REFERRED_TO}) as $used | .taskDefinitionArns[] | select((family == ($inService | ` +
  'family)) and (number > ($inService | number)) and (. as $arn | $used | index($arn) | not))' +
  `' /tmp/family.json); do ` +
  'aws ecs describe-task-definition --task-definition "$LEFTOVER" --output json > /tmp/leftover.json || exit 1; ' +
  `if [ "$(jq -r --arg name "$CONTAINER_NAME" '${IMAGE_OF_CONTAINER}' /tmp/leftover.json)" != "$RUNS" ]; then ` +
  'echo "deregistering $LEFTOVER, which was deployed and rolled back" && aws ecs deregister-task-definition ' +
  '--task-definition "$LEFTOVER" --output json > /dev/null || exit 1; fi; done )';

/** One deployment (under CodeDeploy: one task set), and all tasks are running. */
const STEADY =
  '.services[0] | (.deployments // [] | length) <= 1 and (.taskSets // [] | length) <= 1 and .runningCount ' +
  '== .desiredCount';
/** No execution may be between registering a revision and using it. A rollback is an execution, too. */
const IDLE = '[.pipelineExecutionSummaries[] | select(.status == "InProgress" or .status == "Stopping")] | length == 0';

/**
 * Waits up to 10 minutes. It polls by itself because the CLI's `wait services-stable` never ends under CodeDeploy
 * (https://github.com/boto/botocore/issues/2865). A service that is still not steady then is not an error: the
 * revisions it uses are not deregistered.
 */
const waitUntilQuiet =
  `( ATTEMPT=1; until { ${READ_SERVICE} && aws codepipeline list-pipeline-executions --pipeline-name ` +
  '"$PIPELINE_NAME" --max-items 20 --output json > /tmp/runs.json; } || exit 1; ' +
  `jq -e '${STEADY}' /tmp/service.json > /dev/null && jq -e '${IDLE}' /tmp/runs.json > /dev/null; do ` +
  '[ "$ATTEMPT" -lt 40 ] || { echo "waited for 10 minutes; revisions that $SERVICE_NAME uses stay ' +
  'registered"; break; }; ATTEMPT=$((ATTEMPT + 1)); sleep 15; done )';

/**
 * Runs after a successful deployment: verifies that the service runs the image of this execution, records the image
 * where Terraform reads it, and deregisters what earlier failed deployments left behind.
 *
 * The image is the one in the build artifact, `imagedefinitions.json` or `imageDetail.json`. The project sets
 * `CLUSTER_NAME`, `SERVICE_NAME`, `CONTAINER_NAME`, `TASK_DEFINITION_FAMILY` and `IMAGE_PARAMETER_NAME`.
 */
export function releaseBuildspec(): Buildspec {
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables([...SERVICE, 'IMAGE_PARAMETER_NAME']),
        `if [ -f imageDetail.json ]; then IMAGE_URI="$(jq -r .ImageURI imageDetail.json)"; else ` +
          `IMAGE_URI="$(jq -r --arg name "$CONTAINER_NAME" 'first(.[] | select(.name == $name) | .imageUri)' ` +
          'imagedefinitions.json)"; fi && [ -n "$IMAGE_URI" ]',
        READ_SERVICE,
        ...lookAtService,
        '[ "$RUNS" = "$IMAGE_URI" ] || ' +
          `${fail('$SERVICE_NAME runs $RUNS and not $IMAGE_URI: the deployment was rolled back, or another came after it. $IMAGE_PARAMETER_NAME stays as it is.')}`,
        'aws ssm put-parameter --name "$IMAGE_PARAMETER_NAME" --type String --value "$IMAGE_URI" --overwrite ' +
          '--output json > /dev/null',
        deregisterLeftovers,
        'echo "$SERVICE_NAME runs $IMAGE_URI"',
      ]),
    },
  };
}

/**
 * Runs after a failed deployment: waits up to 10 minutes until the service is steady again and no execution of the
 * pipeline is in progress, then deregisters the revision that was rolled back. As long as that revision is the family's
 * latest, Terraform would plan a new revision on top of it. An execution that is still in progress cleans up in its own
 * Release action.
 *
 * The project sets `CLUSTER_NAME`, `SERVICE_NAME`, `CONTAINER_NAME`, `TASK_DEFINITION_FAMILY` and `PIPELINE_NAME`.
 */
export function cleanUpBuildspec(): Buildspec {
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables([...SERVICE, 'PIPELINE_NAME']),
        waitUntilQuiet,
        ...lookAtService,
        `if jq -e '${IDLE}' /tmp/runs.json > /dev/null; then ${deregisterLeftovers}; else echo "a run of ` +
          '$PIPELINE_NAME is under way, which clears away itself"; fi',
        'echo "$SERVICE_NAME runs $RUNS"',
      ]),
    },
  };
}
