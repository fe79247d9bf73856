// Every prop of the other layers' main constructs can be set in cdktf.json, or is left out for a reason.
import type { EcrRepositoryProps } from '@strata/ecr';
import type { StateBucketProps } from '@strata/s3';
import { bootstrapConfig, type BootstrapConfigInput } from '@strata/stack-bootstrap/config';
import { networkConfig, type NetworkConfigInput } from '@strata/stack-network/config';
import { registryConfig, type RegistryConfigInput } from '@strata/stack-registry/config';
import type { FlowLogsProps, VpcEndpointsProps, VpcProps } from '@strata/vpc';

/** The props of a construct that a configuration does not have, each with a reason: one too many or too few does not compile. */
type LeftOut<Props, Config> = Record<Exclude<keyof Props, keyof Config>, string>;
type FlowLogsConfig = NonNullable<NetworkConfigInput['flowLogs']>;
type EndpointsConfig = NonNullable<NetworkConfigInput['vpcEndpoints']>;
type RepositoryConfig = Exclude<NonNullable<RegistryConfigInput['repositories']>[string], false | undefined>;

const TAGS = "the layer's default tags are on it";
const VPC: LeftOut<VpcProps, NetworkConfigInput> = { tags: TAGS };
const FLOW_LOGS: LeftOut<FlowLogsProps, FlowLogsConfig> = {
  vpcId: 'the VPC of the layer',
  name: 'name of the layer',
  tags: TAGS,
};
const ENDPOINTS: LeftOut<VpcEndpointsProps, EndpointsConfig> = {
  name: 'name of the layer',
  vpcId: 'the VPC of the layer',
  vpcCidrBlock: 'the VPC of the layer',
  availabilityZones: 'those of the subnets of the VPC',
  privateSubnetIds: 'the VPC of the layer',
  privateRouteTableIds: 'the VPC of the layer',
  gatewayServices: 'vpcEndpoints.gateway',
  interfaceServices: 'vpcEndpoints.interface, and what services need',
  region: 'the region of the environment',
  tags: TAGS,
};
const REPOSITORY: LeftOut<EcrRepositoryProps, RepositoryConfig> = {
  forceDelete: "the environment's deletionProtection",
  tags: TAGS,
};
const STATE_BUCKET: LeftOut<StateBucketProps, BootstrapConfigInput> = { tags: TAGS };

const { flowLogs, vpcEndpoints } = networkConfig.shape;

test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
  ['Vpc', Object.keys(networkConfig.shape), VPC],
  ['FlowLogs', Object.keys(flowLogs.unwrap().shape), FLOW_LOGS],
  ['VpcEndpoints', Object.keys(vpcEndpoints.unwrap().shape), ENDPOINTS],
  ['EcrRepository', Object.keys(repositoryOptions()), REPOSITORY],
  ['StateBucket', Object.keys(bootstrapConfig.shape), STATE_BUCKET],
])('what %s has and its layer has not is known, with the reason', (_, keys, leftOut) => {
  expect(keys.length).toBeGreaterThan(2);
  for (const [prop, reason] of Object.entries(leftOut)) {
    expect(keys).not.toContain(prop);
    expect(reason).toMatch(/\w{3}/);
  }
});

/** The keys of one repository: those of the union's object. */
function repositoryOptions(): object {
  const repositories = registryConfig.shape.repositories.unwrap();
  const [, options] = repositories.shape['app-web'].unwrap().options;
  return options.shape;
}
