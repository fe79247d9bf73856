import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import {
  addProblems,
  checkLogRetentionDays,
  checkName,
  checkOptions,
  isResolved,
  Problems,
  type NameRule,
} from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { auroraCluster } from './aurora-cluster';
import { DATABASE_IDENTIFIER, DATABASE_NAME, USER_NAME } from './names';
import { postgresOptions, postgresProblems, type PostgresOptions } from './postgres-options';
import { rdsInstance } from './rds-instance';

/** Port of PostgreSQL. */
export const POSTGRES_PORT = 5432;

export interface PostgresDatabaseProps extends PostgresOptions {
  /** At most 63 characters. Changing it is a new database. */
  readonly identifier: string;
  /** Name of the first database in it. Changing it is a new database. */
  readonly databaseName: string;
  /** Master user, whose password AWS makes and keeps. @default postgres_admin */
  readonly masterUserName?: string;
  readonly vpcId: string;
  /** Private subnets, in two zones or more. */
  readonly subnetIds: readonly string[];
  /** @default `<identifier>-db-sg` */
  readonly securityGroupName?: string;
  /** ARN of the KMS key that encrypts storage, backups and the password. Changing it is a new database. @default keys of AWS */
  readonly kmsKeyArn?: string;
  /** One of `LOG_RETENTION_DAYS` of `@strata/core`. @default 30 */
  readonly logRetentionDays?: number;
  /**
   * Snapshot that the database is made from, of the same kind; read when it is made and ignored afterwards.
   * @default none: it is empty
   */
  readonly snapshotIdentifier?: string;
  /**
   * Whether a plan that would destroy or replace the database fails, AWS refuses to delete it, and a last snapshot
   * named `<identifier>-final` is taken where it is deleted all the same.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A PostgreSQL database that only members of allowed security groups reach, over TLS only. Applications sign in by IAM
 * ("IAM database authentication" in the Amazon RDS user guide): the password of the master user is in Secrets Manager
 * alone, never in Terraform's state. This resource is stateful.
 */
export class PostgresDatabase extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly subnetGroup: DbSubnetGroup;
  readonly logGroup: CloudwatchLogGroup;
  /** Host name. */
  readonly endpoint: string;
  readonly port = POSTGRES_PORT;
  readonly databaseName: string;
  /** What ARNs of `rds-db:connect` name it by. */
  readonly resourceId: string;
  /** What answers at the endpoint: what connects in the same deploy depends on it. */
  readonly instances: readonly ITerraformDependable[];
  /** Secret with the master user's name and password. */
  readonly masterSecretArn: string;

  /** @throws ValidationError naming every prop that RDS would reject. */
  constructor(scope: Construct, id: string, props: PostgresDatabaseProps) {
    super(scope, id);
    check(this, props);
    const options = withDefaults(postgresOptions, props);
    const { identifier } = props;
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    const preventDestroy = props.deletionProtection ?? true;

    const name = props.securityGroupName ?? `${identifier}-db-sg`;
    this.securityGroup = new SecurityGroup(this, 'security-group', {
      name,
      description: 'A PostgreSQL database',
      vpcId: props.vpcId,
      tags: { ...tags, Name: name },
      // A group in use cannot be deleted: on replacement, the database moves to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    this.subnetGroup = new DbSubnetGroup(this, 'subnet-group', {
      name: `${identifier}-subnets`,
      subnetIds: [...props.subnetIds],
      tags,
    });
    // Made here, or RDS makes it, without an end.
    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/rds/${options.kind === 'rds' ? 'instance' : 'cluster'}/${identifier}/postgresql`,
      retentionInDays: props.logRetentionDays ?? 30,
      tags,
    });

    const make = options.kind === 'rds' ? rdsInstance : auroraCluster;
    const made = make(this, options, {
      identifier,
      databaseName: props.databaseName,
      masterUserName: props.masterUserName ?? 'postgres_admin',
      subnetGroupName: this.subnetGroup.name,
      securityGroupId: this.securityGroup.id,
      kmsKeyArn: props.kmsKeyArn,
      snapshotIdentifier: props.snapshotIdentifier,
      deletionProtection: preventDestroy,
      logGroup: this.logGroup,
      tags,
    });
    this.endpoint = made.endpoint;
    this.databaseName = props.databaseName;
    this.resourceId = made.resourceId;
    this.masterSecretArn = made.masterSecretArn;
    this.instances = made.instances;
  }

  /**
   * Lets the members of a security group connect.
   *
   * @param name Name of the peer in the construct id and the description; unique in the database.
   * @throws ValidationError when the name is taken or cannot be used.
   */
  allowFrom(name: string, securityGroupId: string): VpcSecurityGroupIngressRule {
    const problems = new Problems(this);
    checkName(problems, 'peer', name, PEER_NAME);
    problems.check(isResolved(name), 'peer: the name is known only to Terraform; use a literal string');
    problems.check(
      this.node.tryFindChild(`from-${name}`) === undefined,
      `peer "${name}": it is allowed already; add each peer once`,
    );
    problems.throwIfAny();
    return new VpcSecurityGroupIngressRule(this, `from-${name}`, {
      securityGroupId: this.securityGroup.id,
      description: `PostgreSQL from ${name}`,
      ipProtocol: 'tcp',
      fromPort: POSTGRES_PORT,
      toPort: POSTGRES_PORT,
      referencedSecurityGroupId: securityGroupId,
    });
  }
}

/** Name of a peer: it becomes part of a construct id and of a rule's description. */
const PEER_NAME: NameRule = {
  what: 'peer name',
  maxLength: 100,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};

function check(scope: Construct, props: PostgresDatabaseProps): void {
  const problems = new Problems(scope);
  checkName(problems, 'identifier', props.identifier, DATABASE_IDENTIFIER);
  checkName(problems, 'databaseName', props.databaseName, DATABASE_NAME);
  checkName(problems, 'masterUserName', props.masterUserName, USER_NAME);
  checkOptions(problems, postgresOptions, props);
  addProblems(problems, postgresProblems(props, isResolved));
  if (isResolved(props.subnetIds)) {
    problems.check(
      props.subnetIds.length >= 2,
      `subnetIds: there are ${props.subnetIds.length}; RDS needs subnets in two zones or more`,
    );
  }
  checkLogRetentionDays(problems, 'logRetentionDays', props.logRetentionDays);
  problems.throwIfAny();
}
