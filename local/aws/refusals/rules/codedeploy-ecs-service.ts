import type { Reading } from '../ask-aws';
import { ecsService } from './lookups';
import type { Rule } from './rule';

export const codedeployEcsService: Rule = {
  service: 'codedeploy',
  operations: ['CreateDeploymentGroup'],
  what: 'a deployment group for an ECS service that does not exist, or that is not under the CODE_DEPLOY controller',
  source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-ecs.html',
  async check({ input }, aws) {
    for (const { clusterName, serviceName } of (input.ecsServices ?? []) as Reading[]) {
      const service = await ecsService(aws, clusterName, serviceName);
      if (service?.deploymentController?.type !== 'CODE_DEPLOY')
        return {
          code: 'InvalidECSServiceException',
          message:
            service === undefined
              ? `The ECS service '${serviceName}' cannot be found in cluster '${clusterName}'.`
              : 'Deployment group’s ECS service must be configured for a CODE_DEPLOY deployment controller.',
        };
    }
    return undefined;
  },
};
