import { parseArn } from './lookups';
import type { Rule } from './rule';

export const cloudwatchAlarmActions: Rule = {
  service: 'cloudwatch',
  operations: ['PutMetricAlarm', 'PutCompositeAlarm'],
  what: 'an alarm that tells a topic of another region',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
  check({ input, region }) {
    const actions: string[] = [
      ...(input.AlarmActions ?? []),
      ...(input.OKActions ?? []),
      ...(input.InsufficientDataActions ?? []),
    ];
    const foreign = actions.map(parseArn).find((arn) => arn.service === 'sns' && arn.region !== region);
    if (foreign !== undefined)
      return {
        code: 'ValidationError',
        message: `Invalid region ${foreign.region} specified. Only ${region} is supported.`,
      };
    return undefined;
  },
};
