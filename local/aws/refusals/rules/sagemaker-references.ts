import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const sagemakerReferences: Rule = {
  service: 'sagemaker',
  operations: ['CreateEndpointConfig', 'CreateEndpoint', 'UpdateEndpoint'],
  what: 'an endpoint configuration with a model that does not exist, and an endpoint with a configuration that does not',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  async check({ input, operation }, aws) {
    if (operation === 'CreateEndpointConfig') {
      for (const { ModelName } of [
        ...(input.ProductionVariants ?? []),
        ...(input.ShadowProductionVariants ?? []),
      ] as Reading[]) {
        if (ModelName !== undefined && (await aws('sagemaker', 'DescribeModel', { ModelName })) === undefined)
          return { code: 'ValidationException', message: `Could not find model "${ModelName}".` };
      }
      return undefined;
    }
    const { EndpointConfigName } = input;
    if ((await aws('sagemaker', 'DescribeEndpointConfig', { EndpointConfigName })) === undefined)
      return { code: 'ValidationException', message: `Could not find endpoint configuration "${EndpointConfigName}".` };
    return undefined;
  },
};
