import type { BuildProject } from '../build-project';
import type { IamStatement } from '@strata/iam';
import { Token, Tokenization } from 'cdktf';

/** This action does not support resource-level permissions. */
export const describeTaskDefinitions: IamStatement = {
  sid: 'DescribeTaskDefinitions',
  actions: ['ecs:DescribeTaskDefinition'],
  resources: ['*'],
  allowAllResources: true,
};

/** Permissions that an action needs to run builds. */
export function startBuild(...projects: readonly BuildProject[]): IamStatement {
  return {
    sid: 'RunBuilds',
    actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'],
    resources: projects.map(({ projectArn }) => projectArn),
  };
}

/** Passing a task definition's roles to the tasks. */
export function passTaskRoles(roles: {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
}): IamStatement {
  return {
    sid: 'PassTaskRoles',
    actions: ['iam:PassRole'],
    resources: [roles.executionRoleArn, roles.taskRoleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  };
}

/** A number, which may be a token, as text. */
export function portText(port: number): string {
  return Token.isUnresolved(port) ? Tokenization.stringifyNumber(port) : String(port);
}
