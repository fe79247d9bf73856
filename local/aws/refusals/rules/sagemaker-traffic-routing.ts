import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const sagemakerTrafficRouting: Rule = {
  service: 'sagemaker',
  operations: ['CreateEndpoint', 'UpdateEndpoint'],
  what: 'canary, linear or rolling deployments with a single instance: a step may be half of the instances at most',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html',
  async check({ input }, aws) {
    const { EndpointConfigName, DeploymentConfig } = input;
    const routing = DeploymentConfig?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration?.Type;
    const stepped = routing === 'CANARY' || routing === 'LINEAR' || DeploymentConfig?.RollingUpdatePolicy !== undefined;
    if (!stepped) return undefined;
    const configuration = await aws('sagemaker', 'DescribeEndpointConfig', { EndpointConfigName });
    const single = ((configuration?.ProductionVariants ?? []) as Reading[]).find(
      ({ InitialInstanceCount }) => InitialInstanceCount === 1,
    );
    if (single !== undefined)
      return {
        code: 'ValidationException',
        message: `Variant "${single.VariantName}" has 1 instance: a ${routing ?? 'ROLLING'} deployment needs 2, as a step can be at most 50% of the instances`,
      };
    return undefined;
  },
};
