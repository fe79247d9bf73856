import { answer, type Answer } from '../answer';
import { DeployError } from '../deploy-error';
import type { Endpoint } from '../endpoint';
import { isChanging } from '../endpoint-state';
import { modelsOf } from '../plan';

/**
 * Waits for a deploy that an earlier invocation started.
 * @throws DeployError when the endpoint has settled and does not serve the model
 */
export async function awaitModel(endpoint: Endpoint, modelName: string): Promise<Answer> {
  const state = await endpoint.settled();
  const isServed =
    state?.EndpointStatus === 'InService' && modelsOf(await endpoint.configIn(state)).includes(modelName);
  if (state !== undefined && (isServed || isChanging(state.EndpointStatus)))
    return answer(endpoint, 'unchanged', { ...state, modelName });
  const reason = state === undefined ? 'it is gone' : (state.FailureReason ?? 'another deploy came in between');
  throw new DeployError(
    `endpoint ${endpoint.name} does not serve model ${modelName}: ${reason}. The container's log is in ` +
      endpoint.logGroup,
  );
}
