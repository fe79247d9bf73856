import type { Rule } from './rule';

export const ecsServiceDeploymentController: Rule = {
  service: 'ecs',
  operations: ['CreateService'],
  what: 'a deployment circuit breaker or alarms of a service that ECS does not deploy, and CODE_DEPLOY without a load balancer',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html',
  check({ input }) {
    const type = input.deploymentController?.type ?? 'ECS';
    if (type === 'ECS') return undefined;
    const refused = (message: string) => ({ code: 'InvalidParameterException', message });
    if (input.deploymentConfiguration?.deploymentCircuitBreaker?.enable === true)
      return refused('Deployment circuit breaker feature can only be enabled with ECS deployment controller.');
    if (input.deploymentConfiguration?.alarms?.enable === true)
      return refused('Deployment alarms can only be enabled with ECS deployment controller.');
    if (type === 'CODE_DEPLOY' && (input.loadBalancers ?? []).length === 0)
      return refused('Services with a CODE_DEPLOY deployment controller need a load balancer.');
    return undefined;
  },
};
