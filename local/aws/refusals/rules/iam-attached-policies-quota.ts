import type { Rule } from './rule';

export const iamAttachedPoliciesQuota: Rule = {
  service: 'iam',
  operations: ['AttachRolePolicy'],
  what: 'more than 10 managed policies of a role',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  async check({ input }, aws) {
    const attached: unknown[] =
      (await aws('iam', 'ListAttachedRolePolicies', { RoleName: input.RoleName }))?.AttachedPolicies ?? [];
    if (attached.length >= 10)
      return { code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for PoliciesPerRole: 10' };
    return undefined;
  },
};
