import {
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  paginateListEndpointConfigs,
} from '@aws-sdk/client-sagemaker';
import { describeConfig, describeEndpoint, isPassing } from './endpoint-state';
import { modelsOf } from './plan';
import type { Run } from './run';
import { isMissing } from './sagemaker-errors';

/**
 * Another run may have made a configuration that it has not given to the endpoint yet: what is younger is left alone.
 */
const SAFE_AGE_MILLISECONDS = 20 * 60_000;

/** Removes configurations that serve nowhere, with models that no other configuration of the endpoint has. */
export async function removeConfigs(run: Run, names: readonly string[]): Promise<void> {
  const endpoint = await describeEndpoint(run);
  const kept = [endpoint?.EndpointConfigName, endpoint?.PendingDeploymentSummary?.EndpointConfigName].flatMap(
    (name) => name ?? [],
  );
  // Somebody's update is under way, and SageMaker does not say to which configuration: a later run removes what is
  // left.
  if (isPassing(endpoint?.EndpointStatus) && endpoint?.PendingDeploymentSummary === undefined) return;
  const needed = new Set<string>();
  for (const name of kept) modelsOf((await describeConfig(run, name)) ?? {}).forEach((model) => needed.add(model));
  for (const name of names) {
    if (kept.includes(name)) continue;
    const config = await describeConfig(run, name);
    if (config === undefined) continue;
    await ignoringMissing(run.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })));
    const models = modelsOf(config).filter((model) => !needed.has(model) && isOwn(run, model));
    for (const model of models) await removeModel(run, model);
    run.log('removed what does not serve', { endpointConfigName: name, models });
  }
}

export async function removeModel({ sagemaker }: Run, name: string): Promise<void> {
  await ignoringMissing(sagemaker.send(new DeleteModelCommand({ ModelName: name })));
}

/** Removes what earlier runs left: configurations that this function named, that serve nowhere and are not new. */
export async function removeLeftovers(run: Run): Promise<void> {
  const old: string[] = [];
  const pages = paginateListEndpointConfigs(
    { client: run.sagemaker },
    { NameContains: `${run.settings.endpointName}-` },
  );
  for await (const { EndpointConfigs = [] } of pages) {
    for (const { EndpointConfigName: name = '', CreationTime } of EndpointConfigs) {
      if (isOwn(run, name) && CreationTime !== undefined && Date.now() - CreationTime.getTime() > SAFE_AGE_MILLISECONDS)
        old.push(name);
    }
  }
  await removeConfigs(run, old);
}

/** Whether a name is one that this function gives. */
function isOwn({ settings }: Run, name: string): boolean {
  return (
    name.startsWith(`${settings.endpointName}-`) &&
    /^v\d+-[0-9a-f]{8}$/.test(name.slice(settings.endpointName.length + 1))
  );
}

async function ignoringMissing(deleted: Promise<unknown>): Promise<void> {
  try {
    await deleted;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
