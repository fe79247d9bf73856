import { parseArn } from './lookups';
import type { Rule } from './rule';

export const sqsDeadLetterQueue: Rule = {
  service: 'sqs',
  operations: ['CreateQueue', 'SetQueueAttributes'],
  what: 'a dead-letter queue that does not exist or is in another region, and a maximum receive count outside 1 to 1,000',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  async check({ input, region }, aws) {
    const policy: string = input.Attributes?.RedrivePolicy ?? '';
    if (policy === '') return undefined;
    const refused = (reason: string) => ({
      code: 'InvalidParameterValue',
      message: `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    });
    let redrive: { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
    try {
      redrive = JSON.parse(policy) as typeof redrive;
    } catch {
      return refused('Redrive policy is not a valid JSON map.');
    }
    const count = Number(redrive.maxReceiveCount);
    if (!(count >= 1 && count <= 1000)) return refused('Invalid value for maxReceiveCount.');
    const { region: where, resource } = parseArn(redrive.deadLetterTargetArn ?? '');
    const found = where === region ? await aws('sqs', 'GetQueueUrl', { QueueName: resource }) : undefined;
    if (found === undefined) return refused('Dead letter target does not exist.');
    return undefined;
  },
};
