import type { Rule } from './rule';

export const kmsAlias: Rule = {
  service: 'kms',
  operations: ['CreateAlias'],
  what: "an alias in AWS's own name space",
  source: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html',
  check({ input }) {
    if (String(input.AliasName).startsWith('alias/aws/')) return { code: 'NotAuthorizedException', message: '' };
    return undefined;
  },
};
