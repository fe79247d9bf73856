// Two layers of nothing but Terraform's own `terraform_data`: `network` publishes a contract, `compute` reads it.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataResource, TerraformStack, Testing, type App } from 'cdktf';
import { defineContract, t } from '@strata/contract';
import { publishContract, readContract, readContractIfDeployed } from '@strata/contract/terraform';
import { AWS_PROVIDER_VERSION } from '@strata/layer';
import { configureBackend, neighbourState, type StateBackend } from '@strata/state';

const networkContract = defineContract({
  layer: 'network',
  owner: 'platform-network',
  version: '1.2.0',
  outputs: { vpcId: { type: t.string, description: 'Id of the VPC', example: 'vpc-0123456789abcdef0' } },
});

export interface NetworkOptions {
  /** What it publishes. @default 'vpc-1' */
  readonly vpcId?: string;
  /** A shell command that its apply waits for, while it holds the lock. @default none */
  readonly waitFor?: string;
}

/** The JSON of `network` with its state in a backend. */
export function networkJson(state: StateBackend, options?: NetworkOptions): string {
  return Testing.synth(networkStack(Testing.app(), state, options));
}

export function networkStack(
  app: App,
  state: StateBackend,
  { vpcId = 'vpc-1', waitFor }: NetworkOptions = {},
): TerraformStack {
  const stack = new TerraformStack(app, 'network');
  configureBackend(stack, state, { project: 'shop', environment: 'dev', layer: 'network' });
  new DataResource(stack, 'vpc', {
    input: { id: vpcId },
    provisioners: waitFor === undefined ? undefined : [{ type: 'local-exec', command: waitFor }],
  });
  publishContract(stack, networkContract, { vpcId });
  return stack;
}

/**
 * The JSON of `compute`, which stores the id of the VPC that it has read.
 * @param neighbours where `network` is read from
 */
export function computeJson(state: StateBackend, neighbours: StateBackend = state): string {
  const stack = new TerraformStack(Testing.app(), 'compute');
  configureBackend(stack, state, { project: 'shop', environment: 'dev', layer: 'compute' });
  const network = readContract(stack, networkContract, {
    range: '^1.2',
    source: neighbourState(neighbours, { project: 'shop', environment: 'dev', layer: 'network' }),
  });
  new DataResource(stack, 'service', { input: { vpcId: network.vpcId } });
  return Testing.synth(stack);
}

/**
 * The JSON of `compute` where it reads `network` if that is deployed.
 * @param providerRegion region of its own AWS provider
 */
export function optionalComputeJson(state: StateBackend, neighbours: StateBackend, providerRegion: string): string {
  const stack = new TerraformStack(Testing.app(), 'compute');
  configureBackend(stack, state, { project: 'shop', environment: 'dev', layer: 'compute' });
  new AwsProvider(stack, 'aws', { region: providerRegion });
  stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
  const { outputs } = readContractIfDeployed(stack, networkContract, {
    range: '^1.2',
    source: neighbourState(neighbours, { project: 'shop', environment: 'dev', layer: 'network' }, { providerRegion }),
    fallback: { vpcId: 'vpc-none' },
  });
  new DataResource(stack, 'service', { input: { vpcId: outputs.vpcId } });
  return Testing.synth(stack);
}
