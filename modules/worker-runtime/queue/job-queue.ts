import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';

import type { JobMessage } from '../store/claim';

/** The longest delay of a message. Source: SQS quotas. */
const MAX_DELAY_SECONDS = 900;
/** The longest visibility. */
const MAX_VISIBILITY_SECONDS = 43_200;

const body = z.object({ jobId: z.string().min(1), tenant: z.string().min(1) });

export interface Received {
  readonly receipt: string;
  /** Undefined when the message is none of ours: the queue moves it to the dead letters. */
  readonly job: JobMessage | undefined;
}

/** The queue of one kind of job. */
export class JobQueue {
  constructor(
    private readonly client: SQSClient,
    readonly url: string,
  ) {}

  /** Waits for a message up to `waitSeconds`; undefined when none came or `signal` aborted. */
  async receive(waitSeconds: number, visibilitySeconds: number, signal: AbortSignal): Promise<Received | undefined> {
    try {
      const { Messages: messages = [] } = await this.client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.url,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: visibilitySeconds,
        }),
        { abortSignal: signal },
      );
      const [message] = messages;
      if (message?.ReceiptHandle === undefined) return undefined;
      return { receipt: message.ReceiptHandle, job: parseBody(message.Body ?? '') };
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async setVisibility(receipt: string, seconds: number): Promise<void> {
    const timeout = Math.min(MAX_VISIBILITY_SECONDS, Math.max(0, Math.ceil(seconds)));
    await this.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.url, ReceiptHandle: receipt, VisibilityTimeout: timeout }),
    );
  }

  /** The tenant is the message group, so that one tenant's backlog does not hold up the others (fair queues). */
  async send({ jobId, tenant }: JobMessage, delaySeconds = 0): Promise<void> {
    await this.client.send(
      new SendMessageCommand({
        QueueUrl: this.url,
        MessageBody: JSON.stringify({ jobId, tenant }),
        MessageGroupId: tenant,
        ...(delaySeconds > 0 ? { DelaySeconds: Math.min(MAX_DELAY_SECONDS, Math.ceil(delaySeconds)) } : {}),
      }),
    );
  }

  async delete(receipt: string): Promise<void> {
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receipt }));
  }
}

function parseBody(text: string): JobMessage | undefined {
  try {
    return body.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
