import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

/** How long the function waits for the endpoint each time it is asked: a connection on which nothing is said for 350 s is cut by a NAT gateway. */
const WAIT_SECONDS = 240;
/** How often it is asked: 40 minutes in all. */
const ATTEMPTS = 10;

/**
 * Rolls a new image of the inference container out: has the model layer's deploy function change the endpoint, waits for its answer, and writes the
 * image down only when the function succeeded. Before the first model there is no endpoint: the image then waits for it.
 *
 * The project sets `DEPLOY_FUNCTION_NAME`, which is `none` as long as there is no model layer, and `IMAGE_PARAMETER_NAME`;
 * the image is the one in the build's `imageDetail.json`.
 */
export function endpointBuildspec(): Buildspec {
  const parameterStays = '$IMAGE_PARAMETER_NAME stays as it is.';
  const rollOut = [
    `jq -n --arg imageUri "$IMAGE_URI" --arg executionId "$CODEBUILD_BUILD_ID" '{ imageUri: $imageUri, executionId: $executionId, waitSeconds: ${WAIT_SECONDS} }' > /tmp/event.json || exit 1`,
    'ATTEMPT=0',
    // The function answers before an endpoint that takes long has settled; asked again, it waits for it first. An invocation is not repeated by itself.
    'while :; do ATTEMPT=$((ATTEMPT + 1))',
    'AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$DEPLOY_FUNCTION_NAME" --payload fileb:///tmp/event.json --cli-read-timeout 340 --output json /tmp/answer.json > /tmp/invocation.json || exit 1',
    `jq -e '.StatusCode == 200 and .FunctionError == null' /tmp/invocation.json > /dev/null || { ${fail(`$DEPLOY_FUNCTION_NAME failed: $(jq -r '.errorMessage // .' /tmp/answer.json). ${parameterStays}`)}; exit 1; }`,
    `jq -r '"endpoint " + (.endpointName // "?") + ": " + (.action // "?") + " " + (.endpointStatus // "")' /tmp/answer.json`,
    'STATUS="$(jq -r \'.endpointStatus // ""\' /tmp/answer.json)"',
    `case "$STATUS" in Creating|Updating) [ "$ATTEMPT" -lt ${ATTEMPTS} ] || { ${fail(`the endpoint is still $STATUS. ${parameterStays}`)}; exit 1; };; *) break;; esac`,
    'done',
    `[ "$(jq -r .action /tmp/answer.json)" != superseded ] || { ${fail(`another deploy came in between and serves now. Start the pipeline again. ${parameterStays}`)}; exit 1; }`,
  ].join('; ');
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['DEPLOY_FUNCTION_NAME', 'IMAGE_PARAMETER_NAME']),
        'IMAGE_URI="$(jq -er .ImageURI imageDetail.json)"',
        `if [ "$DEPLOY_FUNCTION_NAME" = none ]; then echo "there is no model layer yet; its first model will run in $IMAGE_URI"; else ( ${rollOut} ); fi`,
        'aws ssm put-parameter --name "$IMAGE_PARAMETER_NAME" --type String --value "$IMAGE_URI" --overwrite --output json > /dev/null',
      ]),
    },
  };
}
