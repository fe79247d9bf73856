import { EcsCluster, type EcsClusterProps, ImportedEcsCluster } from '@strata/ecs';
import { TerraformOutput } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const made = (props?: EcsClusterProps) =>
  synthResources((scope) => {
    const cluster = new EcsCluster(scope, 'cluster', props);
    new TerraformOutput(scope, 'name', { value: cluster.clusterName });
    new TerraformOutput(scope, 'arn', { value: cluster.clusterArn });
  });

test('the default is AppEcsCluster with both Fargate providers, and nothing that costs', () => {
  const cluster = made();
  expect(cluster.one('aws_ecs_cluster')).toMatchObject({
    name: 'AppEcsCluster',
    setting: [{ name: 'containerInsights', value: 'disabled' }],
    tags: { Name: 'AppEcsCluster' },
  });
  expect(cluster.one('aws_ecs_cluster').configuration).toBeUndefined();
  expect(cluster.one('aws_ecs_cluster_capacity_providers')).toMatchObject({
    capacity_providers: ['FARGATE', 'FARGATE_SPOT'],
    default_capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }],
  });
});

test('whoever takes name or ARN waits for the capacity providers', () => {
  const { outputs } = made();
  expect(outputs.name).toMatch(/^\$\{aws_ecs_cluster_capacity_providers\..*\.cluster_name\}$/);
  expect(outputs.arn).toMatch(
    /^arn:\$\{data\.aws_partition.*\}:ecs:\$\{data\.aws_region.*\}:\$\{data\.aws_caller_identity.*\}:cluster\/\$\{aws_ecs_cluster_capacity_providers/,
  );
});

test('name, insights and tags', () => {
  expect(
    made({ clusterName: 'Other', containerInsights: 'enhanced', tags: { team: 'x' } }).one('aws_ecs_cluster'),
  ).toMatchObject({
    name: 'Other',
    setting: [{ value: 'enhanced' }],
    tags: { team: 'x', Name: 'Other' },
  });
});

test.each<[string, EcsClusterProps, object]>([
  [
    'a log group',
    { executeCommandLogGroupName: '/exec' },
    {
      logging: 'OVERRIDE',
      log_configuration: { cloud_watch_log_group_name: '/exec', cloud_watch_encryption_enabled: false },
    },
  ],
  [
    'a log group and a key',
    { executeCommandLogGroupName: '/exec', executeCommandKmsKeyArn: 'arn:key' },
    {
      kms_key_id: 'arn:key',
      logging: 'OVERRIDE',
      log_configuration: { cloud_watch_log_group_name: '/exec', cloud_watch_encryption_enabled: true },
    },
  ],
  ['a key', { executeCommandKmsKeyArn: 'arn:key' }, { kms_key_id: 'arn:key', logging: 'DEFAULT' }],
  ['no logs', { executeCommandLogging: 'NONE' }, { logging: 'NONE' }],
])('ECS Exec with %s', (_, props, configuration) => {
  expect(made(props).one('aws_ecs_cluster').configuration).toEqual({ execute_command_configuration: configuration });
});

test.each<[EcsClusterProps, string]>([
  [
    { clusterName: 'a b' },
    'clusterName: "a b" is not a cluster name; allowed are letters, digits, hyphens and underscores',
  ],
  [
    { containerInsights: 'on' as never },
    'containerInsights: "on" is not allowed; use one of disabled, enabled, enhanced',
  ],
  [
    { executeCommandLogging: 'ALL' as never },
    'executeCommandLogging: "ALL" is not allowed; use one of DEFAULT, NONE, OVERRIDE',
  ],
  [
    { executeCommandLogging: 'OVERRIDE' },
    'executeCommandLogging: "OVERRIDE" needs a log group; set executeCommandLogGroupName',
  ],
  [
    { executeCommandLogging: 'NONE', executeCommandLogGroupName: '/x' },
    'executeCommandLogGroupName: it is used only with the executeCommandLogging "OVERRIDE", not "NONE"',
  ],
])('refuses %j', (props, message) => {
  expect(() => made(props)).toThrow(message);
});

test('a cluster that exists is read, not made', () => {
  const stack = synthResources((scope) => {
    const cluster = new ImportedEcsCluster(scope, 'cluster', { clusterName: 'Shared' });
    new TerraformOutput(scope, 'arn', { value: cluster.clusterArn });
    new TerraformOutput(scope, 'name', { value: cluster.clusterName });
  });
  expect(stack.types).toEqual([]);
  expect(stack.data('aws_ecs_cluster').cluster_name).toBe('Shared');
  expect(stack.outputs).toMatchObject({
    arn: expect.stringMatching(/^\$\{data\.aws_ecs_cluster\..*\.arn\}$/),
    name: 'Shared',
  });
  expect(() => synthResources((scope) => void new ImportedEcsCluster(scope, 'c', { clusterName: '' }))).toThrow(
    'clusterName: "" is not a cluster name',
  );
});

test("another owner's cluster of the same name is refused at plan, not adopted", () => {
  const cluster = made({ clusterName: 'dev-Apps', ownerTags: { project: 'shop', environment: 'dev' } });
  const { lifecycle, ...lookedUp } = cluster.data('aws_resourcegroupstaggingapi_resources');
  expect(lookedUp).toEqual({
    resource_type_filters: ['ecs:cluster'],
    tag_filter: [{ key: 'project' }, { key: 'environment' }],
  });
  const [{ condition, error_message: message }] = (lifecycle as { postcondition: [Record<string, string>] })
    .postcondition;
  expect(condition).toContain('endswith(one.resource_arn, ":cluster/dev-Apps")');
  expect(condition).toContain(
    '(lookup(one.tags, "project", "") != "shop" || lookup(one.tags, "environment", "") != "dev")',
  );
  expect(message).toContain('clusterName: the cluster "dev-Apps" of this account and region belongs to ${join');
  expect(cluster.one('aws_ecs_cluster').depends_on).toEqual([
    expect.stringMatching(/^data\.aws_resourcegroupstaggingapi_resources\./),
  ]);
});
