import type { Construct } from 'constructs';
import { parseConfig } from '@strata/core/config';
import { LayerStack, type LayerProps } from '@strata/layer';
import packageJson from '@strata/stack-network/package.json';
import { Problems } from '@strata/core';
import { requiredEndpoints, type EndpointNeeds } from '@strata/core/rules';
import { FlowLogs, ImportedVpc, type IVpc, Vpc, VpcEndpoints } from '@strata/vpc';
import { networkConfig, type NetworkConfig, type NetworkConfigInput } from './config';
import { networkContract } from '@strata/network-contract';

export const networkStackId = 'network';

const DEFINITION = { stackId: networkStackId, owner: networkContract.owner, version: packageJson.version } as const;

export interface NetworkStackProps extends LayerProps {
  /** The layer's configuration. @default every option's own default */
  readonly config?: NetworkConfigInput;
  /**
   * What the services that will run in the private subnets talk to, one entry per service or layer. The VPC endpoints
   * for it are made when there is no NAT gateway, so that they work without.
   * @default nothing
   */
  readonly endpointNeeds?: readonly EndpointNeeds[];
}

/**
 * The network layer: a VPC with public and private subnets, or an existing VPC; VPC endpoints; flow logs.
 *
 * @throws ConfigError naming every mistake in `config`.
 * @throws ValidationError when a service calls actions that no VPC endpoint is known for and there is no NAT gateway.
 */
export class NetworkStack extends LayerStack {
  readonly vpc: IVpc;
  /** Only where there is at least one. */
  readonly endpoints?: VpcEndpoints;
  /** Only with `flowLogs`. */
  readonly flowLogs?: FlowLogs;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const { namePrefix, ...given } = parseConfig(networkConfig, props.config ?? {}, { path: id });
    const config = { ...given, name: namePrefix === undefined ? given.name : `${namePrefix}-${given.name}` };
    const services = this.endpointServices(config, props.endpointNeeds ?? []);

    const made = config.importVpc === undefined ? new Vpc(this, 'vpc', config) : undefined;
    this.vpc = made ?? new ImportedVpc(this, 'vpc', config.importVpc!);
    this.endpoints = this.makeEndpoints(config, services);
    if (config.flowLogs !== undefined) {
      this.flowLogs = new FlowLogs(this, 'flow-logs', {
        vpcId: this.vpc.vpcId,
        name: config.name,
        // Two environments may share an account, where log group names are one list.
        ...(config.flowLogs.destination === 'cloud-watch-logs' && {
          logGroupName: `/${this.project}/${this.environment}/vpc-flow-logs`,
        }),
        ...config.flowLogs,
      });
    }

    this.publish(networkContract, {
      vpcId: this.vpc.vpcId,
      vpcCidrBlock: this.vpc.cidrBlock,
      vpcIpv6CidrBlock: this.vpc.ipv6CidrBlock ?? '',
      ipv6Enabled: this.vpc.ipv6CidrBlock !== undefined,
      availabilityZones: this.vpc.availabilityZones,
      publicSubnetIds: this.vpc.publicSubnetIds,
      privateSubnetIds: this.vpc.privateSubnetIds,
      privateRouteTableIds: this.vpc.privateRouteTableIds,
      natMode: made?.natMode ?? 'unknown',
      natPublicIps: made?.natPublicIps ?? [],
      vpcEndpointServices: this.endpoints?.services ?? [],
    });
  }

  private endpointServices(
    config: NetworkConfig,
    needs: readonly EndpointNeeds[],
  ): { readonly gateway: string[]; readonly interface: string[] } {
    const { derive, gateway, interface: additional, ignoredActions } = config.vpcEndpoints;
    const required = requiredEndpoints(...needs);
    // What an imported VPC has in the way of NAT and endpoints is not known.
    const withoutNat = config.importVpc === undefined && config.natGateways === 'none';
    const derived = derive === 'always' || (derive === 'without-nat' && withoutNat);

    const unknown = required.unknown.filter((action) => !ignoredActions.includes(action));
    const problems = new Problems(this);
    problems.check(
      !derived || !withoutNat || unknown.length === 0,
      `natGateways: "none" leaves services without a way to call ${unknown.join(', ')}, for which no VPC ` +
        'endpoint is known; use "single" or "per-az", ' +
        'take the actions from the services, or name them in vpcEndpoints.ignoredActions if they work without',
    );
    problems.throwIfAny();

    const gateways = gateway ?? (config.importVpc === undefined ? ['s3'] : []);
    return {
      gateway: sortedSet([...gateways, ...(derived ? required.gateway : [])]),
      interface: sortedSet([...additional, ...(derived ? required.interface : [])]),
    };
  }

  private makeEndpoints(
    config: NetworkConfig,
    services: { readonly gateway: string[]; readonly interface: string[] },
  ): VpcEndpoints | undefined {
    if (services.gateway.length + services.interface.length === 0) return undefined;
    return new VpcEndpoints(this, 'endpoints', {
      name: config.name,
      vpcId: this.vpc.vpcId,
      vpcCidrBlock: this.vpc.cidrBlock,
      privateSubnetIds: this.vpc.privateSubnetIds,
      availabilityZones: this.vpc.availabilityZones,
      privateRouteTableIds: this.vpc.privateRouteTableIds,
      gatewayServices: services.gateway,
      interfaceServices: services.interface,
      policies: config.vpcEndpoints.policies,
      region: this.region,
    });
  }
}

function sortedSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
