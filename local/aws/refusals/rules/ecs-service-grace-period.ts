import { ecsService } from './lookups';
import type { Rule } from './rule';

export const ecsServiceGracePeriod: Rule = {
  service: 'ecs',
  operations: ['CreateService', 'UpdateService'],
  what: 'a health check grace period of a service without a load balancer',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html',
  async check({ input, operation }, aws) {
    const seconds = input.healthCheckGracePeriodSeconds;
    if (seconds === undefined || seconds === null || (input.loadBalancers ?? []).length > 0) return undefined;
    const service = operation === 'UpdateService' ? await ecsService(aws, input.cluster, input.service) : undefined;
    if ((service?.loadBalancers ?? []).length === 0)
      return {
        code: 'InvalidParameterException',
        message: 'Health check grace period is only valid for services configured to use load balancers',
      };
    return undefined;
  },
};
