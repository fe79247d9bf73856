import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { isResolved, Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { checkPolicySize, checkStatements, policyDocument } from './iam-statements';
import { ROLE_NAME } from './names';
import type { IamStatement } from './statement-rules';
import { serviceTrustPolicy, type TrustedService } from './trust-policy';

export interface ServiceRoleProps extends TrustedService {
  /** At most 64 characters. Changing it replaces the role. */
  readonly roleName: string;
  /** @default none */
  readonly description?: string;
  /** Permissions of the role. @default nothing */
  readonly statements?: readonly IamStatement[];
  /** Name of the inline policy. @default permissions */
  readonly policyName?: string;
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A role that one AWS service assumes, with one inline policy of `Allow` statements. */
export class ServiceRole extends Construct {
  readonly resource: IamRole;
  /** `undefined` where the role may do nothing. */
  readonly policy: IamRolePolicy | undefined;

  /** @throws ValidationError naming every prop that IAM would reject, and every statement that is too broad. */
  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'roleName', props.roleName, ROLE_NAME);
    problems.check(
      !isResolved(props.service) || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(props.service),
      `service: "${props.service}" is not a service principal; write one such as "sagemaker.amazonaws.com"`,
    );
    const statements = props.statements ?? [];
    checkStatements(problems, 'statements', statements);
    checkPolicySize(problems, 'statements', statements);
    problems.throwIfAny();

    this.resource = new IamRole(this, 'resource', {
      name: props.roleName,
      description: props.description,
      assumeRolePolicy: serviceTrustPolicy(props),
      permissionsBoundary: props.permissionsBoundaryArn,
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
    this.policy =
      statements.length === 0
        ? undefined
        : new IamRolePolicy(this, 'policy', {
            name: props.policyName ?? 'permissions',
            role: this.resource.name,
            policy: policyDocument(statements),
          });
  }

  get roleName(): string {
    return this.resource.name;
  }

  /** ARN of the role. A resource that uses the role during creation should also depend on `policy`. */
  get roleArn(): string {
    return this.resource.arn;
  }
}
