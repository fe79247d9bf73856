import { ecsService } from './lookups';
import type { Rule } from './rule';

export const ecsServiceInUse: Rule = {
  service: 'ecs',
  operations: ['DeleteService'],
  what: 'deleting a service that still wants tasks, without force',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html',
  async check({ input }, aws) {
    if (input.force === true) return undefined;
    const service = await ecsService(aws, input.cluster, input.service);
    if (service !== undefined && service.desiredCount > 0 && service.schedulingStrategy !== 'DAEMON')
      return {
        code: 'InvalidParameterException',
        message: 'The service cannot be stopped while it is scaled above 0.',
      };
    return undefined;
  },
};
