import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const s3LifecycleDays: Rule = {
  service: 's3',
  operations: ['PutBucketLifecycleConfiguration'],
  what: 'a transition to infrequent access before 30 days, and an expiry that does not come after the transitions',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html',
  check({ input }) {
    for (const rule of (input.LifecycleConfiguration?.Rules ?? []) as Reading[]) {
      for (const { Days, StorageClass } of (rule.Transitions ?? []) as Reading[]) {
        if (['STANDARD_IA', 'ONEZONE_IA'].includes(StorageClass) && Days < 30)
          return {
            code: 'InvalidArgument',
            message: `'Days' in Transition action must be greater than or equal to 30 for storageClass '${StorageClass}'`,
          };
        if (rule.Expiration?.Days !== undefined && rule.Expiration.Days <= Days)
          return {
            code: 'InvalidArgument',
            message: "'Days' in the Expiration action for filter must be greater than 'Days' in the Transition action",
          };
      }
    }
    return undefined;
  },
};
