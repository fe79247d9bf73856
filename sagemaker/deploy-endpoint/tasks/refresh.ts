import { answer, type Answer } from '../answer';
import { DeployError } from '../deploy-error';
import type { Endpoint } from '../endpoint';
import { isChanging } from '../endpoint-state';
import type { Task } from '../event';
import type { Run } from '../run';
import { PACKAGE_TAG } from '../tags';
import { deploy } from './deploy';

/**
 * Deploys the model that serves once more, because the image or the settings have changed.
 * @throws DeployError when it is not known which model serves, or as `deploy`
 */
export async function refresh(
  run: Run,
  endpoint: Endpoint,
  { imageUri, waitSeconds }: Extract<Task, { kind: 'refresh' }>,
): Promise<Answer> {
  const state = await endpoint.settled();
  if (state === undefined) return answer(endpoint, 'awaiting-model');
  if (waitSeconds !== undefined && isChanging(state.EndpointStatus)) return answer(endpoint, 'busy', state);
  const modelPackageArn = await endpoint.configs.packageOf(await endpoint.configIn(state));
  if (modelPackageArn === undefined) {
    throw new DeployError(
      `which registered model endpoint ${endpoint.name} serves is not known (its configuration ` +
        `has no tag "${PACKAGE_TAG}"); deploy a model by its package first`,
    );
  }
  return await deploy(run, endpoint, { modelPackageArn, imageUri });
}
