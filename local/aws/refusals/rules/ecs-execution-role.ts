import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const ecsExecutionRole: Rule = {
  service: 'ecs',
  operations: ['RegisterTaskDefinition'],
  what: 'a Fargate task that logs to CloudWatch, pulls from ECR or reads secrets, without an execution role',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  check({ input }) {
    if (!(input.requiresCompatibilities ?? []).includes('FARGATE') || input.executionRoleArn !== undefined)
      return undefined;
    for (const { image = '', logConfiguration, secrets = [] } of (input.containerDefinitions ?? []) as Reading[]) {
      const why =
        logConfiguration?.logDriver === 'awslogs'
          ? 'log driver awslogs'
          : /\.dkr\.ecr\./.test(image)
            ? 'ECR images'
            : secrets.length > 0
              ? 'secrets'
              : undefined;
      if (why !== undefined)
        return {
          code: 'ClientException',
          message: `Fargate requires task definition to have execution role ARN to support ${why}.`,
        };
    }
    return undefined;
  },
};
