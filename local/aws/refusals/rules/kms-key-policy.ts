import { listOf, principalsOf, statementsOf, unknownPrincipal } from './policy-documents';
import type { Rule } from './rule';

export const kmsKeyPolicy: Rule = {
  service: 'kms',
  operations: ['CreateKey', 'PutKeyPolicy'],
  what: 'a key policy that no principal could change again, or names a role that does not exist',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
  async check({ input }, aws) {
    const { Policy, BypassPolicyLockoutSafetyCheck } = input;
    if (Policy === undefined) return undefined;
    const changeable = statementsOf(Policy).some(
      (statement) =>
        statement.Effect === 'Allow' &&
        principalsOf(statement, 'AWS').length > 0 &&
        listOf(statement.Action).some((action) => /^(\*|kms:(\*|Put\*|PutKeyPolicy))$/i.test(action)),
    );
    if (!changeable && BypassPolicyLockoutSafetyCheck !== true)
      return {
        code: 'MalformedPolicyDocumentException',
        message: 'The new key policy will not allow you to update the key policy in the future.',
      };
    if ((await unknownPrincipal(aws, Policy)) !== undefined)
      return {
        code: 'MalformedPolicyDocumentException',
        message: 'Policy contains a statement with one or more invalid principals.',
      };
    return undefined;
  },
};
