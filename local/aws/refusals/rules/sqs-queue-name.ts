import type { Rule } from './rule';

export const sqsQueueName: Rule = {
  service: 'sqs',
  operations: ['CreateQueue'],
  what: 'a name of a queue above 80 characters, or with other characters than letters, digits, hyphens and underscores',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
  check({ input }) {
    const name = String(input.QueueName ?? '');
    if (name.length > 80 || !/^[A-Za-z0-9_-]+(\.fifo)?$/.test(name))
      return {
        code: 'InvalidParameterValue',
        message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      };
    return undefined;
  },
};
