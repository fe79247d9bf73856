import type { ContractRequirement } from '@strata/contract/terraform';
import { requiredEndpoints } from '@strata/core/rules';
import type { MlConfig } from './config';
import { endpointNeeds } from './endpoint-needs';

/** Whether anything of the layer is in the network layer's VPC. */
export function usesNetwork({ studio, training, endpoint }: MlConfig): boolean {
  return studio !== false || training.vpc || endpoint.vpc;
}

/** What Studio, jobs and containers need of the network, beyond its contract's types. */
export function networkRequirements(config: MlConfig): ContractRequirement[] {
  const { gateway, interface: interfaces } = requiredEndpoints(...endpointNeeds(config));
  const missing = `setsubtract(${JSON.stringify([...gateway, ...interfaces])}, self.outputs.vpc_endpoint_services)`;
  return [
    ...(gateway.length + interfaces.length === 0
      ? []
      : [
          {
            condition: `self.outputs.nat_mode != "none" || length(${missing}) == 0`,
            message:
              'the network has no NAT gateway and no VPC endpoints for what Studio, jobs and containers use: ' +
              `\${join(", ", ${missing})}. ` +
              'Add them to vpcEndpoints.interface or vpcEndpoints.gateway of the network layer, or give it a ' +
              'NAT gateway.',
            outputs: ['natMode', 'vpcEndpointServices'],
          },
        ]),
    ...(config.training.vpc
      ? [
          {
            condition: 'self.outputs.nat_mode != "none"',
            message:
              'training.vpc is on and the network has no NAT gateway, without which a training job cannot ' +
              'install its Python packages. Give the network layer a NAT gateway, or turn training.vpc off.',
            outputs: ['natMode'],
          },
        ]
      : []),
  ];
}
