import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

/**
 * Rolls a new image of the inference container out: has the model layer's deploy function change the endpoint, waits for its answer, and writes the
 * image down only when the function succeeded. Before the first model there is no endpoint: the image then waits for it.
 *
 * The project sets `DEPLOY_FUNCTION_NAME`, which is `none` as long as there is no model layer, and `IMAGE_PARAMETER_NAME`; the image is the one in the build's `imageDetail.json`.
 */
export function endpointBuildspec(): Buildspec {
  const invoke = [
    `jq -n --arg imageUri "$IMAGE_URI" --arg executionId "$CODEBUILD_BUILD_ID" '{ imageUri: $imageUri, executionId: $executionId }' > /tmp/event.json`,
    // The function may take 15 minutes; a second call while the first still runs would find the endpoint busy.
    'AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$DEPLOY_FUNCTION_NAME" --payload fileb:///tmp/event.json --cli-read-timeout 920 --output json /tmp/answer.json > /tmp/invocation.json',
    `{ jq -e '.StatusCode == 200 and .FunctionError == null' /tmp/invocation.json > /dev/null || ${fail('$DEPLOY_FUNCTION_NAME failed: $(jq -r \'.errorMessage // .\' /tmp/answer.json). $IMAGE_PARAMETER_NAME stays as it is.')}; }`,
    `jq -r '"endpoint " + (.endpointName // "?") + ": " + (.action // "?")' /tmp/answer.json`,
  ].join(' && ');
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['DEPLOY_FUNCTION_NAME', 'IMAGE_PARAMETER_NAME']),
        'IMAGE_URI="$(jq -er .ImageURI imageDetail.json)"',
        `if [ "$DEPLOY_FUNCTION_NAME" = none ]; then echo "there is no model layer yet; its first model will run in $IMAGE_URI"; else ${invoke}; fi`,
        'aws ssm put-parameter --name "$IMAGE_PARAMETER_NAME" --type String --value "$IMAGE_URI" --overwrite --output json > /dev/null',
      ]),
    },
  };
}
