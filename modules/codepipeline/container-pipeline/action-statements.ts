import type { BuildProject } from '../build-project';
import type { IamStatement } from '@strata/iam';
import { Token, Tokenization } from 'cdktf';

/** AWS knows no resource for this action. */
export const describeTaskDefinitions: IamStatement = {
  sid: 'DescribeTaskDefinitions',
  actions: ['ecs:DescribeTaskDefinition'],
  resources: ['*'],
  allowAllResources: true,
};

/** What an action needs to run builds. */
export function startBuild(...projects: readonly BuildProject[]): IamStatement {
  return {
    sid: 'RunBuilds',
    actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'],
    resources: projects.map(({ projectArn }) => projectArn),
  };
}

/** Handing a task definition's roles on to the tasks. */
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

/** A number that may be a token, as text. */
export function portText(port: number): string {
  return Token.isUnresolved(port) ? Tokenization.stringifyNumber(port) : String(port);
}
