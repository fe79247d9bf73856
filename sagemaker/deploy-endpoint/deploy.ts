import {
  CreateModelCommand,
  DescribeModelCommand,
  ListTagsCommand,
  type DescribeEndpointCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, applyConfig, finish, removeFailed } from './apply-config';
import { DeployError } from './deploy-error';
import { describeConfig, describeEndpoint, isPassing, settledEndpoint } from './endpoint-state';
import type { Task } from './event';
import { deployableModel, registeredModel, servingImage } from './model-version';
import {
  CANDIDATE_VARIANT,
  finalConfig,
  MAIN_VARIANT,
  modelRequest,
  modelsOf,
  PACKAGE_TAG,
  rolloutConfig,
  variantNamed,
} from './plan';
import { removeModel } from './remove';
import type { Answer, Run } from './run';
import { isExisting } from './sagemaker-errors';

/** Looks at an endpoint that failed, within which a deploy that waits for it has seen that: half a minute. */
const LOOKS_OF_OTHERS = 6;

/** Does what the event asks for. @throws DeployError when it cannot be done; what serves goes on serving. */
export async function perform(run: Run, task: Task): Promise<Answer> {
  switch (task.kind) {
    case 'deploy':
      return await deploy(run, task.modelPackageArn, { modelDataUrl: task.modelDataUrl });
    case 'refresh':
      return await refresh(run, task);
    case 'await':
      return await awaitModel(run, task.modelName);
    case 'promote':
    case 'discard':
      return await endTrial(run, task.kind);
    case 'image':
      return { ...answer(run, 'unchanged'), imageUri: await servingImage(run) };
    case 'ignore':
      return answer(run, task.approval === 'PendingManualApproval' ? 'awaiting-approval' : 'unchanged');
    case 'settle':
      return await settle(run, task.endpointName);
    default:
      throw new DeployError(`unknown task ${JSON.stringify(task satisfies never)}`);
  }
}

async function deploy(
  run: Run,
  modelPackageArn: string,
  given: { readonly modelDataUrl?: string; readonly imageUri?: string },
): Promise<Answer> {
  const registered = await registeredModel(run, modelPackageArn);
  if (registered.approval === 'PendingManualApproval') return answer(run, 'awaiting-approval');
  if (registered.approval === 'Rejected')
    throw new DeployError(
      `model package ${modelPackageArn} was rejected; approve it in the registry, or deploy another version`,
    );
  const model = await deployableModel(run, modelPackageArn, registered, given);
  const request = modelRequest(run.settings, model);
  try {
    await run.sagemaker.send(new CreateModelCommand(request));
  } catch (error) {
    // Its name says what is in it: an earlier run made the same.
    if (!isExisting(error)) throw error;
  }
  try {
    return await applyConfig(run, async (endpoint) =>
      rolloutConfig(run.settings, request.ModelName, await configOf(run, endpoint), modelPackageArn),
    );
  } catch (error) {
    await removeUnused(run, request.ModelName);
    throw error;
  }
}

/** A model that did not come to serve goes; while the endpoint is changing it may be another run that brings it. */
async function removeUnused(run: Run, modelName: string): Promise<void> {
  const endpoint = await describeEndpoint(run);
  if (isPassing(endpoint?.EndpointStatus)) return;
  const current = await configOf(run, endpoint);
  if (!modelsOf(current ?? {}).includes(modelName)) await removeModel(run, modelName);
}

/** Deploys the model that serves once more: the image or the settings are others now. */
async function refresh(run: Run, { imageUri, waitSeconds }: Extract<Task, { kind: 'refresh' }>): Promise<Answer> {
  const endpoint = await settledEndpoint(run);
  if (endpoint === undefined) return answer(run, 'awaiting-model');
  if (waitSeconds !== undefined && isPassing(endpoint.EndpointStatus))
    return answer(run, 'busy', endpoint.EndpointConfigName, undefined, endpoint.EndpointStatus);
  const current = await configOf(run, endpoint);
  const { Tags = [] } =
    current?.EndpointConfigArn === undefined
      ? {}
      : await run.sagemaker.send(new ListTagsCommand({ ResourceArn: current.EndpointConfigArn }));
  const modelPackageArn = Tags.find(({ Key }) => Key === PACKAGE_TAG)?.Value;
  if (modelPackageArn === undefined) {
    throw new DeployError(
      `which registered model endpoint ${run.settings.endpointName} serves is not known (its configuration ` +
        `has no tag "${PACKAGE_TAG}"); deploy a model by its package first`,
    );
  }
  return await deploy(run, modelPackageArn, { imageUri });
}

/**
 * Waits for what an earlier invocation started.
 * @throws DeployError when the endpoint settled and does not serve the model
 */
async function awaitModel(run: Run, modelName: string): Promise<Answer> {
  const endpoint = await settledEndpoint(run);
  const isServed =
    endpoint?.EndpointStatus === 'InService' && modelsOf((await configOf(run, endpoint)) ?? {}).includes(modelName);
  if (endpoint !== undefined && (isServed || isPassing(endpoint.EndpointStatus)))
    return answer(run, 'unchanged', endpoint.EndpointConfigName, modelName, endpoint.EndpointStatus);
  const reason = endpoint === undefined ? 'it is gone' : (endpoint.FailureReason ?? 'another deploy came in between');
  throw new DeployError(
    `endpoint ${run.settings.endpointName} does not serve model ${modelName}: ${reason}. The container's log ` +
      `is in /aws/sagemaker/Endpoints/${run.settings.endpointName}`,
  );
}

/** Ends a weighted or shadow rollout: the candidate takes over, or goes. */
async function endTrial(run: Run, kind: 'promote' | 'discard'): Promise<Answer> {
  return await applyConfig(run, async (endpoint) => {
    const current = await configOf(run, endpoint);
    const candidate = current === undefined ? undefined : variantNamed(current, CANDIDATE_VARIANT)?.ModelName;
    const main = current === undefined ? undefined : variantNamed(current, MAIN_VARIANT)?.ModelName;
    if (candidate === undefined || main === undefined)
      throw new DeployError(
        `endpoint ${run.settings.endpointName} has no candidate to ${kind}; a weighted or shadow rollout makes one`,
      );
    const { Tags = [] } = await run.sagemaker.send(new ListTagsCommand({ ResourceArn: current!.EndpointConfigArn }));
    const ofCandidate = Tags.find(({ Key }) => Key === PACKAGE_TAG)?.Value;
    return finalConfig(
      run.settings,
      kind === 'promote' ? candidate : main,
      kind === 'promote' ? ofCandidate : await packageOf(run, main),
    );
  });
}

/** The package that a model was made of, by the model's own tag. */
async function packageOf(run: Run, modelName: string): Promise<string | undefined> {
  const { ModelArn } = await run.sagemaker.send(new DescribeModelCommand({ ModelName: modelName }));
  const { Tags = [] } = await run.sagemaker.send(new ListTagsCommand({ ResourceArn: ModelArn }));
  return Tags.find(({ Key }) => Key === PACKAGE_TAG)?.Value;
}

/**
 * Finishes what a deploy left that could not wait for the endpoint's end.
 * @throws DeployError when the end was that SageMaker took the update back: no step of a pipeline waits any more that
 *   could say so
 */
async function settle(run: Run, endpointName: string): Promise<Answer> {
  if (endpointName !== run.settings.endpointName)
    throw new DeployError(
      `the event is about endpoint ${endpointName}, and this function deploys ${run.settings.endpointName}; ` +
        `filter the rule by the endpoint's name`,
    );
  let endpoint = await describeEndpoint(run);
  if (endpoint?.EndpointStatus === 'Failed') {
    // A deploy that waits for the endpoint removes it itself, and knows the reason only if it is still there at its
    // next look.
    await sleep(Math.max(0, Math.min(LOOKS_OF_OTHERS * run.pollMilliseconds, run.deadline - Date.now())));
    endpoint = await describeEndpoint(run);
  }
  if (endpoint?.EndpointStatus === 'Failed') await removeFailed(run, endpoint);
  if (endpoint?.EndpointStatus === 'InService') {
    await finish(run);
    if (endpoint.FailureReason !== undefined) {
      throw new DeployError(
        `endpoint ${endpointName} did not take its last update and serves what it did before ` +
          `(${endpoint.EndpointConfigName}): ${endpoint.FailureReason}. ` +
          `The container's log is in /aws/sagemaker/Endpoints/${endpointName}`,
      );
    }
  }
  return answer(run, 'unchanged', endpoint?.EndpointConfigName, undefined, endpoint?.EndpointStatus);
}

async function configOf(run: Run, endpoint: DescribeEndpointCommandOutput | undefined) {
  return endpoint?.EndpointConfigName === undefined
    ? undefined
    : await describeConfig(run, endpoint.EndpointConfigName);
}
