import { ServiceAlarms, type ServiceAlarmsProps } from '@strata/ecs-patterns';
import { TerraformOutput, Testing } from 'cdktf';

type Alarm = Record<string, unknown>;

const TOPIC = 'arn:aws:sns:ap-northeast-2:111122223333:alarms';
const task: ServiceAlarmsProps = {
  name: 'app-web',
  clusterName: 'AppEcsCluster',
  serviceName: 'app-web-service',
  topicArn: TOPIC,
};
const served: ServiceAlarmsProps = {
  ...task,
  loadBalancerArnSuffix: 'app/app-web-alb/1',
  targetGroupArnSuffix: 'targetgroup/app-web-alb-tg/1',
};
const LOAD_BALANCER = { LoadBalancer: 'app/app-web-alb/1' };
const BLUE = { ...LOAD_BALANCER, TargetGroup: 'targetgroup/app-web-alb-tg/1' };

const resourcesOf = (props: ServiceAlarmsProps) =>
  JSON.parse(
    Testing.synthScope((scope) => {
      new ServiceAlarms(scope, 'alarms', props);
    }),
  ).resource as Record<string, Record<string, Alarm>>;
/** Alarms by what follows the service's name. */
const alarmsOf = (props: ServiceAlarmsProps): Record<string, Alarm> =>
  Object.fromEntries(
    Object.values(resourcesOf(props).aws_cloudwatch_metric_alarm ?? {}).map((alarm) => [
      String(alarm.alarm_name).replace('app-web-', ''),
      alarm,
    ]),
  );

const TASK_ALARMS = ['cpu-high', 'memory-high', 'running-tasks-low'];
const ALL_ALARMS = [
  ...TASK_ALARMS,
  'load-balancer-5xx',
  'no-healthy-host',
  'rejected-connections',
  'response-time-high',
  'target-5xx',
  'unhealthy-hosts',
].sort();

test('watches the tasks of a service without a load balancer', () => {
  const alarms = alarmsOf(task);
  expect(Object.keys(alarms).sort()).toEqual(TASK_ALARMS);
  const service = {
    namespace: 'AWS/ECS',
    dimensions: { ClusterName: 'AppEcsCluster', ServiceName: 'app-web-service' },
    period: 60,
  };
  expect(alarms['running-tasks-low']).toMatchObject({
    ...service,
    metric_name: 'CPUUtilization',
    statistic: 'SampleCount',
    comparison_operator: 'LessThanThreshold',
    threshold: 1,
    treat_missing_data: 'breaching',
  });
  expect(alarms['cpu-high']).toMatchObject({
    ...service,
    metric_name: 'CPUUtilization',
    statistic: 'Average',
    comparison_operator: 'GreaterThanThreshold',
    threshold: 90,
  });
  expect(alarms['memory-high']).toMatchObject({
    ...service,
    metric_name: 'MemoryUtilization',
    statistic: 'Average',
    threshold: 90,
    treat_missing_data: 'notBreaching',
  });
});

test('watches the load balancer and the targets too', () => {
  const alarms = alarmsOf(served);
  expect(Object.keys(alarms).sort()).toEqual(ALL_ALARMS);
  expect(alarms['response-time-high']).toMatchObject({
    namespace: 'AWS/ApplicationELB',
    metric_name: 'TargetResponseTime',
    extended_statistic: 'p99',
    threshold: 2,
    dimensions: BLUE,
    evaluate_low_sample_count_percentiles: 'ignore',
  });
  expect(alarms['unhealthy-hosts']).toMatchObject({
    metric_name: 'UnHealthyHostCount',
    statistic: 'Maximum',
    comparison_operator: 'GreaterThanThreshold',
    threshold: 0,
    dimensions: BLUE,
  });
  expect(alarms['no-healthy-host']).toMatchObject({
    metric_name: 'HealthyHostCount',
    statistic: 'Maximum',
    comparison_operator: 'LessThanThreshold',
    threshold: 1,
    dimensions: BLUE,
    treat_missing_data: 'breaching',
  });
  expect(alarms['rejected-connections']).toMatchObject({
    metric_name: 'RejectedConnectionCount',
    statistic: 'Sum',
    threshold: 0,
    dimensions: LOAD_BALANCER,
  });
});

test('takes failures as a share of requests, and ignores a handful of requests', () => {
  const alarms = alarmsOf({ ...served, minRequestsPerMinute: 20 });
  const metric = (name: string, dimensions: object) =>
    expect.objectContaining({
      metric: { namespace: 'AWS/ApplicationELB', metric_name: name, dimensions, period: 60, stat: 'Sum' },
      return_data: false,
    });
  expect(alarms['target-5xx']).toMatchObject({ threshold: 5 });
  expect(alarms['target-5xx']!.metric_query).toEqual(
    expect.arrayContaining([
      metric('HTTPCode_Target_5XX_Count', BLUE),
      metric('RequestCount', BLUE),
      expect.objectContaining({ expression: 'IF(requests >= 20, 100 * errors / (requests), 0)', return_data: true }),
    ]),
  );
  // Requests that found no target are not in RequestCount.
  expect(alarms['load-balancer-5xx']!.metric_query).toEqual(
    expect.arrayContaining([
      metric('HTTPCode_ELB_5XX_Count', LOAD_BALANCER),
      metric('RequestCount', LOAD_BALANCER),
      expect.objectContaining({
        expression: 'IF(errors + requests >= 20, 100 * errors / (errors + requests), 0)',
        return_data: true,
      }),
    ]),
  );
  for (const id of ['target-5xx', 'load-balancer-5xx']) {
    expect((alarms[id]!.metric_query as Alarm[]).filter((query) => query.return_data)).toHaveLength(1);
  }
});

test('watches either of a blue/green pair', () => {
  const alarms = alarmsOf({ ...served, greenTargetGroupArnSuffix: 'targetgroup/app-web-alb-tg-green/1' });
  expect(alarms['response-time-high']).toMatchObject({ dimensions: LOAD_BALANCER });
  expect(alarms['target-5xx']!.metric_query).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ metric: expect.objectContaining({ dimensions: LOAD_BALANCER }) }),
    ]),
  );
  expect(alarms['no-healthy-host']).not.toHaveProperty('metric_name');
  expect(
    (alarms['no-healthy-host']!.metric_query as { metric?: { dimensions: { TargetGroup: string } } }[]).map(
      (query) => query.metric?.dimensions.TargetGroup,
    ),
  ).toEqual(['targetgroup/app-web-alb-tg/1', 'targetgroup/app-web-alb-tg-green/1', undefined]);
});

test('takes other thresholds', () => {
  const alarms = alarmsOf({
    ...served,
    minRunningTasks: 2,
    cpuHighPercent: 75.5,
    memoryHighPercent: 80,
    loadBalancer5xxPercent: 1,
    target5xxPercent: 2,
    p99ResponseTimeSeconds: 0.5,
    maxUnhealthyHosts: 1,
    maxRejectedConnections: 3,
  });
  expect(Object.fromEntries(Object.entries(alarms).map(([id, alarm]) => [id, alarm.threshold]))).toEqual({
    'running-tasks-low': 2,
    'cpu-high': 75.5,
    'memory-high': 80,
    'load-balancer-5xx': 1,
    'target-5xx': 2,
    'response-time-high': 0.5,
    'unhealthy-hosts': 1,
    'no-healthy-host': 1,
    'rejected-connections': 3,
  });
});

test.each<[Partial<ServiceAlarmsProps>, string]>([
  [{ minRunningTasks: false }, 'running-tasks-low'],
  [{ cpuHighPercent: false }, 'cpu-high'],
  [{ memoryHighPercent: false }, 'memory-high'],
  [{ loadBalancer5xxPercent: false }, 'load-balancer-5xx'],
  [{ target5xxPercent: false }, 'target-5xx'],
  [{ p99ResponseTimeSeconds: false }, 'response-time-high'],
  [{ maxUnhealthyHosts: false }, 'unhealthy-hosts'],
  [{ noHealthyHost: false }, 'no-healthy-host'],
  [{ maxRejectedConnections: false }, 'rejected-connections'],
])('%j turns off %s alone', (props, off) => {
  expect(Object.keys(alarmsOf({ ...served, ...props })).sort()).toEqual(ALL_ALARMS.filter((id) => id !== off));
});

test('tells the topic when an alarm starts and when it is over', () => {
  expect(alarmsOf(task)['cpu-high']).toMatchObject({ alarm_actions: [TOPIC], ok_actions: [TOPIC] });
  expect(alarmsOf({ ...task, notifyOnRecovery: false })['cpu-high']).not.toHaveProperty('ok_actions');
});

test('makes a topic when none is given', () => {
  const resources = resourcesOf({
    ...task,
    topicArn: undefined,
    emailAddresses: ['team@example.com'],
    tags: { team: 'web' },
  });
  expect(Object.values(resources.aws_sns_topic!)).toEqual([
    expect.objectContaining({ name: 'app-web-alarms', tags: { team: 'web' } }),
  ]);
  expect(Object.values(resources.aws_sns_topic_subscription!)).toHaveLength(1);
  expect(resourcesOf(task)).not.toHaveProperty('aws_sns_topic');
});

test('names the alarms that a bad revision raises, and is waited for where they are named', () => {
  const json = Testing.synthScope((scope) => {
    const alarms = new ServiceAlarms(scope, 'alarms', served);
    new TerraformOutput(scope, 'all', { value: alarms.alarmNames });
    new TerraformOutput(scope, 'deployment', { value: alarms.deploymentAlarmNames });
    expect(new ServiceAlarms(scope, 'worker', task).deploymentAlarmNames).toEqual([]);
  });
  const { output } = JSON.parse(json);
  expect(output.all.value).toHaveLength(9);
  expect(output.deployment.value).toEqual(
    ['load-balancer-5xx', 'target-5xx', 'response-time-high'].map((id) =>
      expect.stringMatching(new RegExp(`^\\$\\{aws_cloudwatch_metric_alarm\\.alarms_${id}_\\w+\\.alarm_name\\}$`)),
    ),
  );
});

test.each<[string, Partial<ServiceAlarmsProps>, string]>([
  [
    'a name',
    { name: 'app web' },
    'name: "app web" is not a start of alarm names; allowed are letters, digits, dots, hyphens and underscores',
  ],
  ['a long name', { name: 'a'.repeat(235) }, 'has 235 characters, a start of alarm names at most 234; shorten it by 1'],
  [
    'half a load balancer',
    { loadBalancerArnSuffix: 'app/a/1' },
    'loadBalancerArnSuffix and targetGroupArnSuffix: only one is set; set both, or neither for a service without a load balancer',
  ],
  [
    'half a pair',
    { greenTargetGroupArnSuffix: 'targetgroup/a/1' },
    'greenTargetGroupArnSuffix: set without targetGroupArnSuffix; set both',
  ],
  [
    'a topic',
    { topicArn: 'alarms' },
    'topicArn: "alarms" is not the ARN of an SNS topic; use one such as arn:aws:sns:ap-northeast-2:111122223333:alarms',
  ],
  [
    'addresses for a given topic',
    { emailAddresses: ['a@example.com'] },
    'emailAddresses: set together with topicArn; subscribe them to that topic where it is created',
  ],
  [
    'a percentage of 100',
    { cpuHighPercent: 100 },
    'cpuHighPercent: 100 is not allowed; use a percentage above 0 and below 100, or false for no alarm',
  ],
  [
    'a percentage of 0',
    { target5xxPercent: 0 },
    'target5xxPercent: 0 is not allowed; use a percentage above 0 and below 100, or false for no alarm',
  ],
  [
    'a count of tasks',
    { minRunningTasks: 0 },
    'minRunningTasks: 0 is not allowed; use a whole number from 1, or false for no alarm',
  ],
  [
    'a count of requests',
    { minRequestsPerMinute: 0.5 },
    'minRequestsPerMinute: 0.5 is not allowed; use a whole number from 1',
  ],
  [
    'a negative count',
    { maxUnhealthyHosts: -1 },
    'maxUnhealthyHosts: -1 is not allowed; use a whole number from 0, or false for no alarm',
  ],
  [
    'a response time',
    { p99ResponseTimeSeconds: 0 },
    'p99ResponseTimeSeconds: 0 is not allowed; use seconds above 0, or false for no alarm',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => resourcesOf({ ...task, ...props })).toThrow(message);
});
