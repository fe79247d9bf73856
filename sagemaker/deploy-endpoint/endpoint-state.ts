import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointCommandOutput,
  type DescribeEndpointConfigCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './run';
import { isMissing } from './sagemaker-errors';

/** States that an endpoint leaves by itself. */
const PASSING = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'];

export const isPassing = (status: string | undefined): boolean => PASSING.includes(status ?? '');

/** The endpoint, or `undefined` when there is none. */
export async function describeEndpoint({
  sagemaker,
  settings,
}: Run): Promise<DescribeEndpointCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeEndpointCommand({ EndpointName: settings.endpointName }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A configuration, or `undefined` when it is gone. */
export async function describeConfig(
  { sagemaker }: Run,
  name: string,
): Promise<DescribeEndpointConfigCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The endpoint once it has settled, or as it is when the time to wait is over. */
export async function settledEndpoint(run: Run): Promise<DescribeEndpointCommandOutput | undefined> {
  for (;;) {
    const endpoint = await describeEndpoint(run);
    if (endpoint === undefined || !isPassing(endpoint.EndpointStatus) || Date.now() >= run.deadline) return endpoint;
    await sleep(Math.max(1, Math.min(run.pollMilliseconds, run.deadline - Date.now())));
  }
}
