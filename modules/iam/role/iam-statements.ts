import { addProblems, isResolved, type JsonValue, type Problems, terraformJson } from '@strata/core';
import { statementProblems, type IamStatement } from './statement-rules';

/** Checks user-written statements; `key` is the prop's name, such as `permissions`. */
export function checkStatements(
  problems: Problems,
  key: string,
  statements: readonly IamStatement[] | undefined,
): void {
  addProblems(problems, statementProblems(key, statements, isResolved));
}

/** IAM counts all inline policies of a role together, without white space. */
const INLINE_POLICY_CHARACTERS = 10_240;

/**
 * Refuses an inline policy that IAM would refuse for its length. What only Terraform knows counts as nothing.
 *
 * @param key the prop that the statements come from, such as `permissions`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function checkPolicySize(problems: Problems, key: string, statements: readonly IamStatement[]): void {
  const size = policyDocument(statements)
    .replaceAll(/\$\{[^}]*\}/g, '')
    .replaceAll(/\s/g, '').length;
  problems.check(
    size <= INLINE_POLICY_CHARACTERS,
    `${key}: the inline policy has ${size} characters or more, IAM takes ${INLINE_POLICY_CHARACTERS}; name fewer ` +
      'resources, several by one ARN with *, or attach a managed policy',
  );
}

/**
 * The policy document of some `Allow` statements.
 *
 * Plain JSON instead of `data.aws_iam_policy_document`: a data source whose input is unknown until apply makes the
 * policy "known after apply" in the plan, and costs one more object per policy at synth and plan.
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
