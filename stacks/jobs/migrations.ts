import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { terraformJson, type JsonValue } from '@strata/core';
import { LambdaFunction } from '@strata/lambda';
import { Construct } from 'constructs';
import type { JobsConfig } from './config';
import type { JobsDatabase } from './database';
import { CERTIFICATES, functionCode, JOBS_RUNTIME } from './functions-code';
import { jobsName, PREFIXES } from './names';

export interface JobsMigrationsProps {
  readonly config: JobsConfig;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** One that the layer makes: of an imported database the owner migrates. */
  readonly database: JobsDatabase;
  /** Of uploads and results, for the deletion of a person's data. */
  readonly bucketName: string;
  readonly bucketArn: string;
}

/** A migration waits for locks at most 10 seconds; what rewrites a large table has to be split. */
const TIMEOUT_SECONDS = 300;

/**
 * Brings the database to the schema of this version of the layer: a function that Terraform invokes in the deploy that
 * changes the schema, before it deploys the workers. A failed migration is rolled back, and fails the deploy.
 */
export class JobsMigrations extends Construct {
  readonly function: LambdaFunction;
  readonly invocation: LambdaInvocation;
  /** What `depends_on` takes. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: JobsMigrationsProps) {
    super(scope, id);
    const { config, vpcId, subnetIds, database } = props;
    const name = jobsName(config.namePrefix, 'migrate-sg');
    const securityGroup = new SecurityGroup(this, 'security-group', {
      name,
      description: 'Migrations of the jobs database',
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    const egress = new VpcSecurityGroupEgressRule(this, 'to-anywhere', {
      securityGroupId: securityGroup.id,
      description: 'To anywhere, IPv4',
      ipProtocol: '-1',
      cidrIpv4: '0.0.0.0/0',
    });
    const allowed = database.allowFrom('migrations', securityGroup);
    const code = functionCode('jobs-migrate');
    this.function = new LambdaFunction(this, 'function', {
      functionName: jobsName(config.namePrefix, 'migrate'),
      description: "Brings the database to the newest version of its schema, and deletes a person's data",
      codeDirectory: code,
      runtime: JOBS_RUNTIME,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { ...CERTIFICATES, STRATA_JOBS_MIGRATE: terraformJson(settingsOf(props)) },
      roleStatements: [
        {
          sid: 'OwnerPassword',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [database.masterSecretArn],
        },
        { sid: 'FindObjects', actions: ['s3:ListBucket'], resources: [props.bucketArn] },
        {
          sid: 'ForgetObjects',
          actions: ['s3:DeleteObject'],
          resources: Object.values(PREFIXES).map((prefix) => `${props.bucketArn}/${prefix}*`),
        },
        ...(config.kmsKeyArn === undefined
          ? []
          : [{ sid: 'OwnerPasswordKey', actions: ['kms:Decrypt'], resources: [config.kmsKeyArn] }]),
      ],
      permissionsBoundaryArn: config.permissionsBoundaryArn,
      subnetIds,
      securityGroupIds: [securityGroup.id],
      logRetentionDays: config.logRetentionDays,
      alarms: config.alarms ? { topicArn: config.alarmTopicArn } : undefined,
    });
    this.invocation = new LambdaInvocation(this, 'invocation', {
      functionName: this.function.functionName,
      // Another schema is another input, with which Terraform invokes it again.
      input: JSON.stringify({ schema: schemaOf(code) }),
      dependsOn: [egress, allowed, ...database.instances],
    });
    const { terraformResourceType, friendlyUniqueId } = this.invocation;
    this.address = `${terraformResourceType}.${friendlyUniqueId}`;
  }
}

function settingsOf({ database, bucketName }: JobsMigrationsProps): JsonValue {
  const { endpoint, port, databaseName, masterSecretArn } = database;
  return { host: endpoint, port, database: databaseName, secretArn: masterSecretArn, bucket: bucketName };
}

/** What tells one schema from another: all migrations. */
function schemaOf(code: string): string {
  const folder = join(code, 'migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}
