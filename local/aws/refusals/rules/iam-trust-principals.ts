import { unknownPrincipal } from './policy-documents';
import type { Rule } from './rule';

export const iamTrustPrincipals: Rule = {
  service: 'iam',
  operations: ['CreateRole', 'UpdateAssumeRolePolicy'],
  what: 'a trust policy that names a role or user of the account that does not exist, or no service',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  async check({ input }, aws) {
    const unknown = await unknownPrincipal(aws, input.AssumeRolePolicyDocument ?? input.PolicyDocument);
    if (unknown !== undefined)
      return { code: 'MalformedPolicyDocument', message: `Invalid principal in policy: ${unknown}` };
    return undefined;
  },
};
