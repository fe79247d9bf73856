import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const ecsServiceLoadBalancers: Rule = {
  service: 'ecs',
  operations: ['CreateService', 'UpdateService'],
  what: 'a service with a target group that no load balancer forwards to, that is not for IP addresses, or with a container or port that its task definition lacks',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html',
  async check({ input }, aws) {
    const refused = (message: string) => ({ code: 'InvalidParameterException', message });
    const balancers: Reading[] = input.loadBalancers ?? [];
    if (balancers.length === 0) return undefined;
    const definition =
      input.taskDefinition &&
      (await aws('ecs', 'DescribeTaskDefinition', { taskDefinition: input.taskDefinition }))?.taskDefinition;
    for (const { targetGroupArn, containerName, containerPort } of balancers) {
      if (targetGroupArn === undefined) continue;
      const found = await aws('elbv2', 'DescribeTargetGroups', { TargetGroupArns: [targetGroupArn] });
      const group: Reading | undefined = found?.TargetGroups?.[0];
      if (group === undefined) return refused(`The target group with targetGroupArn ${targetGroupArn} does not exist.`);
      if ((group.LoadBalancerArns ?? []).length === 0)
        return refused(
          `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
        );
      if (definition === undefined) continue;
      if (definition.networkMode === 'awsvpc' && (group.TargetType ?? 'instance') === 'instance')
        return refused(
          `The provided target group ${targetGroupArn} has target type instance, which is incompatible with the awsvpc ` +
            'network mode specified in the task definition.',
        );
      const container = definition.containerDefinitions?.find(({ name }: Reading) => name === containerName);
      if (container === undefined)
        return refused(`The container ${containerName} does not exist in the task definition.`);
      if (!(container.portMappings ?? []).some((mapping: Reading) => mapping.containerPort === containerPort))
        return refused(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
    return undefined;
  },
};
