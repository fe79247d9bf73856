// What each option of a service changes, from cdktf.json to the resource.
import { checkConfig } from '@strata/core/config';
import { computeConfig } from '@strata/stack-compute';
import { synth } from './synth';

type Service = NonNullable<NonNullable<Parameters<typeof synth>[0]>['services']>[string];
const web = (service: Service) => synth({ services: { 'app-web': service } });
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/0f1e2d3c';
const NAMESPACE = 'arn:aws:servicediscovery:ap-northeast-2:123456789012:namespace/ns-1';

test('the health check, draining, slow start and stickiness are those of the target group', () => {
  expect(
    web({
      healthCheckMatcher: '200-299',
      healthCheckIntervalSeconds: 30,
      healthCheckTimeoutSeconds: 10,
      healthyThresholdCount: 3,
      unhealthyThresholdCount: 4,
      deregistrationDelaySeconds: 5,
      slowStartSeconds: 60,
      stickinessSeconds: 3600,
    }).named('aws_lb_target_group', 'app-web-alb-tg'),
  ).toMatchObject({
    health_check: { matcher: '200-299', interval: 30, timeout: 10, healthy_threshold: 3, unhealthy_threshold: 4 },
    deregistration_delay: '5',
    slow_start: 60,
    stickiness: { enabled: true, cookie_duration: 3600 },
  });
});

test('both target groups of a blue/green pair get the same settings', () => {
  const layer = web({
    deploymentController: 'CODE_DEPLOY',
    healthCheckIntervalSeconds: 20,
    stickinessSeconds: 60,
    algorithm: 'least_outstanding_requests',
    deregistrationDelaySeconds: 0,
  });
  const [blue, green] = ['app-web-alb-tg', 'app-web-alb-tg-green'].map((name) => {
    const { name: _, tags, ...settings } = layer.named('aws_lb_target_group', name);
    return settings;
  });
  expect(green).toEqual(blue);
  expect(green).toMatchObject({
    load_balancing_algorithm_type: 'least_outstanding_requests',
    health_check: { interval: 20 },
    stickiness: { cookie_duration: 60 },
    deregistration_delay: '0',
  });
});

test('the load balancer: idle timeout, protocols, headers, logs in a bucket that exists', () => {
  expect(
    web({
      idleTimeoutSeconds: 120,
      http2: false,
      desyncMitigationMode: 'strictest',
      dropInvalidHeaderFields: false,
      accessLogsBucketName: 'logs',
      accessLogsPrefix: 'web',
    }).named('aws_lb', 'app-web-alb'),
  ).toMatchObject({
    idle_timeout: 120,
    enable_http2: false,
    desync_mitigation_mode: 'strictest',
    drop_invalid_header_fields: false,
    access_logs: { bucket: 'logs', prefix: 'web', enabled: true },
  });
});

test('the service: grace period, platform, deployment and egress', () => {
  const layer = web({
    healthCheckGracePeriodSeconds: 0,
    platformVersion: '1.4.0',
    minimumHealthyPercent: 50,
    maximumPercent: 150,
    availabilityZoneRebalancing: false,
    circuitBreaker: false,
    allowAllEgress: false,
    serviceConnectNamespaceArn: NAMESPACE,
    serviceConnectPorts: [{ portName: 'app-web-8000', port: 80 }],
  });
  expect(layer.named('aws_ecs_service', 'app-web-service')).toMatchObject({
    health_check_grace_period_seconds: 0,
    platform_version: '1.4.0',
    deployment_minimum_healthy_percent: 50,
    deployment_maximum_percent: 150,
    availability_zone_rebalancing: 'DISABLED',
    deployment_circuit_breaker: { enable: false },
    service_connect_configuration: { namespace: NAMESPACE },
  });
  const group = layer.idOf('aws_security_group', 'app-web-sg');
  const egress = layer
    .all('aws_vpc_security_group_egress_rule')
    .filter((rule) => String(rule.security_group_id).includes(`.${group}.`));
  expect(egress.map((rule) => rule.cidr_ipv4)).not.toContain('0.0.0.0/0');
});

test('the container: entry point, volumes, limits, checks and logs', () => {
  const layer = web({
    entryPoint: ['/init'],
    workingDirectory: '/app',
    writablePaths: ['/tmp', '/cache'],
    ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
    containerHealthCheck: { command: ['CMD-SHELL', 'true'] },
    initProcessEnabled: false,
    logMode: 'blocking',
    logKmsKeyArn: KEY,
    sidecars: [{ containerName: 'agent', image: 'agent:1' }],
    containerDependsOn: [{ containerName: 'agent', condition: 'START' }],
  });
  const text = layer.containers('app-web-td');
  for (const part of [
    '"entryPoint":["/init"]',
    '"workingDirectory":"/app"',
    '"containerPath":"/cache"',
    '"softLimit":1024',
    '"command":["CMD-SHELL","true"],"interval":30',
    '"initProcessEnabled":false',
    '"mode":"blocking"',
    '"dependsOn":[{"containerName":"agent","condition":"START"}]',
  ])
    expect(text).toContain(part);
  const logs = layer.all('aws_cloudwatch_log_group').find(({ name }) => name === '/ecs/app-web');
  expect(logs).toMatchObject({ kms_key_id: KEY });
});

test("secrets under a customer's key: the execution role may decrypt with that key, and with no other", () => {
  const secret = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-a1b2c3';
  const layer = web({ secrets: { DB: { secretArn: secret, jsonKey: 'password' } }, secretsKmsKeyArns: [KEY] });
  const decrypts = (role: string) =>
    layer
      .statements(role)
      .filter(({ Action }) => Action.includes('kms:Decrypt'))
      .map(({ Resource }) => Resource);
  expect(decrypts('app-web-execution-role')).toEqual([[KEY]]);
  expect(decrypts('app-was-execution-role')).toEqual([]);
  expect(layer.containers('app-web-td')).toContain(`"valueFrom":"${secret}:password::"`);
});

test('alarms: thresholds, and one that is turned off', () => {
  const layer = web({ alarms: true, cpuHighPercent: 75, memoryHighPercent: false, p99ResponseTimeSeconds: 0.5 });
  const alarms = Object.fromEntries(
    layer.all('aws_cloudwatch_metric_alarm').map((alarm) => [alarm.alarm_name, alarm.threshold]),
  );
  expect(alarms).toMatchObject({ 'app-web-cpu-high': 75, 'app-web-response-time-high': 0.5 });
  expect(alarms).not.toHaveProperty('app-web-memory-high');
});

test('a fixed number of tasks, that start in the bounds where they scale', () => {
  expect(web({ autoscaling: false, desiredCount: 1 }).names('aws_appautoscaling_policy')).toEqual([
    'app-was-asg-policy',
  ]);
  expect(web({ minCapacity: 3 }).named('aws_ecs_service', 'app-web-service')).toMatchObject({ desired_count: 3 });
});

test('tasks with public addresses are in public subnets, and need no VPC endpoints', () => {
  const layer = synth({ services: { 'app-web': { assignPublicIp: true }, 'app-was': false } });
  expect(layer.named('aws_ecs_service', 'app-web-service').network_configuration).toMatchObject({
    assign_public_ip: true,
    subnets: '${data.terraform_remote_state.network.outputs.public_subnet_ids}',
  });
  expect(JSON.stringify(layer.data.terraform_remote_state)).not.toContain('ecr.api');
});

test('ECS Exec sessions are recorded where the layer says, and the task may write there', () => {
  const layer = synth({
    executeCommandLogGroupName: '/exec',
    executeCommandKmsKeyArn: KEY,
    services: { 'app-web': { enableExecuteCommand: true } },
  });
  expect(JSON.stringify(layer.all('aws_ecs_cluster'))).toContain('/exec');
  const statements = JSON.stringify(layer.statements('app-web-task-role'));
  expect(statements).toContain(':log-group:/exec');
  expect(statements).toContain(KEY);
});

test('the alarm topic mails the addresses of the layer', () => {
  const layer = synth({ alarmEmailAddresses: ['team@example.com'], services: { 'app-web': { alarms: true } } });
  expect(layer.all('aws_sns_topic_subscription')).toMatchObject([{ endpoint: 'team@example.com' }]);
});

test("what is wrong with a service's permissions is told by their keys, once, also where the layer adds some of its own", () => {
  const refused = (permissions: Exclude<Service, false>['permissions']) =>
    checkConfig(computeConfig, { services: { 'app-was': { modelEndpoint: true, permissions } } }, 'compute').problems;
  const at = 'compute.services.app-was.permissions';
  expect(
    refused([
      { actions: ['sqs:*'], resources: ['*'] },
      { actions: [], resources: [] },
    ]),
  ).toEqual([
    `${at}[0].actions: "sqs:*" allows every action of the service; name the ones that are needed`,
    `${at}[0].resources: "*" allows every resource; name the ARNs, or set allowAllResources where the action cannot be restricted to a resource`,
    `${at}[1].actions: an empty list allows nothing; name at least one action, such as "s3:GetObject"`,
    `${at}[1].resources: an empty list allows nothing; name at least one ARN`,
  ]);
});

test('an action that AWS cannot restrict to a resource is granted with allowAllResources', () => {
  const permission = { actions: ['iam:ListRoles'], resources: ['*'], allowAllResources: true };
  expect(web({ permissions: [permission] }).statements('app-web-task-role')).toEqual([
    { Effect: 'Allow', Action: ['iam:ListRoles'], Resource: ['*'] },
  ]);
});

test.each<[Service, string]>([
  [
    { healthCheckIntervalSeconds: 4 },
    'healthCheckIntervalSeconds: 4 is not allowed; use a whole number from 5 to 300 seconds',
  ],
  [
    { healthCheckTimeoutSeconds: 15 },
    'healthCheckTimeoutSeconds: 15 is not allowed; use less than the interval of 15 seconds',
  ],
  [
    { healthCheckTimeoutSeconds: 121 },
    'healthCheckTimeoutSeconds: 121 is not allowed; use a whole number from 2 to 120 seconds',
  ],
  [
    { unhealthyThresholdCount: 11 },
    'unhealthyThresholdCount: 11 is not allowed; use a whole number from 2 to 10 checks',
  ],
  [{ healthyThresholdCount: 1 }, 'healthyThresholdCount: 1 is not allowed'],
  [{ healthCheckMatcher: 'ok' }, 'healthCheckMatcher: "ok" is not allowed; use codes from 200 to 499'],
  [
    { deregistrationDelaySeconds: 3601 },
    'deregistrationDelaySeconds: 3601 is not allowed; use a whole number from 0 to 3600 seconds',
  ],
  [{ slowStartSeconds: 29 }, 'slowStartSeconds: 29 is not allowed; use a whole number from 30 to 900 seconds, or 0'],
  [
    { slowStartSeconds: 30, algorithm: 'least_outstanding_requests' },
    'slowStartSeconds: 30 is not allowed; slow start works only with the algorithm "round_robin"',
  ],
  [
    { stickinessSeconds: 604_801 },
    'stickinessSeconds: 604801 is not allowed; use a whole number from 1 to 604800 seconds',
  ],
  [{ idleTimeoutSeconds: 0 }, 'idleTimeoutSeconds: 0 is not allowed; use a whole number from 1 to 4000 seconds'],
  [
    { healthCheckGracePeriodSeconds: -1 },
    'healthCheckGracePeriodSeconds: -1 is not allowed; use a whole number from 0 to 2147483647 seconds',
  ],
  [{ algorithm: 'random' as never }, 'algorithm: "random" is not allowed; use one of "round_robin"'],
  [
    { exposure: 'none', stickinessSeconds: 60 },
    'stickinessSeconds: has no effect on a service with exposure "none", which has no load balancer',
  ],
  [{ secretsKmsKeyArns: ['alias/key'] }, 'secretsKmsKeyArns[0]: "alias/key" is not allowed; use the ARN of a KMS key'],
  [{ platformVersion: 'newest' }, 'platformVersion: "newest" is not allowed; use "LATEST"'],
  [{ ingressCidrs: ['10.0.0.1/16'] }, 'ingressCidrs: "10.0.0.1/16" has host bits set; use 10.0.0.0/16'],
  [
    { permissions: [{ actions: ['s3:*'], resources: ['arn:aws:s3:::b'] }] },
    'permissions[0].actions: "s3:*" allows every action of the service',
  ],
  [
    { deploymentController: 'CODE_DEPLOY', circuitBreaker: true },
    'circuitBreaker: true is not allowed; only the deploymentController "ECS" supports it',
  ],
  [{ protocolVersion: 'GRPC' }, 'protocolVersion: "GRPC" is not allowed; gRPC requires HTTPS'],
  [
    { enableExecuteCommand: true, readonlyRootFilesystem: true },
    'readonlyRootFilesystem: ECS Exec needs a writable root file system',
  ],
])('%j is refused by the configuration', (service, message) =>
  expect(() => web(service)).toThrow(`compute.services.app-web.${message}`),
);
