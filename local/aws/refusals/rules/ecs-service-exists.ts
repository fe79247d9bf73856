import { ecsService } from './lookups';
import type { Rule } from './rule';

export const ecsServiceExists: Rule = {
  service: 'ecs',
  operations: ['CreateService'],
  what: 'creating a service whose name is taken in its cluster',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html',
  async check({ input }, aws) {
    if ((await ecsService(aws, input.cluster, input.serviceName)) !== undefined)
      return { code: 'InvalidParameterException', message: 'Creation of service was not idempotent.' };
    return undefined;
  },
};
