import { TargetGroup, type TargetGroupProps } from '@strata/elb';
import { TerraformVariable } from 'cdktf';
import { synth } from './synth';

const GROUP = 'aws_lb_target_group';
const base: TargetGroupProps = { name: 'app-web-alb-tg', vpcId: 'vpc-1', port: 8000 };
const withProps = (props: Partial<TargetGroupProps>) =>
  synth((scope) => new TargetGroup(scope, 'targets', { ...base, ...props }));

test('registers addresses, checks /health, and drains for 30 seconds by default', () => {
  expect(withProps({}).one(GROUP)).toEqual({
    name: 'app-web-alb-tg',
    vpc_id: 'vpc-1',
    target_type: 'ip',
    port: 8000,
    protocol: 'HTTP',
    protocol_version: 'HTTP1',
    deregistration_delay: '30',
    slow_start: 0,
    load_balancing_algorithm_type: 'round_robin',
    health_check: {
      enabled: true,
      path: '/health',
      port: 'traffic-port',
      protocol: 'HTTP',
      matcher: '200',
      interval: 15,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    },
    stickiness: { type: 'lb_cookie', enabled: false },
    tags: { Name: 'app-web-alb-tg' },
    lifecycle: { create_before_destroy: true, ignore_changes: ['port'] },
  });
});

test('passes every option on', () => {
  const group = withProps({
    protocol: 'HTTPS',
    protocolVersion: 'HTTP2',
    healthCheckPath: '/ping',
    healthCheckMatcher: '200,204-206',
    healthCheckIntervalSeconds: 30,
    healthCheckTimeoutSeconds: 10,
    healthyThresholdCount: 5,
    unhealthyThresholdCount: 4,
    deregistrationDelaySeconds: 0,
    slowStartSeconds: 60,
    stickinessSeconds: 3600,
    tags: { team: 'web' },
  }).one(GROUP);
  expect(group).toMatchObject({
    protocol: 'HTTPS',
    protocol_version: 'HTTP2',
    deregistration_delay: '0',
    slow_start: 60,
    health_check: {
      protocol: 'HTTPS',
      path: '/ping',
      matcher: '200,204-206',
      interval: 30,
      timeout: 10,
      healthy_threshold: 5,
      unhealthy_threshold: 4,
    },
    stickiness: { type: 'lb_cookie', enabled: true, cookie_duration: 3600 },
    tags: { team: 'web', Name: 'app-web-alb-tg' },
  });
  expect(withProps({ algorithm: 'least_outstanding_requests' }).one(GROUP)).toMatchObject({
    load_balancing_algorithm_type: 'least_outstanding_requests',
  });
  expect(withProps({ protocolVersion: 'GRPC' }).one(GROUP)).toMatchObject({ health_check: { matcher: '0' } });
});

test('makes a second group that differs in name only', () => {
  const found = withProps({ blueGreen: true });
  const blue = found.where(GROUP, 'name', 'app-web-alb-tg');
  expect(found.where(GROUP, 'name', 'app-web-alb-tg-green')).toEqual({
    ...blue,
    name: 'app-web-alb-tg-green',
    tags: { Name: 'app-web-alb-tg-green' },
  });
});

test('accepts the bounds themselves', () => {
  expect(() =>
    withProps({
      name: 'a'.repeat(32),
      port: 65535,
      healthCheckIntervalSeconds: 5,
      healthCheckTimeoutSeconds: 2,
      healthyThresholdCount: 10,
      unhealthyThresholdCount: 10,
      deregistrationDelaySeconds: 3600,
      slowStartSeconds: 900,
      stickinessSeconds: 604800,
    }),
  ).not.toThrow();
  expect(() => withProps({ name: 'a'.repeat(26), blueGreen: true })).not.toThrow();
});

test('leaves tokens to Terraform', () => {
  synth((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    expect(
      () =>
        new TargetGroup(scope, 'targets', {
          name: text,
          vpcId: text,
          port: number,
          healthCheckPath: text,
          healthCheckMatcher: text,
          healthCheckIntervalSeconds: number,
          healthCheckTimeoutSeconds: number,
          healthyThresholdCount: number,
          deregistrationDelaySeconds: number,
          slowStartSeconds: number,
          stickinessSeconds: number,
        }),
    ).not.toThrow();
  });
});

test.each<[string, Partial<TargetGroupProps>, string]>([
  [
    'a long name',
    { name: 'a'.repeat(33) },
    `name: "${'a'.repeat(33)}" has 33 characters, a target group name at most 32; shorten it by 1`,
  ],
  [
    'a name too long for its twin',
    { name: 'a'.repeat(27), blueGreen: true },
    'a target group name with a blue/green twin at most 26; shorten it by 1',
  ],
  [
    'a hyphen at the end',
    { name: 'app-' },
    'name: "app-" is not a target group name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  ['a port', { port: 0 }, 'port: 0 is out of range; use a whole number from 1 to 65535'],
  ['a protocol', { protocol: 'http' as 'HTTP' }, 'protocol: "http" is not allowed; use one of HTTP, HTTPS'],
  [
    'a protocol version',
    { protocolVersion: 'HTTP3' as 'HTTP2' },
    'protocolVersion: "HTTP3" is not allowed; use one of "HTTP1", "HTTP2", "GRPC"; did you mean "HTTP1"?',
  ],
  [
    'an algorithm',
    { algorithm: 'random' as 'round_robin' },
    'algorithm: "random" is not allowed; use one of "round_robin", "least_outstanding_requests", "weighted_random"',
  ],
  [
    'a path',
    { healthCheckPath: 'health' },
    'healthCheckPath: "health" is not allowed; use a path of 1 to 1024 characters that starts with /, such as /health',
  ],
  [
    'a matcher',
    { healthCheckMatcher: '200-600' },
    'healthCheckMatcher: "200-600" is not allowed; use codes from 200 to 499, as 200, 200,202 or 200-499',
  ],
  [
    'a matcher the wrong way round',
    { healthCheckMatcher: '299-200' },
    'healthCheckMatcher: "299-200" is not allowed; use codes from 200 to 499, as 200, 200,202 or 200-499',
  ],
  [
    'a gRPC matcher',
    { protocolVersion: 'GRPC', healthCheckMatcher: '200' },
    'healthCheckMatcher: "200" is not allowed; use codes from 0 to 99, as 0, 0,2 or 0-99',
  ],
  [
    'an interval',
    { healthCheckIntervalSeconds: 301 },
    'healthCheckIntervalSeconds: 301 is not allowed; use a whole number from 5 to 300 seconds',
  ],
  [
    'a timeout',
    { healthCheckTimeoutSeconds: 1 },
    'healthCheckTimeoutSeconds: 1 is not allowed; use a whole number from 2 to 120 seconds',
  ],
  [
    'a timeout as long as the interval',
    { healthCheckTimeoutSeconds: 15 },
    'healthCheckTimeoutSeconds: 15 is not allowed; use less than the interval of 15 seconds, or raise healthCheckIntervalSeconds',
  ],
  [
    'a threshold',
    { healthyThresholdCount: 1 },
    'healthyThresholdCount: 1 is not allowed; use a whole number from 2 to 10 checks',
  ],
  [
    'another threshold',
    { unhealthyThresholdCount: 11 },
    'unhealthyThresholdCount: 11 is not allowed; use a whole number from 2 to 10 checks',
  ],
  [
    'a delay',
    { deregistrationDelaySeconds: 3601 },
    'deregistrationDelaySeconds: 3601 is not allowed; use a whole number from 0 to 3600 seconds',
  ],
  [
    'a slow start',
    { slowStartSeconds: 29 },
    'slowStartSeconds: 29 is not allowed; use a whole number from 30 to 900 seconds, or 0 for no slow start',
  ],
  [
    'a slow start with another algorithm',
    { slowStartSeconds: 30, algorithm: 'weighted_random' },
    'slowStartSeconds: 30 is not allowed; slow start works only with the algorithm "round_robin", not "weighted_random"; use 0, or change algorithm',
  ],
  [
    'stickiness',
    { stickinessSeconds: 0 },
    'stickinessSeconds: 0 is not allowed; use a whole number from 1 to 604800 seconds',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('names all problems at once', () => {
  expect(() => withProps({ port: 0, healthCheckPath: 'x' })).toThrow(
    /2 problems:\n {2}- port: .*\n {2}- healthCheckPath: /,
  );
});
