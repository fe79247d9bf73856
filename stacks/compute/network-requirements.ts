import type { ContractRequirement } from '@strata/contract/terraform';
import { requiredEndpoints } from '@strata/core/rules';
import type { ComputeConfig } from './config';
import { endpointNeeds, type OptionalLayers } from './endpoint-needs';
import { servicesOf } from './services';

/** What the services need of the network, beyond its contract's types. */
export function networkRequirements(config: ComputeConfig, layers: OptionalLayers = {}): ContractRequirement[] {
  const { gateway, interface: interfaces } = requiredEndpoints(...endpointNeeds(config, layers));
  const exposures = servicesOf(config).map(([, { exposure }]) => exposure);
  const missing = `setsubtract(${JSON.stringify([...gateway, ...interfaces])}, self.outputs.vpc_endpoint_services)`;
  return [
    {
      condition: `self.outputs.nat_mode != "none" || length(${missing}) == 0`,
      message:
        `the network has no NAT gateway and no VPC endpoints for what the services use: \${join(", ", ${missing})}. ` +
        'Add them to vpcEndpoints.interface or vpcEndpoints.gateway of the network layer, or give it a NAT gateway.',
      outputs: ['natMode', 'vpcEndpointServices'],
    },
    // "You must specify subnets from at least two Availability Zones" (CreateLoadBalancer).
    ...(exposures.includes('internal')
      ? [
          {
            condition: 'length(distinct(self.outputs.availability_zones)) >= 2',
            message:
              'an internal load balancer needs private subnets in two zones. Give the network layer two or ' +
              'more: availabilityZoneCount, or importVpc.privateSubnetIds.',
            outputs: ['availabilityZones'],
          },
        ]
      : []),
    ...(exposures.includes('public')
      ? [
          {
            condition: 'length(self.outputs.public_subnet_ids) >= 2',
            message:
              'a public load balancer needs public subnets in two zones. Give the network layer two or more: ' +
              'availabilityZoneCount, or importVpc.publicSubnetIds.',
            outputs: ['publicSubnetIds'],
          },
        ]
      : []),
    ...(servicesOf(config).some(([, { assignPublicIp }]) => assignPublicIp)
      ? [
          {
            condition: 'length(self.outputs.public_subnet_ids) >= 1',
            message:
              'assignPublicIp needs a public subnet for the tasks. Give the network layer one: importVpc.publicSubnetIds.',
            outputs: ['publicSubnetIds'],
          },
        ]
      : []),
    ...(config.dualStack
      ? [
          {
            condition: 'self.outputs.ipv6_enabled',
            message:
              'dualStack is on and the network has no IPv6. Turn ipv6 on in the network layer, or dualStack off.',
            outputs: ['ipv6Enabled'],
          },
        ]
      : []),
  ];
}
