import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
  type CreateEndpointConfigCommandInput,
  type DescribeEndpointCommandOutput,
  type DescribeEndpointConfigCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { dropAutoscaling, ensureAutoscaling } from './autoscaling';
import { DeployError } from './deploy-error';
import { describeConfig, isPassing, settledEndpoint } from './endpoint-state';
import { MAIN_VARIANT, tags, variantNamed } from './plan';
import { removeConfigs, removeLeftovers } from './remove';
import type { Answer, Run } from './run';
import { isBusy, isExisting, isMissing } from './sagemaker-errors';

type Config = CreateEndpointConfigCommandInput & { readonly EndpointConfigName: string };

/**
 * Brings a configuration to the endpoint and waits for it: creates the endpoint, updates it, or finds that it has it
 * already.
 *
 * @param configFor the configuration wanted, for the endpoint as it is then
 * @throws DeployError when the endpoint does not take it. What served before goes on serving; a first endpoint that
 *   failed is gone.
 */
export async function applyConfig(
  run: Run,
  configFor: (endpoint: DescribeEndpointCommandOutput | undefined) => Promise<Config>,
): Promise<Answer> {
  for (;;) {
    const endpoint = await usableEndpoint(run);
    const config = await configFor(endpoint);
    const modelName = newestModel(config);
    if (endpoint?.EndpointConfigName === config.EndpointConfigName) {
      await finish(run);
      return answer(run, 'unchanged', config.EndpointConfigName, modelName, endpoint.EndpointStatus);
    }
    if (endpoint !== undefined) await refuseImpossible(run, endpoint, config);
    await createConfig(run, config);
    if (await start(run, endpoint, config)) return await result(run, endpoint, config, modelName);
    await sleep(run.pollMilliseconds);
  }
}

/** The endpoint, settled; `undefined` when there is none, or it was one that had failed and is gone now. */
async function usableEndpoint(run: Run): Promise<DescribeEndpointCommandOutput | undefined> {
  const endpoint = await settledEndpoint(run);
  if (endpoint === undefined) return undefined;
  const { endpointName } = run.settings;
  if (isPassing(endpoint.EndpointStatus)) {
    throw new DeployError(
      `endpoint ${endpointName} is ${endpoint.EndpointStatus} by another deploy and was not done within ` +
        `${run.settings.waitSeconds} seconds; nothing was changed: run this again when it is done`,
    );
  }
  // Nothing but DeleteEndpoint is possible with one that failed.
  if (endpoint.EndpointStatus !== 'Failed') return endpoint;
  await removeFailed(run, endpoint);
  return undefined;
}

/** Removes an endpoint that never came to serve, with what it was made of. */
export async function removeFailed(run: Run, endpoint: DescribeEndpointCommandOutput): Promise<void> {
  run.log('removing an endpoint that had failed', { reason: endpoint.FailureReason });
  await deleteEndpoint(run);
  if (endpoint.EndpointConfigName !== undefined) await removeConfigs(run, [endpoint.EndpointConfigName]);
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (limits) */
async function refuseImpossible(run: Run, endpoint: DescribeEndpointCommandOutput, config: Config): Promise<void> {
  const current = await describeConfig(run, endpoint.EndpointConfigName ?? '');
  const wasInstances = current?.ProductionVariants?.some(({ InstanceType }) => InstanceType !== undefined) ?? false;
  const becomesServerless =
    config.ProductionVariants?.some(({ ServerlessConfig }) => ServerlessConfig !== undefined) ?? false;
  if (wasInstances && becomesServerless) {
    throw new DeployError(
      `endpoint ${run.settings.endpointName} runs on instances, and SageMaker cannot make it serverless; it ` +
        'goes on serving as it is: ' +
        `delete it (aws sagemaker delete-endpoint --endpoint-name ${run.settings.endpointName}) and run this ` +
        'again, or go back to instances',
    );
  }
}

async function createConfig({ sagemaker }: Run, config: Config): Promise<void> {
  try {
    await sagemaker.send(new CreateEndpointConfigCommand(config));
  } catch (error) {
    // Its name says what is in it: an earlier run made the same.
    if (!isExisting(error)) throw error;
  }
}

/** Starts the change; `false` when another run was faster, and what to do must be looked at anew. */
async function start(run: Run, endpoint: DescribeEndpointCommandOutput | undefined, config: Config): Promise<boolean> {
  const { endpointName, document } = run.settings;
  const names = { EndpointName: endpointName, EndpointConfigName: config.EndpointConfigName };
  try {
    if (endpoint === undefined) {
      await run.sagemaker.send(new CreateEndpointCommand({ ...names, Tags: tags(run.settings, undefined) }));
    } else {
      const current = await describeConfig(run, endpoint.EndpointConfigName ?? '');
      await dropAutoscaling(
        run,
        changesCapacity(run, current) ? undefined : document.autoscaling?.target.ScalableDimension,
      );
      const guarded =
        document.deploymentConfig !== undefined && document.hosting !== 'serverless' && hasVariantsOf(current, config);
      const deployment = guarded ? { DeploymentConfig: document.deploymentConfig } : {};
      // The number of instances is autoscaling's, and what it is at now is what the load needs; weights are the
      // configuration's.
      const retained =
        document.autoscaling === undefined
          ? {}
          : {
              RetainAllVariantProperties: true,
              ExcludeRetainedVariantProperties: [
                { VariantPropertyType: 'DesiredWeight' as const },
                { VariantPropertyType: 'DataCaptureConfig' as const },
              ],
            };
      await run.sagemaker.send(new UpdateEndpointCommand({ ...names, ...deployment, ...retained }));
    }
    run.log(endpoint === undefined ? 'creating the endpoint' : 'updating the endpoint', {
      endpointConfigName: config.EndpointConfigName,
    });
    return true;
  } catch (error) {
    if (isBusy(error) || (endpoint === undefined && isExisting(error))) return false;
    await removeConfigs(run, [config.EndpointConfigName]);
    throw error;
  }
}

async function result(
  run: Run,
  before: DescribeEndpointCommandOutput | undefined,
  config: Config,
  modelName: string,
): Promise<Answer> {
  const after = await settledEndpoint(run);
  const name = config.EndpointConfigName;
  const done = before === undefined ? 'created' : 'updated';
  if (isPassing(after?.EndpointStatus)) {
    run.log('the endpoint takes longer than this function waits; the event of its end finishes the rest', {
      endpointStatus: after?.EndpointStatus,
    });
    return answer(run, done, name, modelName, after?.EndpointStatus);
  }
  if (after?.EndpointStatus === 'InService' && after.EndpointConfigName === name) {
    await finish(run, before?.EndpointConfigName);
    return answer(run, done, name, modelName, 'InService');
  }
  if (after?.EndpointStatus === 'InService' && after.EndpointConfigName !== before?.EndpointConfigName) {
    await removeConfigs(run, [name]);
    return answer(run, 'superseded', after.EndpointConfigName, undefined, 'InService');
  }
  const reason =
    after?.FailureReason ??
    (after === undefined ? 'it was deleted meanwhile' : `its status is ${after.EndpointStatus}`);
  if (before === undefined && after?.EndpointStatus === 'Failed') await deleteEndpoint(run);
  if (after?.EndpointStatus === 'InService') await ensureAutoscaling(run); // what serves on scales on
  await removeConfigs(run, [name]);
  throw new DeployError(
    before === undefined
      ? `endpoint ${run.settings.endpointName} could not be created: ${reason}. It was removed again, with ` +
          `model ${modelName}; the container's log is in /aws/sagemaker/Endpoints/${run.settings.endpointName}`
      : `endpoint ${run.settings.endpointName} did not take the new model and serves the one before ` +
          `(${after?.EndpointConfigName ?? 'none'}): ${reason}. ` +
          `The container's log is in /aws/sagemaker/Endpoints/${run.settings.endpointName}`,
  );
}

/** What follows a change that succeeded. */
export async function finish(run: Run, formerConfigName?: string): Promise<void> {
  await ensureAutoscaling(run);
  if (formerConfigName !== undefined) await removeConfigs(run, [formerConfigName]);
  await removeLeftovers(run);
}

/**
 * Whether the production variants have the same names, without which SageMaker guards no update: one that begins or
 * ends a weighted rollout goes all at once.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
function hasVariantsOf(current: DescribeEndpointConfigCommandOutput | undefined, config: Config): boolean {
  const names = (variants: readonly { readonly VariantName?: string }[] = []) =>
    variants
      .map(({ VariantName }) => VariantName)
      .sort()
      .join();
  return names(current?.ProductionVariants) === names(config.ProductionVariants);
}

/** Whether the variant that serves gets other instances. */
function changesCapacity(run: Run, current: DescribeEndpointConfigCommandOutput | undefined): boolean {
  const main = current === undefined ? undefined : variantNamed(current, MAIN_VARIANT);
  return main?.InstanceType !== run.settings.document.variant.InstanceType;
}

async function deleteEndpoint(run: Run): Promise<void> {
  await dropAutoscaling(run);
  try {
    await run.sagemaker.send(new DeleteEndpointCommand({ EndpointName: run.settings.endpointName }));
  } catch (error) {
    // Another run deletes it, or has done so.
    if (!isMissing(error) && !isBusy(error)) throw error;
  }
  const left = await settledEndpoint(run);
  // What is in service, or on its way there, is another run's new one.
  if (left?.EndpointStatus === 'Failed' || left?.EndpointStatus === 'Deleting')
    throw new DeployError(
      `endpoint ${run.settings.endpointName} is still ${left.EndpointStatus}; run this again when it is gone`,
    );
}

export function answer(
  run: Run,
  action: Answer['action'],
  endpointConfigName = '',
  modelName = '',
  endpointStatus = '',
): Answer {
  return { endpointName: run.settings.endpointName, action, endpointConfigName, modelName, endpointStatus };
}

function newestModel({ ProductionVariants = [], ShadowProductionVariants = [] }: Config): string {
  return (ShadowProductionVariants.at(-1) ?? ProductionVariants.at(-1))?.ModelName ?? '';
}
