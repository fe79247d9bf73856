import {
  FargateService,
  FargateTaskDefinition,
  type FargateServiceProps,
  type FargateTaskDefinitionProps,
} from '@strata/ecs';
import type { Construct } from 'constructs';
import { synthResources } from '../../../support/synth-resources';

export const REPOSITORY = 'arn:aws:ecr:ap-northeast-2:123456789012:repository/app-was';
export const TASK: FargateTaskDefinitionProps = {
  family: 'app-was-td',
  containerName: 'app-was',
  image: 'app-was:1',
  repositoryArn: REPOSITORY,
};

export function synthTask(more: Partial<FargateTaskDefinitionProps> = {}) {
  const stack = synthResources((scope) => void new FargateTaskDefinition(scope, 'task', { ...TASK, ...more }));
  const roles = stack.all('aws_iam_role');
  const policies = stack.all('aws_iam_role_policy');
  return {
    ...stack,
    task: stack.one('aws_ecs_task_definition'),
    containers: JSON.parse(
      String(stack.one('aws_ecs_task_definition').container_definitions).replaceAll(
        /\$\{jsonencode\(([^}]*)\)\}/g,
        (_, e: string) => JSON.stringify(`<${e}>`),
      ),
    ),
    role: (name: string) => roles.find((role) => role.name === name)!,
    /** Statements of the inline policy with this name; tokens as `<expression>`. */
    statements: (name: string): { Sid?: string; Action: string[]; Resource: string[] }[] => {
      const policy = String(policies.find((p) => p.name === name)?.policy ?? '{"Statement":[]}');
      return JSON.parse(policy.replaceAll(/\$\{jsonencode\(([^}]*)\)\}/g, (_, e: string) => JSON.stringify(`<${e}>`)))
        .Statement;
    },
  };
}

export function synthService(
  more: Partial<FargateServiceProps> = {},
  task: Partial<FargateTaskDefinitionProps> = {},
  then: (service: FargateService, scope: Construct) => void = () => {},
) {
  const stack = synthResources((scope) => {
    const taskDefinition = new FargateTaskDefinition(scope, 'task', {
      ...TASK,
      ports: [{ containerPort: 8081 }],
      ...task,
    });
    const service = new FargateService(scope, 'service', {
      serviceName: 'app-was-service',
      clusterArn: 'arn:cluster',
      taskDefinition,
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1', 'subnet-2'],
      ...more,
    });
    then(service, scope);
  });
  return { ...stack, service: stack.one('aws_ecs_service') };
}

/** The message that making something fails with. */
export function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
