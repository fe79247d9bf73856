import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

/** How long the function waits for the endpoint per call: a NAT gateway drops a connection that is idle for 350 s. */
const WAIT_SECONDS = 240;
/** How often the function is called: 40 minutes in total. */
const ATTEMPTS = 10;

/**
 * Rolls out a new image of the inference container: calls the model layer's deploy function to update the endpoint,
 * waits for its response, and records the image only if the function succeeded. Before the first model there is no
 * endpoint: the image then waits for it.
 *
 * The project sets `DEPLOY_FUNCTION_NAME`, which is `none` until there is a model layer, and `IMAGE_PARAMETER_NAME`;
 * the image is the one in the build's `imageDetail.json`.
 */
export function endpointBuildspec(): Buildspec {
  const parameterStays = '$IMAGE_PARAMETER_NAME stays as it is.';
  const failNow = (message: string): string => `{ ${fail(message)}; exit 1; }`;
  const rollOut = [
    `jq -n --arg imageUri "$IMAGE_URI" '{ imageUri: $imageUri, waitSeconds: ${WAIT_SECONDS} }' > ` +
      '/tmp/event.json || exit 1',
    'ATTEMPT=0',
    // The CLI must not retry the invocation.
    'while :; do ATTEMPT=$((ATTEMPT + 1)); echo "$DEPLOY_FUNCTION_NAME is asked $(jq -c . /tmp/event.json)"',
    'AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$DEPLOY_FUNCTION_NAME" --payload ' +
      'fileb:///tmp/event.json --cli-read-timeout 340 --output json /tmp/answer.json > /tmp/invocation.json || ' +
      'exit 1',
    `jq -e '.StatusCode == 200 and .FunctionError == null' /tmp/invocation.json > /dev/null || ` +
      `${failNow(`$DEPLOY_FUNCTION_NAME failed: $(jq -r '.errorMessage // .' /tmp/answer.json). ${parameterStays}`)}`,
    `jq -r '"endpoint " + (.endpointName // "?") + ": " + (.action // "?") + " " + (.endpointStatus // "")' ` +
      '/tmp/answer.json',
    'STATUS="$(jq -r \'.endpointStatus // ""\' /tmp/answer.json)"',
    `case "$STATUS" in Creating|Updating|SystemUpdating|RollingBack|Deleting) [ "$ATTEMPT" -lt ${ATTEMPTS} ] ` +
      `|| ${failNow(`the endpoint is still $STATUS. ${parameterStays}`)};; *) break;; esac`,
    // Busy: another deploy is running, so this one is requested again. Otherwise it has started, and the next call only
    // awaits it.
    `[ "$(jq -r .action /tmp/answer.json)" = busy ] || jq '{ action: "await", modelName: .modelName, ` +
      `waitSeconds: ${WAIT_SECONDS} }' /tmp/answer.json > /tmp/event.json || exit 1`,
    'done',
    '[ "$(jq -r .action /tmp/answer.json)" != superseded ] || ' +
      `${failNow(`another deploy came in between and serves now. Start the pipeline again. ${parameterStays}`)}`,
  ].join('; ');
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['DEPLOY_FUNCTION_NAME', 'IMAGE_PARAMETER_NAME']),
        'IMAGE_URI="$(jq -er .ImageURI imageDetail.json)"',
        'if [ "$DEPLOY_FUNCTION_NAME" = none ]; then echo "there is no model layer yet; its first model will ' +
          `run in $IMAGE_URI"; else ( ${rollOut} ); fi`,
        'aws ssm put-parameter --name "$IMAGE_PARAMETER_NAME" --type String --value "$IMAGE_URI" --overwrite ' +
          '--output json > /dev/null',
      ]),
    },
  };
}
