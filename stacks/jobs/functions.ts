import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { AwsAccount, type JsonValue, terraformJson } from '@strata/core';
import type { QueueProcessingService } from '@strata/ecs-workers';
import type { IamStatement } from '@strata/iam';
import { LambdaFunction } from '@strata/lambda';
import { Queue } from '@strata/sqs';
import { Construct } from 'constructs';
import type { JobsConfig } from './config';
import { DEAD_LETTER_CONCURRENCY, statusConcurrency, SUBMIT_CONCURRENCY } from './connections';
import type { JobsDatabase } from './database';
import { CERTIFICATES, functionCode, JOBS_RUNTIME, type JobsFunction } from './functions-code';
import { jobsName, PREFIXES } from './names';

export interface JobsFunctionsProps {
  readonly config: JobsConfig;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly clusterName: string;
  readonly kinds: ReadonlyMap<string, QueueProcessingService>;
  readonly database: JobsDatabase;
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly eventBusName: string;
  readonly eventBusArn: string;
  /** Names of the account's roles that hand in work for people of a page. */
  readonly callerRoleNames: readonly string[];
}

/** How long a call may take: less than the 30 seconds of an HTTP API. */
const API_SECONDS = 29;
const QUEUE_SECONDS = 30;

interface FunctionProps {
  readonly description: string;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly statements: readonly IamStatement[];
}

/** The functions of the layer, in the VPC: they sign in to the database as the submitter. */
export class JobsFunctions extends Construct {
  readonly submit: LambdaFunction;
  readonly status: LambdaFunction;
  readonly deadLetter: LambdaFunction;
  readonly wake: LambdaFunction;
  readonly securityGroup: SecurityGroup;
  /** Where a submit asks to look again whether somebody works. */
  readonly wakeQueue: Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: JobsFunctionsProps,
  ) {
    super(scope, id);
    const { config, database } = props;
    const name = jobsName(config.namePrefix, 'functions-sg');
    this.securityGroup = new SecurityGroup(this, 'security-group', {
      name,
      description: 'Functions of the jobs layer',
      vpcId: props.vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupEgressRule(this, 'to-anywhere', {
      securityGroupId: this.securityGroup.id,
      description: 'To anywhere, IPv4',
      ipProtocol: '-1',
      cidrIpv4: '0.0.0.0/0',
    });
    database.allowFrom('functions', this.securityGroup);
    this.wakeQueue = new Queue(this, 'wake-queue', {
      queueName: jobsName(config.namePrefix, 'wake'),
      visibilityTimeoutSeconds: 6 * QUEUE_SECONDS,
      retentionSeconds: 3600,
      kmsKeyArn: config.kmsKeyArn,
    });

    const [send, raise] = [this.sendStatement(), this.raiseStatement()];
    const signIn = database.connectStatement('submitter');
    this.submit = this.function('jobs-submit', {
      description: 'Takes uploads and jobs',
      concurrency: SUBMIT_CONCURRENCY,
      timeoutSeconds: API_SECONDS,
      statements: [
        signIn,
        this.objectStatement('Uploads', ['s3:GetObject', 's3:PutObject'], PREFIXES.uploads),
        send,
        raise,
      ],
    });
    this.status = this.function('jobs-status', {
      description: 'Tells about jobs, cancels and retries them',
      concurrency: statusConcurrency(config.api.concurrentPolls),
      timeoutSeconds: API_SECONDS,
      statements: [
        signIn,
        this.objectStatement('Results', ['s3:GetObject'], PREFIXES.results),
        send,
        raise,
        this.eventStatement(),
      ],
    });
    this.deadLetter = this.function('jobs-dead-letter', {
      description: 'Marks jobs failed whose workers died as often as the queue allows',
      concurrency: DEAD_LETTER_CONCURRENCY,
      timeoutSeconds: QUEUE_SECONDS,
      statements: [
        signIn,
        send,
        this.eventStatement(),
        this.receiveStatement([...props.kinds.values()].map(({ deadLetterQueue }) => deadLetterQueue)),
      ],
    });
    this.wake = this.function('jobs-wake', {
      description: 'Starts the first worker where work waits and nobody does it',
      concurrency: DEAD_LETTER_CONCURRENCY,
      timeoutSeconds: QUEUE_SECONDS,
      statements: [
        send,
        raise,
        this.receiveStatement([this.wakeQueue]),
        {
          sid: 'SeeWork',
          actions: ['sqs:GetQueueAttributes'],
          resources: [...props.kinds.values()].map(({ queue }) => queue.queueArn),
        },
      ],
    });
    this.feed('wake', this.wake, this.wakeQueue);
    for (const [kind, { deadLetterQueue }] of props.kinds)
      this.feed(`failed-${kind}`, this.deadLetter, deadLetterQueue);
  }

  private function(bundle: JobsFunction, props: FunctionProps): LambdaFunction {
    const { config, subnetIds } = this.props;
    return new LambdaFunction(this, bundle, {
      functionName: `${config.namePrefix === undefined ? '' : `${config.namePrefix}-`}${bundle}`,
      description: props.description,
      codeDirectory: functionCode(bundle),
      runtime: JOBS_RUNTIME,
      timeoutSeconds: props.timeoutSeconds,
      reservedConcurrentExecutions: props.concurrency,
      environment: { ...CERTIFICATES, STRATA_JOBS_API: this.settings() },
      roleStatements: [...props.statements, ...this.keyStatements()],
      permissionsBoundaryArn: config.permissionsBoundaryArn,
      subnetIds,
      securityGroupIds: [this.securityGroup.id],
      logRetentionDays: config.logRetentionDays,
      alarms: config.alarms ? { topicArn: config.alarmTopicArn } : undefined,
    });
  }

  private settings(): string {
    const { config, kinds, database, bucketName, eventBusName, clusterName } = this.props;
    const { api, upload } = config;
    return terraformJson({
      kinds: Object.fromEntries(
        [...kinds].map(([name, { queue, names }]) => [
          name,
          { queueUrl: queue.queueUrl, clusterName, serviceName: names.serviceName },
        ]),
      ),
      bucket: bucketName,
      databaseUrl: database.url('submitter'),
      databaseIam: true,
      eventBus: eventBusName,
      wakeQueueUrl: this.wakeQueue.queueUrl,
      tenant: this.tenant(api),
      uploadMaxMib: upload.maxMiB,
      uploadExpirySeconds: upload.expirySeconds,
      uploadContentTypes: upload.contentTypes,
      longPollSeconds: api.longPollSeconds,
      queuedJobsPerTenant: api.queuedJobsPerTenant,
    } as JsonValue);
  }

  private tenant({ auth, tenantClaim, tenants }: JobsConfig['api']): JsonValue {
    switch (auth) {
      case 'jwt':
        return { from: 'jwt', claim: tenantClaim };
      case 'iam': {
        const { accountId, partition } = AwsAccount.of(this);
        const callers = this.props.callerRoleNames.map((name) => `arn:${partition}:iam::${accountId}:role/${name}`);
        return { from: 'iam', roles: tenants, ...(callers.length > 0 && { webCallers: callers }) };
      }
      case 'none':
        return { from: 'none' };
    }
  }

  private feed(id: string, target: LambdaFunction, queue: Queue): void {
    new LambdaEventSourceMapping(this, `feed-${id}`, {
      eventSourceArn: queue.queueArn,
      functionName: target.functionArn,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // They have no names, and the layer's tags are the same on all.
      tags: { Name: queue.queueName },
    });
  }

  private objectStatement(sid: string, actions: readonly string[], prefix: string): IamStatement {
    return { sid, actions, resources: [`${this.props.bucketArn}/${prefix}*`] };
  }

  private sendStatement(): IamStatement {
    const queues = [...this.props.kinds.values()].map(({ queue }) => queue.queueArn);
    return { sid: 'Send', actions: ['sqs:SendMessage'], resources: [...queues, this.wakeQueue.queueArn] };
  }

  private receiveStatement(queues: readonly Queue[]): IamStatement {
    return {
      sid: 'Receive',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: queues.map(({ queueArn }) => queueArn),
    };
  }

  private raiseStatement(): IamStatement {
    const { accountId, partition, region } = AwsAccount.of(this);
    return {
      sid: 'StartFirstWorker',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: [...this.props.kinds.values()].map(
        ({ names }) =>
          `arn:${partition}:ecs:${region}:${accountId}:service/${this.props.clusterName}/${names.serviceName}`,
      ),
    };
  }

  private eventStatement(): IamStatement {
    return { sid: 'TellOthers', actions: ['events:PutEvents'], resources: [this.props.eventBusArn] };
  }

  private keyStatements(): IamStatement[] {
    const { kmsKeyArn } = this.props.config;
    return kmsKeyArn === undefined
      ? []
      : [{ sid: 'UseKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [kmsKeyArn] }];
  }
}
