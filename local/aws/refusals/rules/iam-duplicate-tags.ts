import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const iamDuplicateTags: Rule = {
  service: 'iam',
  operations: ['CreateRole', 'TagRole', 'CreatePolicy', 'TagPolicy', 'CreateUser', 'TagUser', 'CreateInstanceProfile'],
  what: 'two tags whose keys differ in case only',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html',
  check({ input }) {
    const keys = ((input.Tags ?? []) as Reading[]).map(({ Key }) => String(Key).toLowerCase());
    if (new Set(keys).size < keys.length)
      return {
        code: 'InvalidInput',
        message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      };
    return undefined;
  },
};
