import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { AwsAccount } from '@strata/core';
import type { IamStatement } from '@strata/iam';
import { PostgresDatabase } from '@strata/rds';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { JobsConfig } from './config';
import { DATABASE_NAME, DATABASE_ROLES, jobsName } from './names';

export interface JobsDatabaseProps {
  readonly config: JobsConfig;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly deletionProtection: boolean;
}

/** The database of jobs and rows: made here, or one that exists. */
export class JobsDatabase extends Construct {
  readonly endpoint: string;
  readonly port: number;
  readonly databaseName: string;
  readonly resourceId: string;
  /** Empty for an imported database. */
  readonly masterSecretArn: string;
  readonly securityGroupId: string;
  /** What has to be there before a connection; nothing of an imported database. */
  get instances(): readonly ITerraformDependable[] {
    return this.own?.instances ?? [];
  }
  private readonly own: PostgresDatabase | undefined;

  constructor(scope: Construct, id: string, props: JobsDatabaseProps) {
    super(scope, id);
    const { config, vpcId, subnetIds, deletionProtection } = props;
    const { database } = config;
    if (database.kind === 'imported') {
      this.endpoint = database.endpoint;
      this.port = database.port;
      this.databaseName = database.databaseName;
      this.resourceId = database.resourceId;
      this.masterSecretArn = '';
      this.securityGroupId = database.securityGroupId;
      return;
    }
    this.own = new PostgresDatabase(this, 'postgres', {
      ...database,
      identifier: jobsName(config.namePrefix),
      databaseName: DATABASE_NAME,
      masterUserName: 'strata_admin',
      vpcId,
      subnetIds,
      kmsKeyArn: config.kmsKeyArn,
      logRetentionDays: config.logRetentionDays,
      deletionProtection,
    });
    this.endpoint = this.own.endpoint;
    this.port = this.own.port;
    this.databaseName = DATABASE_NAME;
    this.resourceId = this.own.resourceId;
    this.masterSecretArn = this.own.masterSecretArn;
    this.securityGroupId = this.own.securityGroup.id;
  }

  /** Lets the members of a security group connect. @param name unique in the database */
  allowFrom(name: string, group: SecurityGroup | { readonly id: string }): VpcSecurityGroupIngressRule {
    if (this.own !== undefined) return this.own.allowFrom(name, group.id);
    return new VpcSecurityGroupIngressRule(this, `from-${name}`, {
      securityGroupId: this.securityGroupId,
      description: `PostgreSQL from ${name}`,
      ipProtocol: 'tcp',
      fromPort: this.port,
      toPort: this.port,
      referencedSecurityGroupId: group.id,
    });
  }

  /** Where a role of the database connects to; it signs in with a token of IAM, so that there is no password. */
  url(role: keyof typeof DATABASE_ROLES): string {
    return Fn.join('', [`postgres://${DATABASE_ROLES[role]}@`, this.endpoint, `:${this.port}/${this.databaseName}`]);
  }

  /** What signing in as a role of the database takes. */
  connectStatement(role: keyof typeof DATABASE_ROLES): IamStatement {
    const { accountId, partition, region } = AwsAccount.of(this);
    return {
      sid: 'SignIn',
      actions: ['rds-db:connect'],
      resources: [`arn:${partition}:rds-db:${region}:${accountId}:dbuser:${this.resourceId}/${DATABASE_ROLES[role]}`],
    };
  }
}
