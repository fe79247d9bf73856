import { EndpointAlarms, type EndpointAlarmsProps } from '@strata/sagemaker';
import { synthResources } from '../../../support/synth-resources';

const made = (props: Partial<EndpointAlarmsProps> = {}) => {
  let rollbackAlarms = 0;
  const found = synthResources((scope) => {
    rollbackAlarms = new EndpointAlarms(scope, 'alarms', { endpointName: 'shop', ...props }).rollbackAlarmNames.length;
  });
  return { ...found, alarms: found.all('aws_cloudwatch_metric_alarm'), rollbackAlarms };
};
const alarm = (name: string, props: Partial<EndpointAlarmsProps> = {}) =>
  made(props).alarms.find(({ alarm_name }) => alarm_name === name)!;
const names = (props: Partial<EndpointAlarmsProps>) =>
  made(props)
    .alarms.map(({ alarm_name }) => alarm_name)
    .sort();

test('a bad model is seen by its failures and its slowness, and takes an update back', () => {
  expect(names({})).toEqual(['shop-5xx', 'shop-model-errors', 'shop-model-latency']);
  expect(made().rollbackAlarms).toBe(3);
  expect(alarm('shop-5xx')).toMatchObject({
    threshold: 5,
    evaluation_periods: 2,
    comparison_operator: 'GreaterThanThreshold',
    treat_missing_data: 'notBreaching',
    metric_query: [
      {
        id: 'failures',
        metric: {
          namespace: 'AWS/SageMaker',
          metric_name: 'Invocation5XXErrors',
          period: 60,
          stat: 'Sum',
          dimensions: { EndpointName: 'shop', VariantName: 'AllTraffic' },
        },
      },
      { id: 'asked', metric: { metric_name: 'Invocations' } },
      { expression: 'FILL(failures, 0)' },
      { expression: 'FILL(asked, 0)' },
      { id: 'share', expression: 'IF(requests >= 10, 100 * errors / requests, 0)', return_data: true },
    ],
  });
  expect(alarm('shop-model-errors')).toMatchObject({
    threshold: 50,
    metric_query: [{ metric: { metric_name: 'InvocationModelErrors' } }, {}, {}, {}, {}],
  });
  expect(alarm('shop-model-latency')).toMatchObject({
    metric_name: 'ModelLatency',
    extended_statistic: 'p99',
    threshold: 5_000_000,
  });
});

test('thresholds can be changed, and alarms turned off', () => {
  expect(alarm('shop-5xx', { max5xxPercent: 1, minInvocationsPerMinute: 100 })).toMatchObject({ threshold: 1 });
  expect(alarm('shop-model-latency', { p99ModelLatencySeconds: 0.5 })).toMatchObject({ threshold: 500_000 });
  expect(names({ max5xxPercent: false, maxModelErrorPercent: false })).toEqual(['shop-model-latency']);
  expect(names({ p99ModelLatencySeconds: false, max5xxPercent: false })).toEqual(['shop-model-errors']);
});

test('an asynchronous endpoint is seen by its failures and by who waits', () => {
  expect(names({ hosting: 'async' })).toEqual(['shop-backlog-age', 'shop-failures']);
  expect(made({ hosting: 'async' }).rollbackAlarms).toBe(1);
  expect(alarm('shop-failures', { hosting: 'async', maxAsyncFailures: 0 })).toMatchObject({
    metric_name: 'InvocationFailures',
    threshold: 0,
    statistic: 'Sum',
    period: 300,
  });
  expect(alarm('shop-backlog-age', { hosting: 'async', maxBacklogAgeSeconds: 60 })).toMatchObject({
    metric_name: 'ApproximateAgeOfOldestRequest',
    threshold: 60,
    dimensions: { EndpointName: 'shop' },
  });
  expect(names({ hosting: 'async', maxAsyncFailures: false, maxBacklogAgeSeconds: false })).toEqual([]);
});

test('several variants have alarms of their own', () => {
  expect(names({ variantNames: ['A', 'B'], maxModelErrorPercent: false, p99ModelLatencySeconds: false })).toEqual([
    'shop-A-5xx',
    'shop-B-5xx',
  ]);
});

test('a topic is told, of recovery too where asked; tags', () => {
  expect(alarm('shop-5xx', { topicArn: 'arn:aws:sns:r:1:t', tags: { team: 'ml' } })).toMatchObject({
    alarm_actions: ['arn:aws:sns:r:1:t'],
    ok_actions: ['arn:aws:sns:r:1:t'],
    tags: { team: 'ml' },
  });
  expect(alarm('shop-5xx', { topicArn: 'arn:aws:sns:r:1:t', notifyOnRecovery: false }).ok_actions).toBeUndefined();
  expect(alarm('shop-5xx').alarm_actions).toBeUndefined();
});

test.each<[Partial<EndpointAlarmsProps>, string]>([
  [{ endpointName: 'a b' }, 'endpointName: "a b" is not a SageMaker endpoint name'],
  [{ hosting: 'x' as never }, 'hosting: "x" is not allowed; use one of realtime, serverless, async'],
  [{ variantNames: [] }, 'variantNames: an empty list watches nothing; name at least one variant'],
  [{ variantNames: ['A', 'A'] }, 'variantNames[1]: "A" is listed twice; remove one'],
  [
    { max5xxPercent: 0 },
    'max5xxPercent: 0 is never or always exceeded; use a percentage above 0 and below 100, or false for no alarm',
  ],
  [{ maxModelErrorPercent: 100 }, 'maxModelErrorPercent: 100 is never or always exceeded'],
  [
    { p99ModelLatencySeconds: 0 },
    'p99ModelLatencySeconds: 0 is out of range; use seconds above 0, or false for no alarm',
  ],
  [{ maxBacklogAgeSeconds: -1 }, 'maxBacklogAgeSeconds: -1 is out of range'],
  [{ maxAsyncFailures: 1.5 }, 'maxAsyncFailures: 1.5 is out of range'],
  [{ minInvocationsPerMinute: 0 }, 'minInvocationsPerMinute: 0 is out of range'],
])('refuses %j', (props, message) => {
  expect(() => made(props)).toThrow(message);
});
