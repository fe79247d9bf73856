import { QueueProcessingService, type QueueProcessingServiceProps } from '@strata/ecs-workers';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const withProps = (props: Partial<QueueProcessingServiceProps> = {}) =>
  synthResources(
    (scope) =>
      new QueueProcessingService(scope, 'thumbnails', {
        name: 'thumbnails',
        clusterName: 'work',
        clusterArn: 'arn:aws:ecs:ap-northeast-2:123456789012:cluster/work',
        vpcId: 'vpc-1',
        subnetIds: ['subnet-1', 'subnet-2'],
        image: 'example.com/thumbnails:1',
        visibilitySeconds: 120,
        maxAttempts: 4,
        ...props,
      }),
  );

test('nothing runs while nothing waits, and Terraform leaves the number of tasks alone', () => {
  const resources = withProps();
  expect(resources.one('aws_ecs_service')).toMatchObject({
    name: 'thumbnails-service',
    desired_count: 0,
    lifecycle: { ignore_changes: ['desired_count'] },
  });
  expect(resources.one('aws_appautoscaling_target')).toMatchObject({ min_capacity: 0, max_capacity: 4 });
});

test('messages that are received four times go to the dead-letter queue', () => {
  const [queue, failed] = ['thumbnails', 'thumbnails-failed'].map((name) =>
    withProps()
      .all('aws_sqs_queue')
      .find((one) => one.name === name),
  );
  expect(queue).toMatchObject({ visibility_timeout_seconds: 120 });
  expect(queue!['redrive_policy']).toMatch(/dead-letter-queue.*"maxReceiveCount":4/);
  expect(failed).not.toHaveProperty('redrive_policy');
});

test('tasks are added by the messages that wait for each busy one', () => {
  const resources = withProps({ acceptableLatencySeconds: 300, expectedJobSeconds: 60 });
  const alarm = resources
    .all('aws_cloudwatch_metric_alarm')
    .find(({ alarm_name }) => alarm_name === 'thumbnails-backlog');
  expect(alarm).toMatchObject({ threshold: 5, comparison_operator: 'GreaterThanThreshold', evaluation_periods: 1 });
  expect((alarm!['metric_query'] as object[])[0]).toMatchObject({
    expression: 'waiting / IF(inflight > 1, inflight, 1)',
    return_data: true,
  });
  const policy = resources.all('aws_appautoscaling_policy').find(({ name }) => name === 'thumbnails-scale-out');
  expect(policy!['step_scaling_policy_configuration']).toEqual({
    adjustment_type: 'ChangeInCapacity',
    cooldown: 120,
    metric_aggregation_type: 'Maximum',
    step_adjustment: [
      { metric_interval_lower_bound: '0', metric_interval_upper_bound: '5', scaling_adjustment: 1 },
      { metric_interval_lower_bound: '5', metric_interval_upper_bound: '15', scaling_adjustment: 2 },
      { metric_interval_lower_bound: '15', scaling_adjustment: 4 },
    ],
  });
});

test('tasks are stopped only when nothing waits and nothing is being worked on', () => {
  const resources = withProps({ idleSeconds: 300, minWorkers: 1 });
  const alarm = resources.all('aws_cloudwatch_metric_alarm').find(({ alarm_name }) => alarm_name === 'thumbnails-idle');
  expect(alarm).toMatchObject({
    threshold: 0,
    comparison_operator: 'LessThanOrEqualToThreshold',
    evaluation_periods: 5,
    treat_missing_data: 'ignore',
  });
  expect((alarm!['metric_query'] as object[])[0]).toMatchObject({ expression: 'waiting + delayed + inflight' });
  const policy = resources.all('aws_appautoscaling_policy').find(({ name }) => name === 'thumbnails-scale-in');
  expect(policy!['step_scaling_policy_configuration']).toMatchObject({
    adjustment_type: 'ExactCapacity',
    step_adjustment: [{ metric_interval_upper_bound: '0', scaling_adjustment: 1 }],
  });
});

test('a task may work on its queue and protect itself, and no more', () => {
  const policy = withProps()
    .all('aws_iam_role_policy')
    .find(({ name }) => name === 'application')!;
  const { Statement } = parseTerraformJson(policy.policy) as { Statement: { Sid: string; Action: string[] }[] };
  expect(Statement.map(({ Sid }) => Sid)).toEqual(['Work', 'ProtectTask']);
  expect(Statement.flatMap(({ Action }) => Action)).not.toContain('sqs:PurgeQueue');
});

test('a task has two minutes for the end of its work', () => {
  const [container] = parseTerraformJson(withProps().one('aws_ecs_task_definition').container_definitions) as {
    stopTimeout: number;
    environment: { name: string }[];
  }[];
  expect(container!.stopTimeout).toBe(120);
  expect(container!.environment.map(({ name }) => name)).toContain('STRATA_QUEUE_URL');
});

test('messages that failed and messages that wait raise alarms, where they are wanted', () => {
  const topicArn = 'arn:aws:sns:ap-northeast-2:123456789012:alarms';
  const alarms = withProps({ alarms: { maxAgeSeconds: 1200, topicArn } }).all('aws_cloudwatch_metric_alarm');
  const [failed, waiting] = ['thumbnails-failed', 'thumbnails-waiting'].map((name) =>
    alarms.find(({ alarm_name }) => alarm_name === name),
  );
  // What SQS moves there does not count as sent, and a function empties it within seconds.
  expect(failed).toMatchObject({ threshold: 0, alarm_actions: [topicArn], ok_actions: [topicArn] });
  expect(failed!['metric_query']).toEqual([
    expect.objectContaining({ expression: 'FILL(waiting, 0) + FILL(received, 0)' }),
    expect.objectContaining({ id: 'waiting' }),
    expect.objectContaining({ id: 'received' }),
  ]);
  expect(waiting).toMatchObject({ metric_name: 'ApproximateAgeOfOldestMessage', threshold: 1200 });
  expect(withProps().all('aws_cloudwatch_metric_alarm')).toHaveLength(2);
});

test.each<[string, Partial<QueueProcessingServiceProps>, string]>([
  ['bounds', { minWorkers: 5 }, 'minWorkers: 5 is not allowed; use at most maxWorkers, which is 4'],
  [
    'a latency',
    { acceptableLatencySeconds: 0 },
    'acceptableLatencySeconds: 0 is not allowed; use a whole number from 1',
  ],
  [
    'seconds',
    { idleSeconds: 90 },
    'idleSeconds: 90 is not allowed; use whole minutes, which alarms count in, such as 120',
  ],
  ['an age', { alarms: { maxAgeSeconds: 5 } }, 'maxAgeSeconds: 5 is out of range; use a whole number from 60'],
  ['a size', { cpu: 1024, memoryMiB: 999 }, 'memoryMiB: 999 is not valid with cpu 1024'],
  ['a receive count', { maxAttempts: 0 }, 'deadLetterQueue.maxReceiveCount: 0 is out of range'],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});
