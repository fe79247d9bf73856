import { Queue, type QueueProps } from '@strata/sqs';
import type { Construct } from 'constructs';
import { synthResources } from '../../../support/synth-resources';

const withProps = (props: Partial<QueueProps> = {}) =>
  synthResources((scope) => new Queue(scope, 'queue', { queueName: 'work', ...props }));

test('long polls, keeps messages for 14 days, and is encrypted by default', () => {
  expect(withProps().one('aws_sqs_queue')).toEqual({
    name: 'work',
    visibility_timeout_seconds: 30,
    message_retention_seconds: 1_209_600,
    delay_seconds: 0,
    receive_wait_time_seconds: 20,
    sqs_managed_sse_enabled: true,
  });
});

test('denies requests without TLS', () => {
  expect(withProps().document('aws_sqs_queue_policy')).toMatchObject({
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  });
});

test('passes every option on', () => {
  expect(
    withProps({
      visibilityTimeoutSeconds: 120,
      retentionSeconds: 3600,
      deliveryDelaySeconds: 60,
      receiveWaitSeconds: 0,
      kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
      preventDestroy: true,
      tags: { a: 'b' },
    }).one('aws_sqs_queue'),
  ).toEqual({
    name: 'work',
    visibility_timeout_seconds: 120,
    message_retention_seconds: 3600,
    delay_seconds: 60,
    receive_wait_time_seconds: 0,
    kms_master_key_id: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
    kms_data_key_reuse_period_seconds: 3600,
    lifecycle: { prevent_destroy: true },
    tags: { a: 'b' },
  });
});

const pair = (scope: Construct, retentionSeconds?: number, maxReceiveCount = 4) =>
  new Queue(scope, 'queue', {
    queueName: 'work',
    deadLetterQueue: {
      queue: new Queue(scope, 'failed', { queueName: 'work-failed', retentionSeconds }),
      maxReceiveCount,
    },
  });

test('a dead-letter queue takes messages of its own queue only', () => {
  const resources = synthResources((scope) => pair(scope));
  const queue = resources.all('aws_sqs_queue').find(({ name }) => name === 'work')!;
  expect(queue.redrive_policy).toBe(
    '{"deadLetterTargetArn":"${aws_sqs_queue.failed_resource_FCB1C62F.arn}","maxReceiveCount":4}',
  );
  expect(resources.one('aws_sqs_queue_redrive_allow_policy')).toEqual({
    queue_url: '${aws_sqs_queue.failed_resource_FCB1C62F.url}',
    redrive_allow_policy:
      '{"redrivePermission":"byQueue","sourceQueueArns":["${aws_sqs_queue.queue_resource_AC04637E.arn}"]}',
  });
});

test.each<[string, Partial<QueueProps>, string]>([
  ['a name', { queueName: 'work.fifo' }, 'queueName: "work.fifo" is not a queue name; allowed are letters, digits'],
  ['a long name', { queueName: 'a'.repeat(81) }, 'a queue name at most 80; shorten it by 1'],
  ['a visibility timeout', { visibilityTimeoutSeconds: 43_201 }, 'use a whole number from 0 to 43200 seconds'],
  ['a retention', { retentionSeconds: 59 }, 'retentionSeconds: 59 is out of range; use a whole number from 60'],
  ['a delay', { deliveryDelaySeconds: 901 }, 'deliveryDelaySeconds: 901 is out of range'],
  ['a wait', { receiveWaitSeconds: 21 }, 'receiveWaitSeconds: 21 is out of range; use a whole number from 0 to 20'],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('refuses a dead-letter queue that forgets before its queue does, and a receive count', () => {
  expect(() => synthResources((scope) => pair(scope, 3600))).toThrow(
    'deadLetterQueue: it keeps messages for 3600 seconds from the time they were first sent, and this queue for ' +
      '1209600; give it a retentionSeconds of at least 1209600',
  );
  expect(() => synthResources((scope) => pair(scope, undefined, 0))).toThrow('deadLetterQueue.maxReceiveCount: 0');
});
