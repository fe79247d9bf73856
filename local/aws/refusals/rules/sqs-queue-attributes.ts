import type { Rule } from './rule';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

export const sqsQueueAttributes: Rule = {
  service: 'sqs',
  operations: ['CreateQueue', 'SetQueueAttributes'],
  what: 'a visibility timeout, retention, delay, message size or wait time outside what SQS takes',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  check({ input }) {
    for (const [name, value] of Object.entries((input.Attributes ?? {}) as Record<string, string>)) {
      const [least, most] = RANGES[name] ?? [-Infinity, Infinity];
      if (Number(value) < least || Number(value) > most)
        return { code: 'InvalidAttributeValue', message: `Invalid value for the parameter ${name}.` };
    }
    return undefined;
  },
};
