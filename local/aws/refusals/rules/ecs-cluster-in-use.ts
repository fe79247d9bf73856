import { ecsServices } from './lookups';
import type { Rule } from './rule';

export const ecsClusterInUse: Rule = {
  service: 'ecs',
  operations: ['DeleteCluster'],
  what: 'deleting a cluster that has services',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html',
  async check({ input }, aws) {
    if ((await ecsServices(aws, input.cluster)).length > 0)
      return {
        code: 'ClusterContainsServicesException',
        message: 'The Cluster cannot be deleted while Services are active.',
      };
    return undefined;
  },
};
