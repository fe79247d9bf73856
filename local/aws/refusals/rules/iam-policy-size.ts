import { policySize } from './policy-documents';
import type { Rule } from './rule';

export const iamPolicySize: Rule = {
  service: 'iam',
  operations: ['CreatePolicy', 'CreatePolicyVersion', 'CreateRole', 'UpdateAssumeRolePolicy'],
  what: 'a managed policy above 6,144 characters, and a trust policy above 2,048, white space not counted',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  check({ input, operation }) {
    const [quota, name, document] =
      operation === 'CreatePolicy' || operation === 'CreatePolicyVersion'
        ? [6144, 'PolicySize', input.PolicyDocument]
        : [2048, 'ACLSizePerRole', input.AssumeRolePolicyDocument ?? input.PolicyDocument];
    if (policySize(document) > quota)
      return { code: 'LimitExceeded', status: 409, message: `Cannot exceed quota for ${name}: ${quota}` };
    return undefined;
  },
};
