import { LoadBalancedService, type LoadBalancedServiceProps } from '@strata/ecs-patterns';
import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

type Resource = Record<string, unknown>;
type Props = Partial<LoadBalancedServiceProps>;

const base: LoadBalancedServiceProps = {
  name: 'app-web',
  exposure: 'public',
  vpcId: 'vpc-1',
  clusterName: 'AppEcsCluster',
  clusterArn: 'arn:aws:ecs:ap-northeast-2:111122223333:cluster/AppEcsCluster',
  publicSubnetIds: ['subnet-p1', 'subnet-p2'],
  privateSubnetIds: ['subnet-1', 'subnet-2'],
  image: '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/app-web:1',
  containerPort: 8000,
};
const INTERNAL: Props = { name: 'app-was', exposure: 'internal', containerPort: 8081 };
const WORKER: Props = { name: 'app-job', exposure: 'none', containerPort: undefined, publicSubnetIds: undefined };
const TOPIC = 'arn:aws:sns:ap-northeast-2:111122223333:alarms';
const INGRESS = 'aws_vpc_security_group_ingress_rule';
const EGRESS = 'aws_vpc_security_group_egress_rule';
const ALARM = 'aws_cloudwatch_metric_alarm';

function synth(build: (scope: Construct) => void) {
  const resources: Record<string, Record<string, Resource>> = JSON.parse(
    Testing.synthScope((scope) => build(scope)),
  ).resource;
  const all = (type: string): Resource[] => Object.values(resources[type] ?? {});
  return {
    all,
    /** The only resource of a type, or the only one whose attribute has a value. */
    one(type: string, attribute?: string, value?: unknown): Resource {
      const found = all(type).filter((resource) => attribute === undefined || resource[attribute] === value);
      if (found.length !== 1)
        throw new Error(
          `expected one ${type}${attribute === undefined ? '' : ` with ${attribute} ${String(value)}`}, found ${found.length}`,
        );
      return found[0]!;
    },
    /** Reference to an attribute of the only resource of a type whose `name` is given. */
    ref(type: string, name: string, attribute: string): string {
      const ids = Object.entries(resources[type] ?? {})
        .filter(([, resource]) => resource.name === name)
        .map(([logicalId]) => logicalId);
      if (ids.length !== 1) throw new Error(`expected one ${type} named ${name}, found ${ids.length}`);
      return `\${${type}.${ids[0]}.${attribute}}`;
    },
  };
}
const withProps = (props: Props = {}, then: (service: LoadBalancedService, scope: Construct) => void = () => {}) =>
  synth((scope) => then(new LoadBalancedService(scope, 'service', { ...base, ...props }), scope));
/** The main container; what Terraform encodes later is shown as its expression. */
const containerOf = (found: ReturnType<typeof synth>, ...which: [string, string] | []) => {
  const text = String(found.one('aws_ecs_task_definition', ...which).container_definitions);
  const [container] = JSON.parse(
    text.replace(/\$\{jsonencode\((.*?)\)\}/g, (_, expression) => JSON.stringify(expression)),
  );
  return container as Resource;
};

describe('a public service', () => {
  test('has the names, the places and the ports of app-web', () => {
    const found = withProps();
    expect(found.one('aws_lb')).toMatchObject({
      name: 'app-web-alb',
      internal: false,
      subnets: ['subnet-p1', 'subnet-p2'],
      ip_address_type: 'ipv4',
    });
    expect(found.one('aws_lb_listener')).toMatchObject({
      port: 80,
      protocol: 'HTTP',
      default_action: [
        { type: 'forward', target_group_arn: found.ref('aws_lb_target_group', 'app-web-alb-tg', 'arn') },
      ],
    });
    expect(found.one('aws_lb_target_group')).toMatchObject({
      name: 'app-web-alb-tg',
      target_type: 'ip',
      port: 8000,
      health_check: { path: '/health' },
    });
    expect(found.one('aws_ecs_task_definition')).toMatchObject({ family: 'app-web-td' });
    expect(found.one('aws_ecs_service')).toMatchObject({
      name: 'app-web-service',
      desired_count: 2,
      lifecycle: { ignore_changes: ['desired_count'] },
      network_configuration: {
        subnets: ['subnet-1', 'subnet-2'],
        assign_public_ip: false,
        security_groups: [found.ref('aws_security_group', 'app-web-sg', 'id')],
      },
      load_balancer: [
        {
          target_group_arn: found.ref('aws_lb_target_group', 'app-web-alb-tg', 'arn'),
          container_name: 'app-web',
          container_port: 8000,
        },
      ],
    });
    expect(
      found
        .all('aws_iam_role')
        .map((role) => role.name)
        .sort(),
    ).toEqual(['app-web-execution-role', 'app-web-task-role']);
    expect(found.one('aws_cloudwatch_log_group')).toMatchObject({ name: '/ecs/app-web' });
    expect(found.one('aws_appautoscaling_target')).toMatchObject({
      min_capacity: 2,
      max_capacity: 4,
      resource_id: `service/AppEcsCluster/${found.ref('aws_ecs_service', 'app-web-service', 'name')}`,
    });
    expect(found.one('aws_appautoscaling_policy')).toMatchObject({ name: 'app-web-asg-policy' });
    expect(containerOf(found)).toMatchObject({
      name: 'app-web',
      portMappings: [expect.objectContaining({ containerPort: 8000 })],
    });
    expect(found.all(ALARM)).toEqual([]);
  });

  test('is open on :80 to anyone, and its tasks to its load balancer only', () => {
    const found = withProps();
    const balancer = found.ref('aws_security_group', 'app-web-alb-sg', 'id');
    const tasks = found.ref('aws_security_group', 'app-web-sg', 'id');
    expect(found.all(INGRESS)).toHaveLength(2);
    expect(found.one(INGRESS, 'security_group_id', balancer)).toMatchObject({
      cidr_ipv4: '0.0.0.0/0',
      from_port: 80,
      to_port: 80,
    });
    expect(found.one(INGRESS, 'security_group_id', tasks)).toMatchObject({
      referenced_security_group_id: balancer,
      from_port: 0,
      to_port: 65535,
    });
    expect(found.one(EGRESS, 'security_group_id', balancer)).toMatchObject({
      referenced_security_group_id: tasks,
      from_port: 0,
      to_port: 65535,
    });
  });

  test('keeps its target group and its rules when the port of the container changes', () => {
    const [before, after] = [withProps(), withProps({ containerPort: 9000 })];
    for (const type of [INGRESS, EGRESS]) expect(after.all(type)).toEqual(before.all(type));
    expect(after.one('aws_lb_target_group').lifecycle).toMatchObject({ ignore_changes: ['port'] });
  });

  test('has another target group, beside the former, for another version of HTTP', () => {
    expect(withProps({ protocolVersion: 'HTTP2' }).one('aws_lb_target_group').name).toBe('app-web-alb-tg-http2');
  });

  test('registers tasks only once the listeners exist', () => {
    const found = withProps({ https: { certificateArn: 'arn:aws:acm:ap-northeast-2:111122223333:certificate/1' } });
    expect(
      (found.one('aws_ecs_service').depends_on as string[]).filter((id) => id.startsWith('aws_lb_listener.')),
    ).toHaveLength(2);
  });

  test('can be open to some only', () => {
    expect(
      withProps({ ingressCidrs: ['203.0.113.0/24'] })
        .all(INGRESS)
        .map((rule) => rule.cidr_ipv4)
        .filter(Boolean),
    ).toEqual(['203.0.113.0/24']);
    const found = withProps({ ingressPrefixListIds: { cloudfront: 'pl-1' } });
    expect(
      found
        .all(INGRESS)
        .map((rule) => rule.cidr_ipv4)
        .filter(Boolean),
    ).toEqual([]);
    expect(found.one(INGRESS, 'prefix_list_id', 'pl-1')).toMatchObject({ from_port: 80 });
  });

  test('is reached over IPv6 too when dual stack', () => {
    const found = withProps({ dualStack: true });
    expect(found.one('aws_lb')).toMatchObject({ ip_address_type: 'dualstack' });
    expect(found.one(INGRESS, 'cidr_ipv6', '::/0')).toMatchObject({ from_port: 80 });
    expect(found.one(EGRESS, 'cidr_ipv6', '::/0')).toMatchObject({
      security_group_id: found.ref('aws_security_group', 'app-web-sg', 'id'),
    });
  });

  test('has tasks in public subnets where there is no NAT', () => {
    expect(
      withProps({ taskSubnetIds: ['subnet-p1', 'subnet-p2'], assignPublicIp: true }).one('aws_ecs_service'),
    ).toMatchObject({
      network_configuration: { subnets: ['subnet-p1', 'subnet-p2'], assign_public_ip: true },
    });
  });
});

describe('an internal service', () => {
  test('is in the private subnets, closed until a caller is let in', () => {
    const found = withProps(INTERNAL);
    expect(found.one('aws_lb')).toMatchObject({
      name: 'app-was-alb',
      internal: true,
      subnets: ['subnet-1', 'subnet-2'],
    });
    expect(found.all(INGRESS)).toEqual([
      expect.objectContaining({
        security_group_id: found.ref('aws_security_group', 'app-was-sg', 'id'),
        referenced_security_group_id: found.ref('aws_security_group', 'app-was-alb-sg', 'id'),
      }),
    ]);
  });

  test('lets in named security groups', () => {
    const found = withProps({ ...INTERNAL, callerSecurityGroupIds: { batch: 'sg-batch' } });
    expect(found.one(INGRESS, 'referenced_security_group_id', 'sg-batch')).toMatchObject({
      security_group_id: found.ref('aws_security_group', 'app-was-alb-sg', 'id'),
      from_port: 80,
      to_port: 80,
    });
  });

  const both = (webProps: Props = {}, wasProps: Props = {}) =>
    synth((scope) => {
      const was = new LoadBalancedService(scope, 'app-was', { ...base, ...INTERNAL, ...wasProps });
      const web = new LoadBalancedService(scope, 'app-web', {
        ...base,
        environment: { WAS_URL: was.url! },
        ...webProps,
      });
      was.allowFrom(web);
    });

  test('lets in a service: exactly its group, on :80, and nothing else', () => {
    const found = both();
    const wasBalancer = found.ref('aws_security_group', 'app-was-alb-sg', 'id');
    const web = found.ref('aws_security_group', 'app-web-sg', 'id');
    expect(found.one(INGRESS, 'security_group_id', wasBalancer)).toEqual({
      security_group_id: wasBalancer,
      referenced_security_group_id: web,
      from_port: 80,
      to_port: 80,
      ip_protocol: 'tcp',
      description: 'TCP 80 from app-web',
    });
    expect(found.all(INGRESS)).toHaveLength(4);
    expect(found.one(EGRESS, 'security_group_id', web)).toMatchObject({ cidr_ipv4: '0.0.0.0/0' });
  });

  test('opens the side of a caller whose egress is closed', () => {
    const found = both({ allowAllEgress: false });
    expect(found.one(EGRESS, 'security_group_id', found.ref('aws_security_group', 'app-web-sg', 'id'))).toMatchObject({
      referenced_security_group_id: found.ref('aws_security_group', 'app-was-alb-sg', 'id'),
      from_port: 80,
      to_port: 80,
    });
  });

  test('is called on :443 when it has a certificate', () => {
    const found = both(
      { allowAllEgress: false },
      { https: { certificateArn: 'arn:aws:acm:ap-northeast-2:111122223333:certificate/1' } },
    );
    expect(
      found.one(INGRESS, 'security_group_id', found.ref('aws_security_group', 'app-was-alb-sg', 'id')),
    ).toMatchObject({ from_port: 443 });
    expect(found.one(EGRESS, 'security_group_id', found.ref('aws_security_group', 'app-web-sg', 'id'))).toMatchObject({
      from_port: 443,
    });
  });

  test('tells its address from Terraform', () => {
    const found = both();
    const address = found.ref('aws_lb', 'app-was-alb', 'dns_name').slice(2, -1);
    expect(containerOf(found, 'family', 'app-web-td').environment).toEqual([
      { name: 'WAS_URL', value: expect.stringContaining(`"http://", ${address}`) },
    ]);
  });

  test('shares nothing with its neighbour', () => {
    const found = both();
    for (const [type, count] of [
      ['aws_lb', 2],
      ['aws_lb_target_group', 2],
      ['aws_security_group', 4],
      ['aws_iam_role', 4],
      ['aws_cloudwatch_log_group', 2],
    ] as const) {
      const names = found.all(type).map((resource) => resource.name);
      expect(new Set(names).size).toBe(count);
    }
  });

  test('refuses a caller twice', () => {
    withProps(INTERNAL, (was, scope) => {
      const web = new LoadBalancedService(scope, 'web', base);
      was.allowFrom(web);
      expect(() => was.allowFrom(web)).toThrow('source "app-web" is already allowed on port 80; add each source once');
    });
  });
});

describe('a worker', () => {
  test('has no load balancer and lets nobody in', () => {
    const found = withProps(WORKER);
    for (const type of ['aws_lb', 'aws_lb_listener', 'aws_lb_target_group', INGRESS])
      expect(found.all(type)).toEqual([]);
    expect(found.one('aws_security_group')).toMatchObject({ name: 'app-job-sg' });
    expect(found.one('aws_ecs_service')).toMatchObject({ name: 'app-job-service' });
    expect(found.one('aws_ecs_service')).not.toHaveProperty('health_check_grace_period_seconds');
    withProps(WORKER, (worker) => expect(worker.url).toBeUndefined());
  });

  test('and a public service cannot let callers in by their group', () => {
    withProps(WORKER, (worker, scope) => {
      const web = new LoadBalancedService(scope, 'web', base);
      expect(() => worker.allowFrom(web)).toThrow(
        'exposure: "none" has no load balancer for "app-web" to call; use exposure "internal"',
      );
      expect(() => web.allowFrom(worker)).toThrow(
        'exposure: "public" cannot let in the security group of "app-job", whose calls arrive from the internet; use exposure "internal", or ingressCidrs',
      );
    });
  });
});

describe('names', () => {
  test('take a prefix, except the container', () => {
    const found = withProps({ namePrefix: 'dev' });
    expect(found.one('aws_lb')).toMatchObject({ name: 'dev-app-web-alb' });
    expect(found.one('aws_ecs_task_definition')).toMatchObject({ family: 'dev-app-web-td' });
    expect(found.one('aws_cloudwatch_log_group')).toMatchObject({ name: '/ecs/dev-app-web' });
    expect(containerOf(found)).toMatchObject({ name: 'app-web' });
  });

  test('can each be given', () => {
    const found = withProps({
      loadBalancerName: 'front',
      loadBalancerSecurityGroupName: 'front-group',
      targetGroupName: 'front-targets',
      securityGroupName: 'web-group',
      family: 'web-family',
      containerName: 'web',
      serviceName: 'web',
      taskRoleName: 'ecsWebTaskRole',
      executionRoleName: 'ecsWebExecutionRole',
      logGroupName: '/web',
      autoscalingPolicyName: 'web-scaling',
    });
    expect(found.one('aws_lb')).toMatchObject({ name: 'front' });
    expect(
      found
        .all('aws_security_group')
        .map((group) => group.name)
        .sort(),
    ).toEqual(['front-group', 'web-group']);
    expect(found.one('aws_lb_target_group')).toMatchObject({ name: 'front-targets' });
    expect(found.one('aws_ecs_task_definition')).toMatchObject({ family: 'web-family' });
    expect(containerOf(found)).toMatchObject({ name: 'web' });
    expect(found.one('aws_ecs_service')).toMatchObject({ name: 'web' });
    expect(
      found
        .all('aws_iam_role')
        .map((role) => role.name)
        .sort(),
    ).toEqual(['ecsWebExecutionRole', 'ecsWebTaskRole']);
    expect(found.one('aws_cloudwatch_log_group')).toMatchObject({ name: '/web' });
    expect(found.one('aws_appautoscaling_policy')).toMatchObject({ name: 'web-scaling' });
  });

  test('of a worker may be longer than a load balancer could be named', () => {
    expect(() => withProps({ ...WORKER, name: 'a'.repeat(48) })).not.toThrow();
  });
});

describe('scaling', () => {
  test('starts with the fewest tasks and follows requests', () => {
    const found = withProps({ minCapacity: 3, maxCapacity: 6, requestsPerTarget: 1000, memoryTargetPercent: 80 });
    expect(found.one('aws_ecs_service')).toMatchObject({ desired_count: 3 });
    const balancer = found.ref('aws_lb', 'app-web-alb', 'arn_suffix');
    const targets = found.ref('aws_lb_target_group', 'app-web-alb-tg', 'arn_suffix');
    expect(found.one('aws_appautoscaling_policy', 'name', 'app-web-asg-policy-requests')).toMatchObject({
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { resource_label: `${balancer}/${targets}` },
      },
    });
    expect(found.one('aws_appautoscaling_policy', 'name', 'app-web-asg-policy-memory')).toBeDefined();
  });

  test('can be left to Terraform', () => {
    const found = withProps({ autoscaling: false, desiredCount: 1 });
    expect(found.all('aws_appautoscaling_target')).toEqual([]);
    expect(found.one('aws_ecs_service')).toMatchObject({ desired_count: 1 });
    expect(found.one('aws_ecs_service')).not.toHaveProperty('lifecycle');
  });
});

describe('alarms', () => {
  test('are made for a topic, and watch deployments', () => {
    const found = withProps({
      alarms: true,
      rollBackOnAlarms: true,
      alarmTopicArn: TOPIC,
      cpuHighPercent: 80,
      memoryHighPercent: false,
    });
    expect(
      found
        .all(ALARM)
        .map((alarm) => alarm.alarm_name)
        .sort(),
    ).toEqual([
      'app-web-cpu-high',
      'app-web-load-balancer-5xx',
      'app-web-no-healthy-host',
      'app-web-rejected-connections',
      'app-web-response-time-high',
      'app-web-running-tasks-low',
      'app-web-target-5xx',
      'app-web-unhealthy-hosts',
    ]);
    expect(found.one(ALARM, 'alarm_name', 'app-web-cpu-high')).toMatchObject({
      threshold: 80,
      alarm_actions: [TOPIC],
      dimensions: { ClusterName: 'AppEcsCluster', ServiceName: 'app-web-service' },
    });
    const { alarms } = found.one('aws_ecs_service') as {
      alarms: { alarm_names: string[]; enable: boolean; rollback: boolean };
    };
    expect(alarms).toMatchObject({ enable: true, rollback: true });
    expect(alarms.alarm_names.map((name) => /service_alarms_([a-z0-9-]+)_/.exec(name)![1])).toEqual([
      'load-balancer-5xx',
      'target-5xx',
      'response-time-high',
    ]);
    // The other way round would be a cycle.
    expect(JSON.stringify(found.all(ALARM))).not.toContain('aws_ecs_service');
  });

  test('can leave deployments alone, or join others that do not', () => {
    expect(
      withProps({ alarms: true, alarmTopicArn: TOPIC, rollBackOnAlarms: false }).one('aws_ecs_service'),
    ).not.toHaveProperty('alarms');
    expect(withProps({ deploymentAlarmNames: ['own'] }).one('aws_ecs_service')).toMatchObject({
      alarms: { alarm_names: ['own'] },
    });
    expect(
      (
        withProps({ alarms: true, rollBackOnAlarms: true, alarmTopicArn: TOPIC, deploymentAlarmNames: ['own'] }).one(
          'aws_ecs_service',
        ).alarms as {
          alarm_names: string[];
        }
      ).alarm_names,
    ).toHaveLength(4);
  });

  test('get a topic of their own on request', () => {
    const found = withProps({ alarms: true, alarmEmailAddresses: ['team@example.com'], namePrefix: 'dev' });
    expect(found.one('aws_sns_topic')).toMatchObject({ name: 'dev-app-web-alarms' });
    expect(found.one('aws_sns_topic_subscription')).toMatchObject({ endpoint: 'team@example.com' });
  });

  test('of a worker are those of its tasks, and none expects tasks where none may run', () => {
    const names = (props: Props) =>
      withProps({ ...WORKER, alarms: true, alarmTopicArn: TOPIC, ...props })
        .all(ALARM)
        .map((alarm) => alarm.alarm_name)
        .sort();
    expect(names({})).toEqual(['app-job-cpu-high', 'app-job-memory-high', 'app-job-running-tasks-low']);
    expect(names({ minCapacity: 0 })).toEqual(['app-job-cpu-high', 'app-job-memory-high']);
  });
});

test('gives CodeDeploy a second target group, the forwarding and the revision', () => {
  const found = withProps({
    deploymentController: 'CODE_DEPLOY',
    testListenerPort: 9001,
    alarms: true,
    alarmTopicArn: TOPIC,
  });
  expect(
    found
      .all('aws_lb_target_group')
      .map((group) => group.name)
      .sort(),
  ).toEqual(['app-web-alb-tg', 'app-web-alb-tg-green']);
  for (const listener of found.all('aws_lb_listener'))
    expect(listener).toMatchObject({ lifecycle: { ignore_changes: ['default_action'] } });
  expect(found.one('aws_ecs_service')).toMatchObject({
    deployment_controller: { type: 'CODE_DEPLOY' },
    lifecycle: {
      ignore_changes: [
        'desired_count',
        'task_definition',
        'load_balancer',
        'network_configuration',
        'platform_version',
        'enable_execute_command',
      ],
    },
  });
  expect(found.one('aws_ecs_service')).not.toHaveProperty('alarms');
  expect(found.one(ALARM, 'alarm_name', 'app-web-no-healthy-host')).toHaveProperty('metric_query');
});

test('hands the options of its parts on', () => {
  const found = withProps({
    cpu: 1024,
    memoryMiB: 3072,
    cpuArchitecture: 'X86_64',
    spotPercent: 75,
    logRetentionDays: 7,
    healthCheckPath: '/ready',
    deregistrationDelaySeconds: 5,
    https: { domainName: 'app.example.com', hostedZoneId: 'Z1' },
    webAclArn: 'arn:aws:wafv2:ap-northeast-2:111122223333:regional/webacl/a/1',
    deletionProtection: true,
    accessLogsBucketName: 'logs',
    enableExecuteCommand: true,
    tags: { team: 'web' },
    sidecars: [{ containerName: 'agent', image: 'agent:1' }],
    containerDependsOn: [{ containerName: 'agent', condition: 'START' }],
  });
  expect(found.one('aws_ecs_task_definition')).toMatchObject({
    cpu: '1024',
    memory: '3072',
    runtime_platform: { cpu_architecture: 'X86_64' },
    tags: { team: 'web' },
  });
  expect(containerOf(found).dependsOn).toEqual([{ containerName: 'agent', condition: 'START' }]);
  expect(found.one('aws_ecs_service')).toMatchObject({
    enable_execute_command: true,
    capacity_provider_strategy: expect.arrayContaining([
      expect.objectContaining({ capacity_provider: 'FARGATE_SPOT', weight: 75 }),
    ]),
  });
  expect(found.one('aws_cloudwatch_log_group')).toMatchObject({ retention_in_days: 7 });
  expect(found.one('aws_lb_target_group')).toMatchObject({
    deregistration_delay: '5',
    health_check: { path: '/ready' },
  });
  expect(found.one('aws_lb')).toMatchObject({
    enable_deletion_protection: true,
    access_logs: { bucket: 'logs' },
    tags: { team: 'web' },
  });
  expect(found.one('aws_route53_record', 'name', 'app.example.com')).toMatchObject({ type: 'A' });
  expect(found.all('aws_wafv2_web_acl_association')).toHaveLength(1);
});

test.each<[string, Props, string]>([
  [
    'a name',
    { name: 'app_web' },
    'name: "app_web" is not a service name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [
    'a prefix',
    { namePrefix: 'dev-' },
    'namePrefix: "dev-" is not a name prefix; allowed are letters, digits and hyphens',
  ],
  [
    'an exposure',
    { exposure: 'privat' as 'none' },
    'exposure: "privat" is not allowed; use one of "public", "internal", "none"',
  ],
  [
    'a name too long for its load balancer',
    { name: 'a'.repeat(29) },
    `loadBalancerName: "${'a'.repeat(29)}-alb" has 33 characters, a load balancer name at most 32; shorten it by 1`,
  ],
  [
    'a name too long for its target group',
    { name: 'a'.repeat(26) },
    `targetGroupName: "${'a'.repeat(26)}-alb-tg" has 33 characters, a target group name at most 32; shorten it by 1`,
  ],
  [
    'a name too long for a pair of target groups',
    { name: 'a'.repeat(20), deploymentController: 'CODE_DEPLOY' },
    'a target group name with a blue/green twin at most 26; shorten it by 1',
  ],
  [
    'a name that AWS reserves',
    { namePrefix: 'internal' },
    'loadBalancerName: "internal-app-web-alb" starts with "internal-", which AWS reserves; choose another load balancer name',
  ],
  [
    'one name for both roles',
    { taskRoleName: 'role', executionRoleName: 'role' },
    'taskRoleName: "role" is also the execution role\'s name; give each role its own',
  ],
  ['a port', { containerPort: 0 }, 'containerPort: 0 is not allowed; use a whole number from 1 to 65535'],
  [
    'no public subnets',
    { publicSubnetIds: undefined },
    'publicSubnetIds: missing, and exposure "public" needs subnets for its load balancer',
  ],
  [
    'callers of a public service',
    { callerSecurityGroupIds: { web: 'sg-1' } },
    'callerSecurityGroupIds: callers reach a public service from the internet, not from their security group; use exposure "internal", or ingressCidrs',
  ],
  [
    'a load balancer option of a worker',
    { ...WORKER, https: { certificateArn: 'arn:aws:acm:x' } },
    'https: has no effect on a service with exposure "none", which has no load balancer; leave it out, or change exposure',
  ],
  [
    'a target group option of a worker',
    { ...WORKER, healthCheckPath: '/' },
    'healthCheckPath: has no effect on a service with exposure "none", which has no load balancer; leave it out, or change exposure',
  ],
  [
    'callers of a worker',
    { ...WORKER, callerSecurityGroupIds: { web: 'sg-1' } },
    'callerSecurityGroupIds: has no effect on a service with exposure "none", which has no load balancer; leave it out, or change exposure',
  ],
  [
    'requests of a worker',
    { ...WORKER, requestsPerTarget: 10 },
    'requestsPerTarget: has no effect on a service with exposure "none", which has no load balancer; leave it out, or change exposure',
  ],
  [
    'a grace period of a worker',
    { ...WORKER, healthCheckGracePeriodSeconds: 10 },
    'healthCheckGracePeriodSeconds: has no effect on a service with exposure "none", which has no load balancer; leave it out, or change exposure',
  ],
  [
    'CodeDeploy for a worker',
    { ...WORKER, deploymentController: 'CODE_DEPLOY' },
    'deploymentController: "CODE_DEPLOY" is not allowed; CodeDeploy shifts load balancer traffic, and a service with exposure "none" has none; use "ECS"',
  ],
  [
    'requests with CodeDeploy',
    { deploymentController: 'CODE_DEPLOY', requestsPerTarget: 10 },
    'requestsPerTarget: 10 is not allowed; it cannot be used while CodeDeploy switches the target group; leave it out, or use the deploymentController "ECS"',
  ],
  [
    'bounds without autoscaling',
    { autoscaling: false, maxCapacity: 5 },
    'maxCapacity: autoscaling is false; leave it out, or set autoscaling to true',
  ],
  [
    'a count out of bounds',
    { desiredCount: 5 },
    'desiredCount: 5 is not allowed; use 2 to 4, from minCapacity to maxCapacity, or move those',
  ],
  [
    'a topic without alarms',
    { alarms: false, alarmTopicArn: TOPIC },
    'alarmTopicArn: there are no alarms to notify it of; set alarms to true too, or leave it out',
  ],
  [
    'addresses without a topic made here',
    { alarms: true, alarmTopicArn: TOPIC, alarmEmailAddresses: ['a@example.com'] },
    'alarmEmailAddresses: they are subscribed to a topic created here',
  ],
  [
    'deployment alarms without alarms',
    { rollBackOnAlarms: true },
    'rollBackOnAlarms: there are no alarms to roll back on; set alarms to true too',
  ],
  [
    'gRPC without TLS',
    { protocolVersion: 'GRPC' },
    'protocolVersion: "GRPC" is not allowed; gRPC requires HTTPS; set https too',
  ],
  ['what a part refuses', { cpu: 300 }, 'cpu'],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('names all problems at once, in every name that follows', () => {
  expect(() => withProps({ name: 'a'.repeat(29), publicSubnetIds: undefined, desiredCount: 9 })).toThrow(
    /4 problems:\n {2}- loadBalancerName: .*\n {2}- targetGroupName: .*\n {2}- desiredCount: .*\n {2}- publicSubnetIds: /,
  );
});
