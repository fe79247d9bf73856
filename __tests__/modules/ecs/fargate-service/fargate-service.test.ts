import { type FargateServiceProps, type FargateTaskDefinitionProps, ServiceSecurityGroup } from '@strata/ecs';
import { Token } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';
import { refusal, synthService } from './synth';

const TARGET = { targetGroupArn: 'arn:tg', containerPort: 8081 };
const refused = (more: Partial<FargateServiceProps>, task: Partial<FargateTaskDefinitionProps> = {}) =>
  refusal(() => synthService(more, task));

describe('defaults', () => {
  const { service, ...made } = synthService();

  test('two tasks on demand, in the subnets given, without public address', () => {
    expect(service).toMatchObject({
      name: 'app-was-service',
      cluster: 'arn:cluster',
      desired_count: 2,
      platform_version: 'LATEST',
      capacity_provider_strategy: [{ capacity_provider: 'FARGATE', base: 0, weight: 1 }],
      network_configuration: {
        subnets: ['subnet-1', 'subnet-2'],
        assign_public_ip: false,
        security_groups: [expect.stringContaining('aws_security_group')],
      },
    });
    expect(service.task_definition).toMatch(/^\$\{aws_ecs_task_definition\..*\.arn\}$/);
  });

  test('deployments are watched and rolled back, tasks stay in balance', () => {
    expect(service).toMatchObject({
      deployment_controller: { type: 'ECS' },
      deployment_circuit_breaker: { enable: true, rollback: true },
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      availability_zone_rebalancing: 'ENABLED',
      wait_for_steady_state: false,
    });
    expect(service.alarms).toBeUndefined();
  });

  test('Terraform ignores nothing of the service', () => {
    expect(service.lifecycle).toBeUndefined();
  });

  test('Spot can be turned on later without replacing the service', () => {
    expect(service.force_new_deployment).toBe(true);
    expect(service.launch_type).toBeUndefined();
  });

  test('ECS Exec is off, tags come from the service', () => {
    expect(service).toMatchObject({
      enable_execute_command: false,
      propagate_tags: 'SERVICE',
      enable_ecs_managed_tags: true,
      force_delete: false,
    });
    expect(service.health_check_grace_period_seconds).toBeUndefined();
  });

  test('a security group of its own that lets nobody in and everything out', () => {
    expect(made.one('aws_security_group')).toMatchObject({
      name: 'app-was-service-sg',
      vpc_id: 'vpc-1',
      tags: { Name: 'app-was-service-sg' },
    });
    expect(made.one('aws_security_group').lifecycle).toEqual({ create_before_destroy: true });
    expect(made.one('aws_security_group').ingress).toBeUndefined();
    expect(made.all('aws_vpc_security_group_ingress_rule')).toEqual([]);
    expect(made.one('aws_vpc_security_group_egress_rule')).toMatchObject({ ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' });
  });
});

describe('options', () => {
  test('autoscaling owns the desired count', () => {
    expect(synthService({ desiredCountOwner: 'autoscaling' }).service.lifecycle).toEqual({
      ignore_changes: ['desired_count'],
    });
  });

  test('Spot', () => {
    expect(synthService({ spotPercent: 75 }).service.capacity_provider_strategy).toEqual([
      { capacity_provider: 'FARGATE', base: 1, weight: 25 },
      { capacity_provider: 'FARGATE_SPOT', base: 0, weight: 75 },
    ]);
    expect(synthService({ spotPercent: 100, onDemandBase: 0 }).service.capacity_provider_strategy).toMatchObject([
      { base: 0, weight: 0 },
      { weight: 100 },
    ]);
  });

  test('deployments', () => {
    expect(synthService({ deploymentAlarmNames: ['errors'], rollback: false }).service).toMatchObject({
      deployment_circuit_breaker: { enable: true, rollback: false },
      alarms: { alarm_names: ['errors'], enable: true, rollback: false },
    });
    expect(synthService({ circuitBreaker: false }).service.deployment_circuit_breaker).toEqual({
      enable: false,
      rollback: false,
    });
    expect(
      synthService({ minimumHealthyPercent: 50, maximumPercent: 100, waitForSteadyState: true, desiredCount: 0 })
        .service,
    ).toMatchObject({
      deployment_minimum_healthy_percent: 50,
      deployment_maximum_percent: 100,
      availability_zone_rebalancing: 'DISABLED',
      wait_for_steady_state: true,
      desired_count: 0,
    });
    expect(synthService({ availabilityZoneRebalancing: false }).service.availability_zone_rebalancing).toBe('DISABLED');
  });

  test("CodeDeploy owns task definition and target group, and nothing of ECS's own deployments is set", () => {
    const { service } = synthService({
      deploymentController: 'CODE_DEPLOY',
      targetGroups: [TARGET],
      desiredCountOwner: 'autoscaling',
    });
    expect(service).toMatchObject({
      deployment_controller: { type: 'CODE_DEPLOY' },
      launch_type: 'FARGATE',
      availability_zone_rebalancing: 'DISABLED',
    });
    expect(service.lifecycle).toEqual({
      ignore_changes: [
        'desired_count',
        'task_definition',
        'load_balancer',
        'network_configuration',
        'platform_version',
        'enable_execute_command',
      ],
    });
    for (const attribute of [
      'deployment_circuit_breaker',
      'alarms',
      'force_new_deployment',
      'capacity_provider_strategy',
    ])
      expect(service[attribute]).toBeUndefined();
  });

  test('target groups', () => {
    const { service } = synthService(
      { targetGroups: [TARGET, { targetGroupArn: 'arn:proxy', containerName: 'proxy', containerPort: 9000 }] },
      { sidecars: [{ containerName: 'proxy', image: 'p', ports: [{ containerPort: 9000 }] }] },
    );
    expect(service.load_balancer).toEqual([
      { target_group_arn: 'arn:tg', container_name: 'app-was', container_port: 8081 },
      { target_group_arn: 'arn:proxy', container_name: 'proxy', container_port: 9000 },
    ]);
    expect(service.health_check_grace_period_seconds).toBe(60);
    expect(
      synthService({ targetGroups: [TARGET], healthCheckGracePeriodSeconds: 0 }).service
        .health_check_grace_period_seconds,
    ).toBe(0);
  });

  test('network', () => {
    const { service, ...made } = synthService({
      assignPublicIp: true,
      extraSecurityGroupIds: ['sg-2'],
      securityGroupName: 'app-was-sg',
      dualStack: true,
    });
    expect(service.network_configuration).toMatchObject({
      assign_public_ip: true,
      security_groups: [expect.any(String), 'sg-2'],
    });
    expect(made.one('aws_security_group').name).toBe('app-was-sg');
    expect(made.all('aws_vpc_security_group_egress_rule').map((rule) => rule.cidr_ipv6 ?? rule.cidr_ipv4)).toEqual([
      '0.0.0.0/0',
      '::/0',
    ]);
  });

  test('who may connect is one rule each', () => {
    const made = synthService({}, {}, (service) => {
      service.allowFrom('alb', 'sg-alb', 8081);
      service.allowFrom('alb', 'sg-alb', 8082);
    });
    expect(made.all('aws_vpc_security_group_ingress_rule')).toMatchObject([
      {
        referenced_security_group_id: 'sg-alb',
        ip_protocol: 'tcp',
        from_port: 8081,
        to_port: 8081,
        description: 'TCP 8081 from alb',
      },
      { from_port: 8082 },
    ]);
  });

  test('closed egress opens to what is added', () => {
    const made = synthService({ allowAllEgress: false }, {}, ({ securityGroup }) => {
      securityGroup.allowTo('db', { cidrIpv4: '10.0.0.0/16' }, 5432);
      securityGroup.allowTo('db6', { cidrIpv6: 'fd00::/8' }, 5432);
      securityGroup.allowTo('s3', { prefixListId: 'pl-1' }, 443);
      securityGroup.allowTo('was', { securityGroupId: 'sg-was' }, 80);
    });
    expect(made.all('aws_vpc_security_group_egress_rule')).toMatchObject([
      { cidr_ipv4: '10.0.0.0/16', from_port: 5432 },
      { cidr_ipv6: 'fd00::/8' },
      { prefix_list_id: 'pl-1', to_port: 443 },
      { referenced_security_group_id: 'sg-was', ip_protocol: 'tcp' },
    ]);
  });

  test('open egress needs no further rule', () => {
    const made = synthService({}, {}, ({ securityGroup }) =>
      securityGroup.allowTo('db', { cidrIpv4: '10.0.0.0/16' }, 5432),
    );
    expect(made.all('aws_vpc_security_group_egress_rule')).toHaveLength(1);
  });

  test('Cloud Map and Service Connect', () => {
    const { service } = synthService({
      cloudMapServiceArn: 'arn:registry',
      serviceConnectNamespaceArn: 'arn:ns',
      serviceConnectPorts: [{ portName: 'app-was-8081', dnsName: 'was', port: 80 }],
    });
    expect(service.service_registries).toEqual({ registry_arn: 'arn:registry' });
    expect(service.service_connect_configuration).toEqual({
      enabled: true,
      namespace: 'arn:ns',
      service: [{ port_name: 'app-was-8081', discovery_name: 'was', client_alias: { dns_name: 'was', port: 80 } }],
    });
    expect(synthService({ serviceConnectNamespaceArn: 'arn:ns' }).service.service_connect_configuration).toEqual({
      enabled: true,
      namespace: 'arn:ns',
    });
  });

  test('ECS Exec follows the task definition; force delete, tags', () => {
    const { service } = synthService({ forceDelete: true, tags: { team: 'was' } }, { enableExecuteCommand: true });
    expect(service).toMatchObject({ enable_execute_command: true, force_delete: true, tags: { team: 'was' } });
  });
});

describe('refused', () => {
  test.each<[string, Partial<FargateServiceProps>, string]>([
    ['name', { serviceName: 'a b' }, 'serviceName: "a b" is not a service name'],
    ['no subnet', { subnetIds: [] }, 'subnetIds: tasks need at least one subnet; add one'],
    [
      'security groups',
      { extraSecurityGroupIds: ['1', '2', '3', '4', '5'] },
      'extraSecurityGroupIds: has too many entries; use at most 4 entries',
    ],
    ['count', { desiredCount: -1 }, 'desiredCount: -1 is out of range; use a whole number from 0 to 5000 tasks'],
    [
      'owner',
      { desiredCountOwner: 'me' as never },
      'desiredCountOwner: "me" is not allowed; use one of terraform, autoscaling',
    ],
    ['Spot share', { spotPercent: 101 }, 'spotPercent: 101 is not allowed; use a whole number from 0 to 100 percent'],
    [
      'controller',
      { deploymentController: 'EXTERNAL' as never },
      'deploymentController: "EXTERNAL" is not allowed; use one of "ECS", "CODE_DEPLOY"',
    ],
    [
      'minimum',
      { minimumHealthyPercent: 101 },
      'minimumHealthyPercent: 101 is not allowed; use a whole number from 0 to 100 percent',
    ],
    [
      'maximum',
      { maximumPercent: 99 },
      'maximumPercent: 99 is not allowed; use a whole number from 100 to 200 percent',
    ],
    [
      'no room',
      { maximumPercent: 100 },
      'maximumPercent: 100 with a minimumHealthyPercent of 100 lets ECS neither stop nor start a task',
    ],
    [
      'rebalancing',
      { maximumPercent: 100, minimumHealthyPercent: 50, availabilityZoneRebalancing: true },
      'availabilityZoneRebalancing: ECS rebalances only with a maximumPercent above 100, not 100',
    ],
    [
      'grace period without target',
      { healthCheckGracePeriodSeconds: 10 },
      'healthCheckGracePeriodSeconds: without a target group there is no load balancer health check to wait for',
    ],
    ['targets', { targetGroups: Array(6).fill(TARGET) }, 'targetGroups: 6 are too many; a service has at most 5'],
    [
      'target port',
      { targetGroups: [{ ...TARGET, containerPort: 80 }] },
      'targetGroups: container "app-was" has no port 80; use one of app-was:8081',
    ],
    [
      'target container',
      { targetGroups: [{ ...TARGET, containerName: 'x' }] },
      'targetGroups: container "x" has no port 8081; use one of app-was:8081',
    ],
    [
      'Service Connect port',
      { serviceConnectNamespaceArn: 'arn:ns', serviceConnectPorts: [{ portName: 'x', port: 0 }] },
      'serviceConnectPorts[0].port: 0 is not allowed; use a whole number from 1 to 65535',
    ],
    [
      'Service Connect namespace',
      { serviceConnectPorts: [{ portName: 'x', port: 80 }] },
      'serviceConnectPorts: Service Connect needs a namespace; set serviceConnectNamespaceArn',
    ],
    [
      'security group name',
      { securityGroupName: 'sg-x' },
      'securityGroupName: "sg-x" starts with "sg-", which AWS reserves; choose another security group name',
    ],
  ])('%s', (_, more, message) => {
    expect(refused(more)).toContain(message);
  });

  test('a target without any port in the task', () => {
    expect(refused({ targetGroups: [TARGET] }, { ports: [] })).toContain(
      'container "app-was" has no port 8081; use one of its ports; it has none yet',
    );
  });

  test('what CodeDeploy does not do, all at once', () => {
    const message = refused({
      deploymentController: 'CODE_DEPLOY',
      circuitBreaker: true,
      deploymentAlarmNames: ['x'],
      availabilityZoneRebalancing: true,
      spotPercent: 1,
      serviceConnectNamespaceArn: 'arn:ns',
    });
    expect(message).toContain('6 problems');
    for (const prop of [
      'circuitBreaker: ',
      'deploymentAlarmNames: ',
      'availabilityZoneRebalancing: ',
      'spotPercent: ',
      'serviceConnectNamespaceArn: ',
    ]) {
      expect(message).toMatch(
        new RegExp(
          `${prop}.* only the deploymentController "ECS" supports it; leave it out, or change deploymentController`,
        ),
      );
    }
    expect(message).toContain(
      'targetGroups: 0 are set; CodeDeploy starts with exactly one and shifts traffic to its green twin',
    );
  });

  test('rules of the security group', () => {
    const rule = (make: (group: ServiceSecurityGroup) => void) =>
      refusal(() =>
        synthResources((scope) => {
          make(new ServiceSecurityGroup(scope, 'group', { name: 'group', vpcId: 'vpc-1', allowAllEgress: false }));
        }),
      );
    expect(rule((g) => g.allowFrom('a b', 'sg-1', 80))).toContain('peer: "a b" is not a peer name');
    expect(rule((g) => g.allowFrom('a', 'sg-1', 0))).toContain(
      'port: 0 is out of range; use a whole number from 1 to 65535',
    );
    expect(rule((g) => [g.allowFrom('a', 'sg-1', 80), g.allowFrom('a', 'sg-2', 80)])).toContain(
      'peer "a": port 80 is allowed already; add each peer once',
    );
    expect(rule((g) => g.allowTo('a', {}, 80))).toContain(
      'peer "a": 0 of securityGroupId, cidrIpv4, cidrIpv6 and prefixListId are set; set exactly one',
    );
    expect(rule((g) => g.allowTo('a', { cidrIpv4: '10.0.0.0/8', prefixListId: 'pl-1' }, 80))).toContain(
      'peer "a": 2 of',
    );
    expect(rule((g) => g.allowFrom('a', 'sg-1', Token.asNumber({ resolve: () => 80 })))).toContain(
      'port: the port is known only to Terraform; use a literal number',
    );
    expect(rule((g) => g.allowFrom(Token.asString({ resolve: () => 'a' }), 'sg-1', 80))).toContain(
      'peer: the name is known only to Terraform; use a literal string',
    );
  });
});
