import { ecsService } from './lookups';
import type { Rule } from './rule';

export const applicationAutoscalingTarget: Rule = {
  service: 'application-autoscaling',
  operations: ['RegisterScalableTarget'],
  what: 'a scalable target whose least is above its most, or of an ECS service that does not exist',
  source: 'https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html',
  async check({ input }, aws) {
    const { MinCapacity, MaxCapacity, ResourceId, ServiceNamespace } = input;
    if (MinCapacity !== undefined && MaxCapacity !== undefined && MinCapacity > MaxCapacity)
      return { code: 'ValidationException', message: 'Maximum capacity cannot be less than minimum capacity' };
    if (ServiceNamespace !== 'ecs') return undefined;
    const [, cluster, service] = String(ResourceId).split('/');
    if ((await ecsService(aws, cluster, service)) === undefined)
      return { code: 'ValidationException', message: `ECS service doesn't exist: ${ResourceId}` };
    return undefined;
  },
};
