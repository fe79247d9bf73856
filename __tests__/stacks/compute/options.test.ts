// What can be switched on, layer-wide and for one service.
import { layerSnapshot } from '../../support/synth-layer';
import { json, synth } from './synth';
import { computeContract } from '@strata/stack-compute';
import { outputName } from '@strata/contract';

const CERTIFICATE = 'arn:aws:acm:ap-northeast-2:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const web = (service: object) => synth({ services: { 'app-web': service } });

describe('ids never change by accident', () => {
  test('with every default', () => expect(layerSnapshot(json())).toMatchSnapshot());
});

test('every output of the contract is published', () => {
  const { outputs } = synth();
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      ...Object.keys(computeContract.outputs).map(outputName),
      'contract_name',
      'contract_version',
      'contract_consumes',
    ]),
  );
  expect(outputs).toMatchObject({ contract_name: 'compute', contract_version: computeContract.version });
  expect(outputs.contract_consumes).toMatchObject({
    network: { range: '^1.0', outputs: expect.arrayContaining(['vpc_id', 'private_subnet_ids']) },
  });
});

test('the layer is tagged', () => {
  expect(synth().provider.aws[0]!.default_tags).toEqual([
    {
      tags: {
        project: 'shop',
        environment: 'dev',
        layer: 'compute',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        owner: 'platform-compute',
      },
    },
  ]);
});

describe('HTTPS', () => {
  test('with a certificate that exists, :80 redirects', () => {
    const layer = web({ https: { certificateArn: CERTIFICATE } });
    const listeners = layer
      .all('aws_lb_listener')
      .filter((one) => String(one.load_balancer_arn).includes(layer.idOf('aws_lb', 'app-web-alb')));
    expect(listeners.map((one) => one.port).sort()).toEqual([443, 80]);
    expect(listeners.find((one) => one.port === 80)!.default_action).toMatchObject([
      { type: 'redirect', redirect: { protocol: 'HTTPS', status_code: 'HTTP_301' } },
    ]);
    expect(listeners.find((one) => one.port === 443)).toMatchObject({
      certificate_arn: CERTIFICATE,
      protocol: 'HTTPS',
    });
    expect(layer.outputs.app_web_url).toMatch(/^https:/);
  });

  test('with a name, the certificate and the record are made', () => {
    const layer = web({ https: { domainName: 'photos.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' } });
    expect(layer.all('aws_acm_certificate')).toMatchObject([
      { domain_name: 'photos.example.com', validation_method: 'DNS' },
    ]);
    expect(layer.all('aws_route53_record')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'photos.example.com', type: 'A' })]),
    );
    expect(layer.outputs.app_web_url).toBe('https://photos.example.com');
  });
});

test('a web ACL, access logs, and who may reach a public service', () => {
  const acl = 'arn:aws:wafv2:ap-northeast-2:123456789012:regional/webacl/app/0f1e2d3c';
  const layer = web({ webAclArn: acl, accessLogs: true, ingressCidrs: ['203.0.113.0/24'] });
  expect(layer.all('aws_wafv2_web_acl_association')).toMatchObject([{ web_acl_arn: acl }]);
  expect(layer.named('aws_lb', 'app-web-alb').access_logs).toMatchObject({ enabled: true });
  expect(layer.ingress('app-web-alb-sg')).toEqual([{ from: '203.0.113.0/24', port: 80 }]);
});

test('deletion protection follows the environment', () => {
  const isProtected = (deletionProtection: boolean) =>
    synth({}, { deletionProtection }).named('aws_lb', 'app-web-alb').enable_deletion_protection;
  expect([isProtected(true), isProtected(false)]).toEqual([true, false]);
});

test('deployments roll back on failing tasks, and on alarms where asked', () => {
  expect(synth().named('aws_ecs_service', 'app-web-service')).toMatchObject({
    deployment_circuit_breaker: { enable: true, rollback: true },
  });
  expect(synth().named('aws_ecs_service', 'app-web-service').alarms).toBeUndefined();
  const layer = web({ alarms: true, rollBackOnAlarms: true });
  expect(layer.named('aws_ecs_service', 'app-web-service').alarms).toMatchObject({ enable: true, rollback: true });
});

test('alarms share one topic, made here or given', () => {
  const layer = synth({ services: { 'app-web': { alarms: true }, 'app-was': { alarms: true } } });
  expect(layer.names('aws_sns_topic')).toEqual(['compute-alarms']);
  expect(layer.names('aws_sns_topic')).toHaveLength(1);
  const topic = 'arn:aws:sns:ap-northeast-2:123456789012:on-call';
  const given = synth({ alarmTopicArn: topic, services: { 'app-web': { alarms: true } } });
  expect(given.all('aws_sns_topic')).toEqual([]);
  for (const alarm of given.all('aws_cloudwatch_metric_alarm')) expect(alarm.alarm_actions).toEqual([topic]);
  expect(given.all('aws_cloudwatch_metric_alarm').length).toBeGreaterThan(4);
  expect(synth().all('aws_cloudwatch_metric_alarm')).toEqual([]);
});

test('ECS Exec makes the file system writable and lets the task role open channels', () => {
  const layer = web({ enableExecuteCommand: true });
  expect(layer.named('aws_ecs_service', 'app-web-service').enable_execute_command).toBe(true);
  expect(JSON.stringify(layer.statements('app-web-task-role'))).toContain('ssmmessages:CreateControlChannel');
  expect(layer.containers('app-web-td')).not.toContain('"readonlyRootFilesystem":true');
});

test('a share of the tasks on Spot, above a base on demand', () => {
  expect(
    web({ spotPercent: 75, onDemandBase: 2 }).named('aws_ecs_service', 'app-web-service').capacity_provider_strategy,
  ).toEqual([
    { capacity_provider: 'FARGATE', base: 2, weight: 25 },
    { capacity_provider: 'FARGATE_SPOT', base: 0, weight: 75 },
  ]);
  expect(synth().named('aws_ecs_service', 'app-web-service').capacity_provider_strategy).toEqual([
    { capacity_provider: 'FARGATE', base: 0, weight: 1 },
  ]);
});

test('x86', () => {
  expect(
    web({ cpuArchitecture: 'X86_64' }).named('aws_ecs_task_definition', 'app-web-td').runtime_platform,
  ).toMatchObject({ cpu_architecture: 'X86_64' });
});

test('scaling also on memory, on requests and on schedule', () => {
  const layer = web({
    memoryTargetPercent: 80,
    requestsPerTarget: 1000,
    schedules: [{ name: 'morning', schedule: 'cron(0 8 ? * MON-FRI *)', timezone: 'Asia/Seoul', minCapacity: 3 }],
  });
  expect(layer.names('aws_appautoscaling_policy')).toEqual([
    'app-was-asg-policy',
    'app-web-asg-policy',
    'app-web-asg-policy-memory',
    'app-web-asg-policy-requests',
  ]);
  expect(layer.all('aws_appautoscaling_scheduled_action')).toMatchObject([
    { name: 'morning', timezone: 'Asia/Seoul', scalable_target_action: { min_capacity: '3' } },
  ]);
});

test('secrets: the execution role may read exactly those', () => {
  const secret = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-a1b2c3';
  const parameter = 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/shop/key';
  const layer = web({ secrets: { DB: secret, KEY: parameter } });
  const statements = layer.statements('app-web-execution-role');
  expect(statements.find((one) => one.Action.includes('secretsmanager:GetSecretValue'))!.Resource).toEqual([secret]);
  expect(statements.find((one) => one.Action.includes('ssm:GetParameters'))!.Resource).toEqual([parameter]);
  expect(JSON.stringify(layer.statements('app-was-execution-role'))).not.toContain('secretsmanager');
});

test('a sidecar stands in the task', () => {
  const layer = web({
    sidecars: [
      {
        containerName: 'collector',
        image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3',
        containerPort: 4317,
        environment: { MODE: 'ecs' },
      },
    ],
  });
  expect(layer.containers('app-web-td')).toMatch(/"name":"collector".*"essential":false.*"containerPort":4317/);
});

test('dual stack', () => {
  const layer = synth({ dualStack: true });
  expect(layer.named('aws_lb', 'app-web-alb').ip_address_type).toBe('dualstack');
  expect(
    layer
      .ingress('app-web-alb-sg')
      .map((rule) => rule.from)
      .sort(),
  ).toEqual(['0.0.0.0/0', '::/0']);
  expect(JSON.stringify(layer.data.terraform_remote_state)).toContain('the network has no IPv6');
});

test('load balancers need a network of two zones', () => {
  const network = (config: Parameters<typeof synth>[0]) => JSON.stringify(synth(config).data.terraform_remote_state);
  const [internal, open] = [
    'an internal load balancer needs private subnets in two zones',
    'a public load balancer needs public subnets in two zones',
  ];
  expect(network({})).toContain(internal);
  expect(network({})).toContain(open);
  expect(network({ services: { 'app-was': false } })).not.toContain(internal);
  expect(network({ services: { 'app-web': { exposure: 'internal' } } })).not.toContain(open);
});

test('an existing cluster is used, not made', () => {
  const layer = synth({ clusterName: 'shared', importCluster: true });
  expect(layer.all('aws_ecs_cluster')).toEqual([]);
  expect(Object.values(layer.data.aws_ecs_cluster!)).toMatchObject([{ cluster_name: 'shared' }]);
});

test('a prefix makes room for two environments in one account', () => {
  const layer = synth({ namePrefix: 'dev' });
  const types = [
    'aws_lb',
    'aws_lb_target_group',
    'aws_ecs_cluster',
    'aws_ecs_service',
    'aws_ecs_task_definition',
    'aws_iam_role',
    'aws_security_group',
    'aws_appautoscaling_policy',
  ];
  const unprefixed = types.flatMap((type) => layer.names(type)).filter((name) => !name.startsWith('dev-'));
  expect(unprefixed).toEqual([]);
  // As registry calls them.
  expect(layer.outputs.services).toMatchObject({ 'app-web': { repository_name: 'dev-app-web' } });
  expect(layer.all('aws_cloudwatch_log_group').map((group) => group.name)).toEqual(
    expect.arrayContaining(['/ecs/dev-app-web']),
  );
});

test('what services need of a network without NAT is checked when its state is read', () => {
  const conditions = JSON.stringify(
    synth({
      services: {
        'app-web': { secrets: { DB: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-a1b2c3' } },
      },
    }).data.terraform_remote_state,
  );
  for (const service of ['ecr.api', 'ecr.dkr', 'logs', 's3', 'sagemaker.runtime', 'secretsmanager'])
    expect(conditions).toContain(`\\"${service}\\"`);
  expect(conditions).not.toContain('ssmmessages');
});

describe('blue/green', () => {
  const blueGreen = {
    deploymentController: 'CODE_DEPLOY',
    testListenerPort: 9000,
    testListenerCidrs: ['10.0.0.0/8'],
  } as const;

  test('CodeDeploy gets two target groups, a test listener and, where asked, the alarms', () => {
    const layer = web({ ...blueGreen, alarms: true, rollBackOnAlarms: true });
    expect(layer.named('aws_ecs_service', 'app-web-service')).toMatchObject({
      deployment_controller: { type: 'CODE_DEPLOY' },
      lifecycle: { ignore_changes: expect.arrayContaining(['task_definition', 'load_balancer']) },
    });
    expect(layer.names('aws_lb_target_group')).toEqual(['app-was-alb-tg', 'app-web-alb-tg', 'app-web-alb-tg-green']);
    expect(layer.all('aws_lb_listener').map(({ port }) => port)).toContain(9000);
    const published = layer.outputs.blue_green as Record<string, { alarm_names: string[]; test_listener_arn: string }>;
    expect(Object.keys(published)).toEqual(['app-web']);
    expect(published['app-web']!.alarm_names.length).toBeGreaterThan(0);
    expect(published['app-web']!.test_listener_arn).toMatch(/aws_lb_listener/);
  });

  test('without them its contract says so', () => {
    expect(synth().outputs.blue_green).toEqual({});
    expect(web({ deploymentController: 'CODE_DEPLOY', alarms: true }).outputs.blue_green).toMatchObject({
      'app-web': { alarm_names: [], test_listener_arn: '' },
    });
  });

  test.each<[object, string]>([
    [
      { ...blueGreen, exposure: 'none' },
      'app-web.deploymentController: "CODE_DEPLOY" is not allowed; CodeDeploy shifts load balancer traffic, and a service with exposure "none" has none; use "ECS"',
    ],
    [
      { ...blueGreen, spotPercent: 50 },
      'app-web.spotPercent: 50 is not allowed; only the deploymentController "ECS" supports it',
    ],
    [
      { ...blueGreen, requestsPerTarget: 100 },
      'app-web.requestsPerTarget: 100 is not allowed; it cannot be used while CodeDeploy switches the target group',
    ],
    [
      { deploymentController: 'CODE_DEPLOY', testListenerCidrs: ['10.0.0.0/8'] },
      'app-web.testListenerCidrs: there is no test listener; set testListenerPort too',
    ],
    [{ testListenerPort: 9000 }, 'app-web.testListenerPort: only CodeDeploy uses a test listener'],
  ])('%j is refused', (service, message) => expect(() => web(service)).toThrow(message));
});

describe('a public service of a protected environment', () => {
  const warnings = (service: object, deletionProtection = true) =>
    (
      synth({ services: { 'app-web': service } }, { deletionProtection }).check?.public_services_are_protected
        ?.assert ?? []
    ).map(({ error_message: message }) => message);
  const WEB_ACL = 'arn:aws:wafv2:ap-northeast-2:123456789012:regional/webacl/app/0f1e2d3c';

  test('is warned of when it lacks HTTPS, WAF or alarms, with the keys that add them', () => {
    expect(warnings({})).toEqual([
      'the environment has deletionProtection, and its public service "app-web" serves plain HTTP (set services.app-web.https with domainName and hostedZoneId), has no WAF (set services.app-web.webAclArn), has no alarms (set services.app-web.alarms, and alarmEmailAddresses).',
    ]);
    expect(warnings({ webAclArn: WEB_ACL, alarms: true })).toEqual([expect.not.stringContaining('has no')]);
  });

  test('is not, with all three or without protection', () => {
    expect(warnings({ https: { certificateArn: CERTIFICATE }, webAclArn: WEB_ACL, alarms: true })).toEqual([]);
    expect(warnings({}, false)).toEqual([]);
  });
});
