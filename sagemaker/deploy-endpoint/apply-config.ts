import type { DescribeEndpointConfigCommandOutput } from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type Answer } from './answer';
import { DeployError } from './deploy-error';
import type { Endpoint } from './endpoint';
import { isChanging, type EndpointState } from './endpoint-state';
import { newestModelOf, type Config } from './plan';
import type { Run } from './run';
import { isBusy, isExisting } from './sagemaker-errors';

type CurrentConfig = DescribeEndpointConfigCommandOutput | undefined;

/** A change of the endpoint that was started. */
interface Change {
  /** The endpoint before; `undefined` when it is created. */
  readonly before: EndpointState | undefined;
  readonly config: Config;
}

/**
 * Brings a configuration to the endpoint and waits for it: creates the endpoint, updates it, or finds that it already
 * has the configuration.
 *
 * @param configFor the configuration wanted, for the one that the endpoint has then
 * @throws DeployError when the endpoint does not take it. What served before continues to serve; a new endpoint that
 *   failed is removed.
 */
export async function applyConfig(
  run: Run,
  endpoint: Endpoint,
  configFor: (current: CurrentConfig) => Config | Promise<Config>,
): Promise<Answer> {
  for (;;) {
    const before = await usableState(run, endpoint);
    const current = await endpoint.configIn(before);
    const config = await configFor(current);
    if (before?.EndpointConfigName === config.EndpointConfigName) {
      await endpoint.finish();
      return answer(endpoint, 'unchanged', { ...before, modelName: newestModelOf(config) });
    }
    if (before !== undefined) refuseImpossible(endpoint, current, config);
    await endpoint.configs.create(config);
    if (await start(endpoint, { before, config }, current)) return await result(run, endpoint, { before, config });
    await sleep(run.pollMilliseconds);
  }
}

/** The endpoint, settled; `undefined` when there is none. One that failed is removed first. */
async function usableState(run: Run, endpoint: Endpoint): Promise<EndpointState | undefined> {
  const state = await endpoint.settled();
  if (isChanging(state?.EndpointStatus)) {
    throw new DeployError(
      `endpoint ${endpoint.name} is ${state?.EndpointStatus} by another deploy and was not done within ` +
        `${run.settings.waitSeconds} seconds; nothing was changed: run this again when it is done`,
    );
  }
  // A failed endpoint can only be deleted.
  if (state?.EndpointStatus !== 'Failed') return state;
  await endpoint.removeFailed(state);
  return undefined;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (limits) */
function refuseImpossible({ name }: Endpoint, current: CurrentConfig, config: Config): void {
  const hasInstances = current?.ProductionVariants?.some(({ InstanceType }) => InstanceType !== undefined) ?? false;
  const isServerless =
    config.ProductionVariants?.some(({ ServerlessConfig }) => ServerlessConfig !== undefined) ?? false;
  if (!hasInstances || !isServerless) return;
  throw new DeployError(
    `endpoint ${name} runs on instances, and SageMaker cannot make it serverless; it keeps serving unchanged: ` +
      `delete it (aws sagemaker delete-endpoint --endpoint-name ${name}) and run this again, or go back to instances`,
  );
}

/** Starts the change; `false` when another run started one first, and what to do must be decided again. */
async function start(endpoint: Endpoint, { before, config }: Change, current: CurrentConfig): Promise<boolean> {
  try {
    if (before === undefined) await endpoint.create(config);
    else await endpoint.update(config, current);
    return true;
  } catch (error) {
    if (isBusy(error) || (before === undefined && isExisting(error))) return false;
    await endpoint.removeConfigs([config.EndpointConfigName]);
    throw error;
  }
}

/** Waits for a change that was started, and says how it ended. */
async function result(run: Run, endpoint: Endpoint, change: Change): Promise<Answer> {
  const { before, config } = change;
  const after = await endpoint.settled();
  const name = config.EndpointConfigName;
  const action = before === undefined ? 'created' : 'updated';
  const done = { EndpointConfigName: name, EndpointStatus: after?.EndpointStatus, modelName: newestModelOf(config) };
  if (isChanging(after?.EndpointStatus)) {
    run.log('the endpoint takes longer than this function waits; the event of its end finishes the rest', {
      endpointStatus: after?.EndpointStatus,
    });
    return answer(endpoint, action, done);
  }
  const isInService = after?.EndpointStatus === 'InService';
  if (isInService && after.EndpointConfigName === name) {
    await endpoint.finish(before?.EndpointConfigName);
    return answer(endpoint, action, done);
  }
  if (isInService && after.EndpointConfigName !== before?.EndpointConfigName) {
    await endpoint.removeConfigs([name]);
    return answer(endpoint, 'superseded', after);
  }
  if (before === undefined && after?.EndpointStatus === 'Failed') await endpoint.remove();
  if (isInService) await endpoint.autoscaling.register(); // what continues to serve continues to scale
  await endpoint.removeConfigs([name]);
  throw failure(endpoint, change, after);
}

function failure(endpoint: Endpoint, { before, config }: Change, after: EndpointState | undefined): DeployError {
  const reason =
    after?.FailureReason ??
    (after === undefined ? 'it was deleted meanwhile' : `its status is ${after.EndpointStatus}`);
  return new DeployError(
    before === undefined
      ? `endpoint ${endpoint.name} could not be created: ${reason}. It was removed again, with ` +
          `model ${newestModelOf(config)}; the container's log is in ${endpoint.logGroup}`
      : `endpoint ${endpoint.name} did not take the new model and serves the one before ` +
          `(${after?.EndpointConfigName ?? 'none'}): ${reason}. The container's log is in ${endpoint.logGroup}`,
  );
}
