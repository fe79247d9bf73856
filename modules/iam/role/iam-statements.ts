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
