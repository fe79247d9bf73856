import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { checkPolicySize, checkStatements, policyDocument, ROLE_NAME, type IamStatement } from '@strata/iam';
import { Problems, checkName, terraformJson } from '@strata/core';
import { Construct } from 'constructs';

export interface ActionRoleProps {
  /** At most 64 characters. */
  readonly roleName: string;
  /** The pipeline's role, the only principal that may assume this one. */
  readonly pipelineRoleArn: string;
  readonly statements: readonly IamStatement[];
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The role of one stage's actions, which the pipeline assumes to run them. */
export class ActionRole extends Construct {
  readonly resource: IamRole;
  readonly policy: IamRolePolicy;

  /** @throws ValidationError when the name or a statement cannot be used. */
  constructor(scope: Construct, id: string, props: ActionRoleProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'roleName', props.roleName, ROLE_NAME);
    checkStatements(problems, 'statements', props.statements);
    checkPolicySize(problems, 'statements', props.statements);
    problems.throwIfAny();
    this.resource = new IamRole(this, 'resource', {
      name: props.roleName,
      assumeRolePolicy: terraformJson({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: props.pipelineRoleArn }, Action: 'sts:AssumeRole' }],
      }),
      permissionsBoundary: props.permissionsBoundaryArn,
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: this.resource.name,
      policy: policyDocument(props.statements),
    });
  }

  get roleArn(): string {
    return this.resource.arn;
  }
}
