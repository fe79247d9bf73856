import { ServiceAutoscaling, type ScheduledCapacity, type ServiceAutoscalingProps } from '@strata/ecs';
import { Testing } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const LABEL = 'app/app-web-alb/50dc6c495c0c9188/targetgroup/app-web-tg/943f017f100becff';
const made = (more: Partial<ServiceAutoscalingProps> = {}) =>
  synthResources(
    (scope) =>
      void new ServiceAutoscaling(scope, 'autoscaling', {
        clusterName: 'AppEcsCluster',
        serviceName: 'app-web-service',
        policyName: 'app-web-asg-policy',
        ...more,
      }),
  );
const scheduled = (...schedules: Partial<ScheduledCapacity>[]) =>
  made({
    schedules: schedules.map((s) => ({ name: 'day', schedule: 'cron(0 8 ? * MON-FRI *)', minCapacity: 4, ...s })),
  });

test('the default is 2 to 4 tasks on 70 % CPU with cooldowns of 300 s', () => {
  const stack = made();
  expect(stack.one('aws_appautoscaling_target')).toMatchObject({
    service_namespace: 'ecs',
    scalable_dimension: 'ecs:service:DesiredCount',
    resource_id: 'service/AppEcsCluster/app-web-service',
    min_capacity: 2,
    max_capacity: 4,
  });
  expect(stack.one('aws_appautoscaling_target').lifecycle).toBeUndefined();
  expect(stack.one('aws_appautoscaling_policy')).toMatchObject({
    name: 'app-web-asg-policy',
    policy_type: 'TargetTrackingScaling',
    resource_id: expect.stringContaining('aws_appautoscaling_target'),
    target_tracking_scaling_policy_configuration: {
      target_value: 70,
      predefined_metric_specification: { predefined_metric_type: 'ECSServiceAverageCPUUtilization' },
      scale_out_cooldown: 300,
      scale_in_cooldown: 300,
      disable_scale_in: false,
    },
  });
});

test('bounds, target, cooldowns and scale-in can be chosen', () => {
  const stack = made({
    minCapacity: 0,
    maxCapacity: 10,
    cpuTargetPercent: 50.5,
    scaleOutCooldownSeconds: 0,
    scaleInCooldownSeconds: 600,
    disableScaleIn: true,
    tags: { team: 'web' },
  });
  expect(stack.one('aws_appautoscaling_target')).toMatchObject({
    min_capacity: 0,
    max_capacity: 10,
    tags: { team: 'web' },
  });
  expect(stack.one('aws_appautoscaling_policy').target_tracking_scaling_policy_configuration).toMatchObject({
    target_value: 50.5,
    scale_out_cooldown: 0,
    scale_in_cooldown: 600,
    disable_scale_in: true,
  });
});

test('memory and requests are policies of their own', () => {
  const policies = made({ memoryTargetPercent: 80, requestsPerTarget: 1000, albResourceLabel: LABEL }).all(
    'aws_appautoscaling_policy',
  );
  expect(policies.map((p) => p.name)).toEqual([
    'app-web-asg-policy',
    'app-web-asg-policy-memory',
    'app-web-asg-policy-requests',
  ]);
  expect(policies.map((p) => p.target_tracking_scaling_policy_configuration)).toMatchObject([
    {},
    {
      target_value: 80,
      predefined_metric_specification: { predefined_metric_type: 'ECSServiceAverageMemoryUtilization' },
    },
    {
      target_value: 1000,
      predefined_metric_specification: { predefined_metric_type: 'ALBRequestCountPerTarget', resource_label: LABEL },
    },
  ]);
});

test('CPU can be turned off, and every policy named', () => {
  const stack = made({
    cpuTargetPercent: false,
    memoryTargetPercent: 80,
    memoryPolicyName: 'm',
    requestsPerTarget: 1,
    requestsPolicyName: 'r',
    albResourceLabel: LABEL,
  });
  expect(stack.all('aws_appautoscaling_policy').map((p) => p.name)).toEqual(['m', 'r']);
});

test('a plan warns of a bound in AWS that neither the options nor a schedule give', () => {
  const json = Testing.synthScope(
    (scope) =>
      void new ServiceAutoscaling(scope, 'autoscaling', {
        clusterName: 'AppEcsCluster',
        serviceName: 'app-web-service',
        policyName: 'app-web-asg-policy',
        minCapacity: 3,
        schedules: [{ name: 'day', schedule: 'rate(1 day)', minCapacity: 4 }],
      }),
  );
  const { check } = JSON.parse(json) as { check: Record<string, { assert: Record<string, string>[] }> };
  const [[name, { assert }], ...others] = Object.entries(check) as [[string, (typeof check)[string]]];
  expect([name, others]).toEqual([expect.stringMatching(/^autoscaling_target_\w+_min_capacity$/), []]);
  expect(assert[0]!.condition).toMatch(/^\$\{contains\(\[3,4\], aws_appautoscaling_target\.\w+\.min_capacity\)\}$/);
  expect(assert[0]!.error_message).toContain('minCapacity: 3 has no effect, as schedules own this bound');
});

test('a schedule owns the bounds that it sets', () => {
  const stack = scheduled({
    timezone: 'Asia/Seoul',
    startTime: '2026-12-01T00:00:00Z',
    endTime: '2026-12-31T00:00:00+09:00',
  });
  expect(stack.one('aws_appautoscaling_scheduled_action')).toMatchObject({
    name: 'day',
    schedule: 'cron(0 8 ? * MON-FRI *)',
    timezone: 'Asia/Seoul',
    start_time: '2026-12-01T00:00:00Z',
    end_time: '2026-12-31T00:00:00+09:00',
    scalable_target_action: { min_capacity: '4' },
    resource_id: expect.stringContaining('aws_appautoscaling_target'),
  });
  expect(stack.one('aws_appautoscaling_target').lifecycle).toEqual({ ignore_changes: ['min_capacity'] });
  expect(scheduled({ minCapacity: undefined, maxCapacity: 9 }).one('aws_appautoscaling_target').lifecycle).toEqual({
    ignore_changes: ['max_capacity'],
  });
  expect(scheduled({}).one('aws_appautoscaling_scheduled_action').timezone).toBe('Etc/UTC');
});

test.each([
  'cron(0 8 ? * MON-FRI *)',
  'cron(0/15 8-18 1,15 * ? 2026)',
  'rate(1 hour)',
  'rate(12 hours)',
  'at(2026-12-31T08:00:00)',
])('accepts %s', (schedule) => {
  expect(scheduled({ schedule }).one('aws_appautoscaling_scheduled_action').schedule).toBe(schedule);
});

test.each([
  ["8 o'clock", 'write cron(0 8 ? * MON-FRI *), rate(12 hours) or at(2026-12-31T08:00:00)'],
  ['cron(0 8 * * *)', 'cron has 6 fields (minute hour day-of-month month day-of-week year), this one has 5'],
  ['cron(0 8 * * * *)', 'give exactly one of day-of-month (third) and day-of-week (fifth) as "?"'],
  ['cron(0 8 ? * ? *)', 'give exactly one of day-of-month'],
  ['cron(0 8! ? * MON *)', '"8!" is not a cron field'],
  ['rate(1 hours)', 'write rate(1 hour) or rate(2 hours): minutes, hours or days'],
  ['rate(2 hour)', 'write rate(1 hour)'],
  ['at(tomorrow)', 'write at(yyyy-mm-ddThh:mm:ss)'],
  ['at(2026-13-01T00:00:00)', 'write at(yyyy-mm-ddThh:mm:ss)'],
])('refuses the schedule %s', (schedule, message) => {
  expect(() => scheduled({ schedule })).toThrow(`schedules[0].schedule: "${schedule}" is not allowed; ${message}`);
});

test.each<[string, () => unknown, string]>([
  ['bounds', () => made({ minCapacity: 5 }), 'minCapacity: 5 is not allowed; use at most maxCapacity, which is 4'],
  [
    'minimum',
    () => made({ minCapacity: -1 }),
    'minCapacity: -1 is not allowed; use a whole number from 0 to 5000 tasks',
  ],
  [
    'maximum',
    () => made({ minCapacity: 0, maxCapacity: 0 }),
    'maxCapacity: 0 is not allowed; use a whole number from 1 to 5000 tasks',
  ],
  ['CPU', () => made({ cpuTargetPercent: 0 }), 'cpuTargetPercent: 0 is not allowed; use at least 1'],
  ['memory', () => made({ memoryTargetPercent: 101 }), 'memoryTargetPercent: 101 is not allowed; use at most 100'],
  [
    'requests',
    () => made({ requestsPerTarget: 0, albResourceLabel: LABEL }),
    'requestsPerTarget: 0 is not allowed; use at least 1',
  ],
  [
    'label missing',
    () => made({ requestsPerTarget: 1 }),
    'requestsPerTarget: the load balancer whose requests count is missing; set albResourceLabel',
  ],
  [
    'label alone',
    () => made({ albResourceLabel: LABEL }),
    'albResourceLabel: it has no effect without requestsPerTarget',
  ],
  [
    'label',
    () => made({ requestsPerTarget: 1, albResourceLabel: 'x' }),
    'albResourceLabel: "x" is not a resource label; write app/<load balancer>/<id>/targetgroup/<target group>/<id>',
  ],
  [
    'nothing that scales',
    () => made({ cpuTargetPercent: false }),
    'cpuTargetPercent: false is not allowed; nothing else scales the service; set memoryTargetPercent, requestsPerTarget or schedules',
  ],
  [
    'cooldown',
    () => made({ scaleInCooldownSeconds: -1 }),
    'scaleInCooldownSeconds: -1 is not allowed; use a whole number from 0 to 86400 seconds',
  ],
  ['policy name', () => made({ policyName: '' }), 'policyName: "" is not a scaling policy name'],
  [
    'schedule name',
    () => scheduled({ name: 'a b' }),
    'schedules[0].name: "a b" is not allowed; use 1 to 255 letters, digits, dots, hyphens and underscores',
  ],
  [
    'schedule twice',
    () => scheduled({}, {}),
    'schedules[1].name: "day" is not allowed; is the name of another schedule; give each its own',
  ],
  [
    'time zone',
    () => scheduled({ timezone: 'Seoul' }),
    'schedules[0].timezone: "Seoul" is not allowed; use a time zone of the IANA database, such as "Asia/Seoul" or "Etc/UTC"',
  ],
  [
    'schedule without effect',
    () => scheduled({ minCapacity: undefined }),
    'schedules[0]: neither minCapacity nor maxCapacity is set, so it changes nothing',
  ],
  [
    'schedule bounds',
    () => scheduled({ maxCapacity: 3 }),
    'schedules[0].minCapacity: 4 is not allowed; use at most maxCapacity, which is 3',
  ],
  [
    'start',
    () => scheduled({ startTime: '2026-12-01' }),
    'schedules[0].startTime: "2026-12-01" is not allowed; use a time in RFC 3339, such as 2026-12-01T00:00:00Z',
  ],
])('refuses %s', (_, make, message) => {
  expect(make).toThrow(message);
});
