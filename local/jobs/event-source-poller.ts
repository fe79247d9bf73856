// What hands the messages of queues to functions: Lambda's event source mappings, on this machine.
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsBatchResponse, SqsEvent } from '../../jobs/api/sqs-records';

const BATCH = 10;
const WAIT_SECONDS = 2;
const PAUSE_MILLISECONDS = 1000;

export interface PollerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: (event: SqsEvent) => Promise<SqsBatchResponse>;
  readonly say: (text: string) => void;
}

/** Address of a queue at the emulator. */
export function queueUrlOf(endpoint: string, queueArn: string): string {
  return `${endpoint}/${queueArn.split(':').slice(-2).join('/')}`;
}

export class EventSourcePoller {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: PollerOptions) {}

  start(): void {
    this.running = this.poll();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.once(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.options.say(`${this.options.queueUrl}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      }
    }
  }

  private async once(signal: AbortSignal): Promise<void> {
    const { sqs, queueUrl, handler } = this.options;
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: WAIT_SECONDS }),
      { abortSignal: signal },
    );
    if (messages.length === 0) return;
    const records = messages.map(({ MessageId: messageId = '', Body: body = '' }) => ({ messageId, body }));
    const { batchItemFailures: failures } = await handler({ Records: records });
    const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId: id = '', ReceiptHandle: receipt } of messages)
      if (!failed.has(id)) await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
  }
}
