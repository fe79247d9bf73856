import type { Rule } from './rule';

const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const logsRetention: Rule = {
  service: 'logs',
  operations: ['PutRetentionPolicy'],
  what: 'a retention of logs that is none of the days CloudWatch has',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  check({ input }) {
    if (!DAYS.includes(input.retentionInDays))
      return {
        code: 'InvalidParameterException',
        message: `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${DAYS.join(', ')}]`,
      };
    return undefined;
  },
};
