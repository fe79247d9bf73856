// The names and numbers that an installation has without a word of configuration.
import { synth } from './synth';

const layer = synth();

test('one Fargate cluster', () => {
  expect(layer.names('aws_ecs_cluster')).toEqual(['AppEcsCluster']);
  expect(layer.all('aws_ecs_cluster_capacity_providers')[0]!.capacity_providers).toEqual(['FARGATE', 'FARGATE_SPOT']);
});

test('app-web: reachable by everyone on :80, tasks only through its load balancer', () => {
  expect(layer.named('aws_lb', 'app-web-alb')).toMatchObject({
    internal: false,
    load_balancer_type: 'application',
    subnets: '${data.terraform_remote_state.network.outputs.public_subnet_ids}',
  });
  expect(layer.ingress('app-web-alb-sg')).toEqual([{ from: '0.0.0.0/0', port: 80 }]);
  expect(layer.ingress('app-web-sg')).toEqual([{ from: 'app-web-alb-sg', port: 0 }]);
  expect(layer.named('aws_lb_target_group', 'app-web-alb-tg')).toMatchObject({
    target_type: 'ip',
    port: 8000,
    protocol: 'HTTP',
    health_check: { path: '/health' },
  });
  expect(layer.named('aws_ecs_service', 'app-web-service')).toMatchObject({
    desired_count: 2,
    network_configuration: {
      assign_public_ip: false,
      subnets: '${data.terraform_remote_state.network.outputs.private_subnet_ids}',
    },
    load_balancer: [{ container_name: 'app-web', container_port: 8000 }],
  });
  expect(layer.names('aws_ecs_task_definition')).toContain('app-web-td');
});

test('app-was: reachable by app-web only', () => {
  expect(layer.named('aws_lb', 'app-was-alb')).toMatchObject({
    internal: true,
    subnets: '${data.terraform_remote_state.network.outputs.private_subnet_ids}',
  });
  expect(layer.ingress('app-was-alb-sg')).toEqual([{ from: 'app-web-sg', port: 80 }]);
  expect(layer.ingress('app-was-sg')).toEqual([{ from: 'app-was-alb-sg', port: 0 }]);
  expect(layer.named('aws_lb_target_group', 'app-was-alb-tg')).toMatchObject({
    port: 8081,
    health_check: { path: '/health' },
  });
  expect(layer.named('aws_ecs_task_definition', 'app-was-td')).toMatchObject({
    cpu: '1024',
    memory: '3072',
    runtime_platform: { cpu_architecture: 'ARM64' },
  });
  expect(layer.named('aws_ecs_service', 'app-was-service')).toMatchObject({ desired_count: 2 });
});

test('ecsWasTaskRole may invoke the one endpoint and nothing else', () => {
  const statements = layer.statements('ecsWasTaskRole');
  expect(statements).toHaveLength(1);
  expect(statements[0]!.Action).toEqual(['sagemaker:InvokeEndpoint']);
  expect(JSON.stringify(statements[0]!.Resource)).toContain(':endpoint/image-classifier');
  expect(JSON.stringify(statements[0]!.Resource)).not.toContain('*');
});

test('both scale from 2 to 4 tasks on 70 % CPU, with cooldowns of 300 s', () => {
  expect(layer.names('aws_appautoscaling_policy')).toEqual(['app-was-asg-policy', 'app-web-asg-policy']);
  for (const target of layer.all('aws_appautoscaling_target'))
    expect(target).toMatchObject({ min_capacity: 2, max_capacity: 4 });
  for (const policy of layer.all('aws_appautoscaling_policy')) {
    expect(policy.target_tracking_scaling_policy_configuration).toMatchObject({
      target_value: 70,
      scale_in_cooldown: 300,
      scale_out_cooldown: 300,
      predefined_metric_specification: { predefined_metric_type: 'ECSServiceAverageCPUUtilization' },
    });
  }
});

test('app-web learns the address of app-was from Terraform', () => {
  const [, address] = /"APP_WAS_URL","value":\$\{jsonencode\((.*?)\)\}/.exec(layer.containers('app-web-td')) ?? [];
  expect(address).toContain(`aws_lb.${layer.idOf('aws_lb', 'app-was-alb')}.dns_name`);
  expect(layer.containers('app-was-td')).not.toContain('APP_WEB_URL');
});

test('logs are kept a week', () => {
  expect(layer.all('aws_cloudwatch_log_group').map((group) => group.retention_in_days)).toEqual([7, 7]);
});
