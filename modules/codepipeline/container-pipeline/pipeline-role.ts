import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { AwsAccount } from '@strata/core';
import { policyDocument, ServiceRole, type IamStatement } from '@strata/iam';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { ActionRole } from './action-role';
import { artifactStatements, type ArtifactStore } from './artifact-store';

export interface PipelineRoleProps {
  readonly pipelineName: string;
  readonly artifactStore: ArtifactStore;
  /** Topics that approvals are announced on. @default none */
  readonly topicArns?: readonly string[];
  /** Managed policy that limits this role and the roles of the actions. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The role of a pipeline. It may read and write artifacts, announce approvals, and assume the roles of its own actions.
 * Everything else an action does under its own role.
 */
export class PipelineRole extends Construct {
  readonly role: ServiceRole;
  readonly policy: IamRolePolicy;
  readonly actionRoles: ActionRole[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineRoleProps,
  ) {
    super(scope, id);
    const { accountId, partition, region } = AwsAccount.of(this);
    this.role = new ServiceRole(this, 'role', {
      roleName: `${props.pipelineName}-role`,
      service: 'codepipeline.amazonaws.com',
      sourceAccount: accountId,
      sourceArn: `arn:${partition}:codepipeline:${region}:${accountId}:${props.pipelineName}`,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
    });
    const topics: IamStatement[] =
      (props.topicArns ?? []).length === 0
        ? []
        : [{ sid: 'PublishApprovals', actions: ['sns:Publish'], resources: props.topicArns! }];
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: this.role.roleName,
      // Evaluated lazily: the action roles are created after this role, whose ARN they trust.
      policy: Lazy.stringValue({
        produce: () =>
          policyDocument([
            ...artifactStatements(props.artifactStore, props.pipelineName, 'read-write'),
            {
              sid: 'AssumeActionRoles',
              actions: ['sts:AssumeRole'],
              resources: this.actionRoles.map(({ roleArn }) => roleArn),
            },
            ...topics,
          ]),
      }),
    });
  }

  get roleArn(): string {
    return this.role.roleArn;
  }

  /**
   * Creates the role of a stage's actions, `<pipeline>-<name>-action-role`; the roles of builds are named after their
   * projects.
   */
  addActionRole(name: string, statements: readonly IamStatement[]): ActionRole {
    const role = new ActionRole(this, `action-${name}`, {
      roleName: `${this.props.pipelineName}-${name}-action-role`,
      pipelineRoleArn: this.roleArn,
      statements,
      permissionsBoundaryArn: this.props.permissionsBoundaryArn,
      tags: this.props.tags,
    });
    this.actionRoles.push(role);
    return role;
  }
}
