import { checkStatements, ROLE_NAME, type IamStatement } from '@strata/iam';
import { isResolved, checkName, type Problems } from '@strata/core';

export interface SageMakerRoleProps {
  /** At most 64 characters. Changing it replaces the role. */
  readonly roleName: string;
  /** Repositories that images are pulled from. Those of AWS's own images are in AWS's accounts. @default none */
  readonly repositoryArns?: readonly string[];
  /** KMS keys of the data and the volumes. @default none: keys of AWS's own need no permission */
  readonly kmsKeyArns?: readonly string[];
  /** VPC whose subnets containers are connected to. @default none */
  readonly vpcId?: string;
  /** What the role may do besides. @default nothing */
  readonly statements?: readonly IamStatement[];
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

export function checkCommon(problems: Problems, props: SageMakerRoleProps): void {
  checkName(problems, 'roleName', props.roleName, ROLE_NAME);
  checkArns(
    problems,
    'repositoryArns',
    props.repositoryArns,
    'ecr',
    'arn:aws:ecr:<region>:<account>:repository/<name>',
  );
  checkArns(problems, 'kmsKeyArns', props.kmsKeyArns, 'kms', 'arn:aws:kms:<region>:<account>:key/<id>');
  checkStatements(problems, 'statements', props.statements);
}

export function checkArns(
  problems: Problems,
  key: string,
  arns: readonly string[] | undefined,
  service: string,
  example: string,
): void {
  arns?.forEach((arn, i) => {
    problems.check(
      !isResolved(arn) || new RegExp(`^arn:[a-z-]+:${service}:`).test(arn),
      `${key}[${i}]: "${arn}" is not an ARN of ${service}; write ${example}`,
    );
  });
}
