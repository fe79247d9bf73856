import { PostgresDatabase, type PostgresDatabaseProps } from '@strata/rds';
import { synthResources } from '../../../support/synth-resources';

const withProps = (props: Partial<PostgresDatabaseProps> = {}, use?: (database: PostgresDatabase) => void) =>
  synthResources((scope) => {
    const database = new PostgresDatabase(scope, 'database', {
      identifier: 'jobs',
      databaseName: 'jobs',
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1', 'subnet-2'],
      ...props,
    });
    use?.(database);
  });

test('an instance by default: private, encrypted, without a password, and protected', () => {
  expect(withProps().one('aws_db_instance')).toMatchObject({
    identifier: 'jobs',
    engine: 'postgres',
    engine_version: '17',
    instance_class: 'db.t4g.micro',
    allocated_storage: 20,
    publicly_accessible: false,
    storage_encrypted: true,
    manage_master_user_password: true,
    iam_database_authentication_enabled: true,
    backup_retention_period: 7,
    deletion_protection: true,
    skip_final_snapshot: false,
    final_snapshot_identifier: 'jobs-final',
    lifecycle: { prevent_destroy: true, ignore_changes: ['snapshot_identifier'] },
  });
  expect(withProps().one('aws_db_instance')).not.toHaveProperty('password');
});

test.each(['rds', 'aurora-serverless'] as const)('%s refuses connections without TLS', (kind) => {
  const type = kind === 'rds' ? 'aws_db_parameter_group' : 'aws_rds_cluster_parameter_group';
  expect(withProps({ kind }).one(type)).toMatchObject({
    name: kind === 'rds' ? 'jobs-postgres17' : 'jobs-aurora-postgresql17',
    parameter: [{ name: 'rds.force_ssl', value: '1' }],
    lifecycle: { create_before_destroy: true },
  });
});

test('Aurora Serverless pauses, and grows with the load', () => {
  const resources = withProps({ kind: 'aurora-serverless' });
  expect(resources.one('aws_rds_cluster')).toMatchObject({
    cluster_identifier: 'jobs',
    engine: 'aurora-postgresql',
    serverlessv2_scaling_configuration: { min_capacity: 0, max_capacity: 4, seconds_until_auto_pause: 300 },
    manage_master_user_password: true,
    iam_database_authentication_enabled: true,
    deletion_protection: true,
    lifecycle: { prevent_destroy: true },
  });
  expect(resources.all('aws_rds_cluster_instance')).toEqual([
    expect.objectContaining({ identifier: 'jobs-writer', instance_class: 'db.serverless', publicly_accessible: false }),
  ]);
  expect(resources.types).not.toContain('aws_db_instance');
});

test('Aurora Serverless that never pauses, with a reader', () => {
  const resources = withProps({ kind: 'aurora-serverless', minAcu: 0.5, maxAcu: 8, multiAz: true });
  expect(resources.one('aws_rds_cluster').serverlessv2_scaling_configuration).toEqual({
    min_capacity: 0.5,
    max_capacity: 8,
  });
  expect(resources.all('aws_rds_cluster_instance').map(({ identifier }) => identifier)).toEqual([
    'jobs-reader',
    'jobs-writer',
  ]);
});

test('nobody may connect until it is allowed', () => {
  expect(withProps().types).not.toContain('aws_vpc_security_group_ingress_rule');
  expect(
    withProps({}, (database) => database.allowFrom('worker', 'sg-1')).one('aws_vpc_security_group_ingress_rule'),
  ).toMatchObject({
    description: 'PostgreSQL from worker',
    ip_protocol: 'tcp',
    from_port: 5432,
    to_port: 5432,
    referenced_security_group_id: 'sg-1',
  });
  expect(() =>
    withProps({}, (database) => {
      database.allowFrom('worker', 'sg-1');
      database.allowFrom('worker', 'sg-2');
    }),
  ).toThrow('peer "worker": it is allowed already');
});

test('its log group has an end', () => {
  expect(withProps({ logRetentionDays: 7 }).one('aws_cloudwatch_log_group')).toEqual({
    name: '/aws/rds/instance/jobs/postgresql',
    retention_in_days: 7,
  });
});

test('without protection nothing is kept', () => {
  const instance = withProps({ deletionProtection: false }).one('aws_db_instance');
  expect(instance).toMatchObject({ deletion_protection: false, skip_final_snapshot: true });
  expect(instance).not.toHaveProperty('final_snapshot_identifier');
});

test.each<[string, Partial<PostgresDatabaseProps>, string]>([
  ['an identifier', { identifier: 'My_DB' }, 'identifier: "My_DB" is not a database identifier; allowed are'],
  ['a hyphen at the end', { identifier: 'jobs-' }, 'identifier: "jobs-" is not a database identifier'],
  ['a database name', { databaseName: 'my-jobs' }, 'databaseName: "my-jobs" is not a database name'],
  ['a reserved user', { masterUserName: 'rdsadmin' }, 'masterUserName'],
  ['one subnet', { subnetIds: ['subnet-1'] }, 'subnetIds: there are 1; RDS needs subnets in two zones or more'],
  ['a version', { engineVersion: '9' }, 'engineVersion: "9" is not allowed; use one of "15", "16", "17"'],
  [
    'a class',
    { instanceClass: 't4g.micro' },
    'instanceClass: "t4g.micro" is not allowed; use the class of an instance',
  ],
  ['a size', { storageGiB: 5 }, 'storageGiB: 5 is not allowed; use a whole number from 20 to 65536 GiB'],
  [
    'the size of an Aurora cluster in an instance',
    { minAcu: 1 },
    'minAcu: it has no effect with kind "rds"; leave it out, or use kind "aurora-serverless"',
  ],
  [
    'the size of an instance in an Aurora cluster',
    { kind: 'aurora-serverless', storageGiB: 20 },
    'storageGiB: it has no effect with kind "aurora-serverless"',
  ],
  ['odd units', { kind: 'aurora-serverless', maxAcu: 1.3 }, 'maxAcu: 1.3 is not allowed; use a multiple of 0.5'],
  ['a minimum above the maximum', { kind: 'aurora-serverless', minAcu: 8 }, 'minAcu: 8 is above maxAcu (4)'],
  [
    'a pause that never comes',
    { kind: 'aurora-serverless', minAcu: 1, autoPauseSeconds: 600 },
    'autoPauseSeconds: a database with minAcu 1 never pauses',
  ],
  [
    'backups',
    { backupRetentionDays: 0 },
    'backupRetentionDays: 0 is not allowed; use a whole number from 1 to 35 days',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});
