import { policySize } from './policy-documents';
import type { Rule } from './rule';

export const iamInlinePolicySize: Rule = {
  service: 'iam',
  operations: ['PutRolePolicy'],
  what: 'inline policies of a role above 10,240 characters in sum, white space not counted',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  async check({ input }, aws) {
    const { RoleName, PolicyName, PolicyDocument } = input;
    const names: string[] = (await aws('iam', 'ListRolePolicies', { RoleName }))?.PolicyNames ?? [];
    let sum = policySize(PolicyDocument);
    for (const name of names.filter((other) => other !== PolicyName)) {
      const found = await aws('iam', 'GetRolePolicy', { RoleName, PolicyName: name });
      sum += policySize(decodeURIComponent(found?.PolicyDocument ?? ''));
    }
    if (sum > 10_240)
      return {
        code: 'LimitExceeded',
        status: 409,
        message: `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`,
      };
    return undefined;
  },
};
