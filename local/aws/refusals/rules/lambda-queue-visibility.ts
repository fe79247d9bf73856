import { parseArn } from './lookups';
import type { Rule } from './rule';

export const lambdaQueueVisibility: Rule = {
  service: 'lambda',
  operations: ['CreateEventSourceMapping'],
  what: 'a function that reads a queue whose visibility timeout is below its own timeout',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  async check({ input }, aws) {
    const { service, account, resource } = parseArn(String(input.EventSourceArn ?? ''));
    if (service !== 'sqs') return undefined;
    const QueueUrl = (await aws('sqs', 'GetQueueUrl', { QueueName: resource, QueueOwnerAWSAccountId: account }))
      ?.QueueUrl;
    const queue = await aws('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] });
    const visibility = Number(queue?.Attributes?.VisibilityTimeout ?? Infinity);
    const configuration = await aws('lambda', 'GetFunctionConfiguration', { FunctionName: input.FunctionName });
    const timeout = Number(configuration?.Timeout ?? 0);
    if (visibility < timeout)
      return {
        code: 'InvalidParameterValueException',
        message: `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
      };
    return undefined;
  },
};
