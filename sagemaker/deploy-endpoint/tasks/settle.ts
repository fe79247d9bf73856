import { answer, type Answer } from '../answer';
import { DeployError } from '../deploy-error';
import type { Endpoint } from '../endpoint';

/** Polls within which a deploy that waits for a failed endpoint has seen that it failed: half a minute. */
const POLLS_OF_OTHERS = 6;

/**
 * Finishes a deploy that did not wait for the endpoint to settle.
 * @throws DeployError when SageMaker rolled the update back: no step of a pipeline waits any more to say so
 */
export async function settle(endpoint: Endpoint, endpointName: string): Promise<Answer> {
  if (endpointName !== endpoint.name)
    throw new DeployError(
      `the event is about endpoint ${endpointName}, and this function deploys ${endpoint.name}; ` +
        `filter the rule by the endpoint's name`,
    );
  let state = await endpoint.describe();
  if (state?.EndpointStatus === 'Failed') {
    // A deploy that waits for the endpoint removes it itself, and learns the reason only if it still exists at its
    // next poll.
    await endpoint.pause(POLLS_OF_OTHERS);
    state = await endpoint.describe();
  }
  if (state?.EndpointStatus === 'Failed') await endpoint.removeFailed(state);
  if (state?.EndpointStatus === 'InService') {
    await endpoint.finish();
    if (state.FailureReason !== undefined) {
      throw new DeployError(
        `endpoint ${endpointName} did not take its last update and serves what it did before ` +
          `(${state.EndpointConfigName}): ${state.FailureReason}. The container's log is in ${endpoint.logGroup}`,
      );
    }
  }
  return answer(endpoint, 'unchanged', state);
}
