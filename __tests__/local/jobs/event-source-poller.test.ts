import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsEvent } from '../../../jobs/api/sqs-records';
import { EventSourcePoller, queueUrlOf } from '../../../local/jobs/event-source-poller';

it('hands messages to the function, deletes what it took, and leaves what failed', async () => {
  const messages = ['good', 'bad'].map((Body) => ({ MessageId: Body, Body, ReceiptHandle: `of ${Body}` }));
  const [deleted, handed, said]: [string[], SqsEvent[], string[]] = [[], [], []];
  let asked = 0;
  const sqs = {
    async send(command: object, options?: { abortSignal?: AbortSignal }) {
      if (command instanceof DeleteMessageCommand) return void deleted.push(command.input.ReceiptHandle!);
      expect(command).toBeInstanceOf(ReceiveMessageCommand);
      if (++asked === 1) return { Messages: messages };
      return new Promise((_, reject) =>
        options?.abortSignal?.addEventListener('abort', () => reject(new Error('over'))),
      );
    },
  };
  const poller = new EventSourcePoller({
    sqs: sqs as unknown as SQSClient,
    queueUrl: queueUrlOf('http://127.0.0.1:1', 'arn:aws:sqs:r:123456789012:wake'),
    say: (text) => said.push(text),
    handler: async (event) => {
      handed.push(event);
      return { batchItemFailures: [{ itemIdentifier: 'bad' }] };
    },
  });
  poller.start();
  while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await poller.stop();
  expect(handed).toEqual([{ Records: messages.map(({ Body }) => ({ messageId: Body, body: Body })) }]);
  expect([deleted, said]).toEqual([['of good'], []]);
});

it('addresses a queue at the emulator', () => {
  expect(queueUrlOf('http://127.0.0.1:1', 'arn:aws:sqs:r:123456789012:wake')).toBe(
    'http://127.0.0.1:1/123456789012/wake',
  );
});
