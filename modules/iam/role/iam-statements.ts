import { isResolved, type JsonValue, type Problems, terraformJson } from '@strata/core';

/** One `Allow` statement of a policy. */
export interface IamStatement {
  /** Such as `sagemaker:InvokeEndpoint`. A service's every action (`s3:*`) is refused; a prefix (`s3:Get*`) is not. */
  readonly actions: readonly string[];
  /** ARNs. `*` is refused unless `allowAllResources` says that it is meant. */
  readonly resources: readonly string[];
  /** Allows `*` as a resource: for the actions that AWS cannot restrict to a resource. @default false */
  readonly allowAllResources?: boolean;
  /** Conditions by operator and key: `{ StringEquals: { 'aws:ResourceTag/team': 'web' } }`. @default none */
  readonly conditions?: IamConditions;
  /** Statement id, letters and digits. @default none */
  readonly sid?: string;
}

export type IamConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Checks statements that a user wrote; `key` names the prop, as in `taskRoleStatements[0]`. */
export function checkStatements(
  problems: Problems,
  key: string,
  statements: readonly IamStatement[] | undefined,
): void {
  statements?.forEach((statement, i) => checkStatement(problems, `${key}[${i}]`, statement));
}

function checkStatement(problems: Problems, key: string, statement: IamStatement): void {
  const { actions, resources, sid } = statement;
  if (isResolved(actions)) {
    problems.check(
      actions.length > 0,
      `${key}.actions: an empty list allows nothing; name at least one action, such as "s3:GetObject"`,
    );
    for (const action of actions.filter(isResolved)) {
      if (action === '*' || /^[a-z0-9-]+:\*$/.test(action)) {
        problems.add(
          `${key}.actions: "${action}" allows every action${action === '*' ? '' : ' of the service'}; name ` +
            'the ones that are needed',
        );
      } else if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
        problems.add(`${key}.actions: "${action}" is not an IAM action; write service:Action, such as "s3:GetObject"`);
      }
    }
  }
  if (isResolved(resources)) {
    problems.check(resources.length > 0, `${key}.resources: an empty list allows nothing; name at least one ARN`);
    for (const resource of resources.filter(isResolved)) {
      if (resource === '*') {
        problems.check(
          statement.allowAllResources ?? false,
          `${key}.resources: "*" allows every resource; name the ARNs, or set allowAllResources where the ` +
            'action cannot be restricted to a resource',
        );
      } else if (!resource.startsWith('arn:'))
        problems.add(
          `${key}.resources: "${resource}" is not an ARN; write arn:partition:service:region:account:resource`,
        );
    }
  }
  problems.check(
    !isResolved(sid) || /^[A-Za-z0-9]+$/.test(sid),
    `${key}.sid: "${sid}" is not a statement id; use letters and digits`,
  );
}

/**
 * The policy document of some `Allow` statements.
 *
 * Plain JSON instead of `data.aws_iam_policy_document`: a data source whose input is unknown until apply makes the
 * policy "known after apply" in the plan, and costs one more object a policy at synth and at plan.
 */
export function policyDocument(statements: readonly IamStatement[]): string {
  return terraformJson({
    Version: '2012-10-17',
    Statement: statements.map((s): JsonValue => ({
      Sid: s.sid,
      Effect: 'Allow',
      Action: s.actions,
      Resource: s.resources,
      Condition: s.conditions,
    })),
  });
}
