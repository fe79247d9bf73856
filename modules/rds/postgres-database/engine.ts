import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { withDefaults } from '@strata/core/rules';
import type { ITerraformDependable } from 'cdktf';
import type { PostgresOptions, postgresOptions } from './postgres-options';

export type ResolvedPostgresOptions = ReturnType<typeof withDefaults<typeof postgresOptions.shape, PostgresOptions>>;

/** What an instance and a cluster are given alike. */
export interface EngineSettings {
  readonly identifier: string;
  readonly databaseName: string;
  readonly masterUserName: string;
  readonly subnetGroupName: string;
  readonly securityGroupId: string;
  readonly kmsKeyArn: string | undefined;
  readonly snapshotIdentifier: string | undefined;
  readonly deletionProtection: boolean;
  /** What must exist first: RDS writes to a group that is there. */
  readonly logGroup: CloudwatchLogGroup;
  readonly tags: Record<string, string> | undefined;
}

/** What an instance and a cluster tell alike. */
export interface Engine {
  readonly instances: readonly ITerraformDependable[];
  readonly endpoint: string;
  readonly resourceId: string;
  readonly masterSecretArn: string;
}

/** The parameters of every database: connections without TLS are refused. */
export const PARAMETERS = [{ name: 'rds.force_ssl', value: '1' }];

/** What is alike in `aws_db_instance` and `aws_rds_cluster`. */
export function commonSettings(options: ResolvedPostgresOptions, settings: EngineSettings) {
  return {
    engineVersion: options.engineVersion,
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: settings.kmsKeyArn,
    dbSubnetGroupName: settings.subnetGroupName,
    vpcSecurityGroupIds: [settings.securityGroupId],
    iamDatabaseAuthenticationEnabled: true,
    storageEncrypted: true,
    kmsKeyId: settings.kmsKeyArn,
    backupRetentionPeriod: options.backupRetentionDays,
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: ['postgresql'],
    snapshotIdentifier: settings.snapshotIdentifier,
    deletionProtection: settings.deletionProtection,
    skipFinalSnapshot: !settings.deletionProtection,
    finalSnapshotIdentifier: settings.deletionProtection ? `${settings.identifier}-final` : undefined,
    tags: settings.tags,
    dependsOn: [settings.logGroup],
    lifecycle: {
      preventDestroy: settings.deletionProtection,
      // It is what the database was made from; another one would be another database.
      ignoreChanges: ['snapshot_identifier'],
    },
  };
}
