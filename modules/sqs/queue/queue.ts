import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { checkInteger, checkName, isResolved, Problems } from '@strata/core';
import { Construct } from 'constructs';
import { QUEUE_NAME } from './names';
import { tlsOnlyPolicy } from './queue-policy';

const DAY = 86_400;

export interface QueueProps {
  /** At most 80 characters. Changing it replaces the queue, with every message in it. */
  readonly queueName: string;
  /**
   * Seconds for which a received message is hidden from other receivers, 0 to 43200 (12 hours). A Lambda function that
   * reads the queue needs six times its timeout.
   * @default 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /** Seconds for which a message is kept, 60 to 1209600 (14 days). @default 1209600 */
  readonly retentionSeconds?: number;
  /** Seconds by which every message is delayed, 0 to 900. @default 0 */
  readonly deliveryDelaySeconds?: number;
  /** Seconds for which a receive waits for a message, 0 to 20. @default 20: long polling, the cheapest */
  readonly receiveWaitSeconds?: number;
  /**
   * Where messages go that were received `maxReceiveCount` times (1 to 1000) and not deleted. The dead-letter queue
   * keeps a message from the time when it was first sent, so its retention must be the longer one.
   * @default none: such messages are received until they expire
   */
  readonly deadLetterQueue?: { readonly queue: Queue; readonly maxReceiveCount: number };
  /** ARN of the KMS key that encrypts messages. @default a key of Amazon SQS, free */
  readonly kmsKeyArn?: string;
  /** Whether Terraform refuses every plan that would destroy the queue. @default false */
  readonly preventDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A standard queue: encrypted, TLS only, with long polling. Where messages carry a `MessageGroupId`, SQS shares the queue
 * fairly between groups ("Amazon SQS fair queues" in its developer guide).
 *
 * Only a queue that names this one as its dead-letter queue may send to it.
 */
export class Queue extends Construct {
  readonly resource: SqsQueue;
  readonly policy: SqsQueuePolicy;
  readonly queueName: string;
  readonly queueArn: string;
  readonly queueUrl: string;
  private readonly retentionSeconds: number;

  /** @throws ValidationError naming every prop that SQS would reject. */
  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    this.retentionSeconds = props.retentionSeconds ?? 14 * DAY;
    this.check(props);
    const { deadLetterQueue } = props;
    this.resource = new SqsQueue(this, 'resource', {
      name: props.queueName,
      visibilityTimeoutSeconds: props.visibilityTimeoutSeconds ?? 30,
      messageRetentionSeconds: this.retentionSeconds,
      delaySeconds: props.deliveryDelaySeconds ?? 0,
      receiveWaitTimeSeconds: props.receiveWaitSeconds ?? 20,
      ...(props.kmsKeyArn === undefined
        ? { sqsManagedSseEnabled: true }
        : { kmsMasterKeyId: props.kmsKeyArn, kmsDataKeyReusePeriodSeconds: 3600 }),
      redrivePolicy:
        deadLetterQueue === undefined
          ? undefined
          : `{"deadLetterTargetArn":"${deadLetterQueue.queue.queueArn}","maxReceiveCount":${deadLetterQueue.maxReceiveCount}}`,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle: props.preventDestroy === undefined ? undefined : { preventDestroy: props.preventDestroy },
    });
    this.queueName = this.resource.name;
    this.queueArn = this.resource.arn;
    this.queueUrl = this.resource.url;
    this.policy = new SqsQueuePolicy(this, 'policy', {
      queueUrl: this.queueUrl,
      policy: tlsOnlyPolicy(this.queueArn),
    });
    if (deadLetterQueue !== undefined) {
      new SqsQueueRedriveAllowPolicy(this, 'redrive-allow-policy', {
        queueUrl: deadLetterQueue.queue.queueUrl,
        redriveAllowPolicy: `{"redrivePermission":"byQueue","sourceQueueArns":["${this.queueArn}"]}`,
      });
    }
  }

  private check(props: QueueProps): void {
    const problems = new Problems(this);
    checkName(problems, 'queueName', props.queueName, QUEUE_NAME);
    checkInteger(problems, 'visibilityTimeoutSeconds', props.visibilityTimeoutSeconds, {
      min: 0,
      max: 43_200,
      unit: 'seconds',
    });
    checkInteger(problems, 'retentionSeconds', props.retentionSeconds, { min: 60, max: 14 * DAY, unit: 'seconds' });
    checkInteger(problems, 'deliveryDelaySeconds', props.deliveryDelaySeconds, { min: 0, max: 900, unit: 'seconds' });
    checkInteger(problems, 'receiveWaitSeconds', props.receiveWaitSeconds, { min: 0, max: 20, unit: 'seconds' });
    const { deadLetterQueue } = props;
    if (deadLetterQueue !== undefined) {
      checkInteger(problems, 'deadLetterQueue.maxReceiveCount', deadLetterQueue.maxReceiveCount, {
        min: 1,
        max: 1000,
        unit: 'receives',
      });
      const kept = deadLetterQueue.queue.retentionSeconds;
      problems.check(
        !isResolved(kept) || !isResolved(this.retentionSeconds) || kept >= this.retentionSeconds,
        `deadLetterQueue: it keeps messages for ${kept} seconds from the time they were first sent, and this queue for ` +
          `${this.retentionSeconds}; give it a retentionSeconds of at least ${this.retentionSeconds}`,
      );
    }
    problems.throwIfAny();
  }
}
