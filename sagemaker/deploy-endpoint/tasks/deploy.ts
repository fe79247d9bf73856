import { answer, type Answer } from '../answer';
import { applyConfig } from '../apply-config';
import { DeployError } from '../deploy-error';
import type { Endpoint } from '../endpoint';
import { isChanging } from '../endpoint-state';
import { deployableModel, registeredModel, type GivenModel } from '../model-version';
import { modelRequest, modelsOf, rolloutConfig } from '../plan';
import type { Run } from '../run';

/**
 * Deploys a registered model, once it is approved.
 * @throws DeployError when the model may not or cannot be deployed, or the endpoint does not take it
 */
export async function deploy(
  run: Run,
  endpoint: Endpoint,
  { modelPackageArn, ...given }: GivenModel & { readonly modelPackageArn: string },
): Promise<Answer> {
  const registered = await registeredModel(run, modelPackageArn);
  if (registered.approval === 'PendingManualApproval') return answer(endpoint, 'awaiting-approval');
  if (registered.approval === 'Rejected')
    throw new DeployError(
      `model package ${modelPackageArn} was rejected; approve it in the registry, or deploy another version`,
    );
  const request = modelRequest(run.settings, await deployableModel(run, modelPackageArn, registered, given));
  await endpoint.models.create(request);
  try {
    return await applyConfig(run, endpoint, (current) =>
      rolloutConfig(run.settings, request.ModelName, current, modelPackageArn),
    );
  } catch (error) {
    await removeUnused(endpoint, request.ModelName);
    throw error;
  }
}

/** Deletes a model that does not serve. While the endpoint is changing, another run may be deploying it. */
async function removeUnused(endpoint: Endpoint, modelName: string): Promise<void> {
  const state = await endpoint.describe();
  if (isChanging(state?.EndpointStatus)) return;
  if (!modelsOf(await endpoint.configIn(state)).includes(modelName)) await endpoint.models.remove(modelName);
}
