import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { AwsAccount, isResolved, Problems, checkLogRetentionDays, checkName, checkOneOf } from '@strata/core';
import { NAME_RULE } from './name-rule';

export type FlowLogsDestination = 'cloud-watch-logs' | 's3';
export type FlowLogsTrafficType = 'ACCEPT' | 'REJECT' | 'ALL';

const DESTINATIONS: readonly FlowLogsDestination[] = ['cloud-watch-logs', 's3'];
const TRAFFIC_TYPES: readonly FlowLogsTrafficType[] = ['ACCEPT', 'REJECT', 'ALL'];
const AGGREGATION_INTERVALS_SECONDS = [60, 600] as const;

export interface FlowLogsProps {
  /** Id of the VPC whose traffic is recorded. */
  readonly vpcId: string;
  /** Tag `Name` of the flow log and start of the role's name; usually the VPC's name. */
  readonly name: string;
  /**
   * Where the records go. S3 is the cheaper one by far.
   * @default 'cloud-watch-logs'
   */
  readonly destination?: FlowLogsDestination;
  /**
   * ARN of the bucket, with a prefix behind it if wanted (`arn:aws:s3:::logs/vpc/`); only and always with destination
   * `s3`.
   */
  readonly bucketArn?: string;
  /**
   * Name of the log group that is made.
   * @default '/vpc/<name>/flow-logs'
   */
  readonly logGroupName?: string;
  /**
   * How many days the log group keeps its events; one of CloudWatch's list.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * ARN of the KMS key that encrypts the log group; its policy must let CloudWatch Logs use it.
   * @default CloudWatch's own encryption
   */
  readonly kmsKeyArn?: string;
  /**
   * Which traffic is recorded.
   * @default 'ALL'
   */
  readonly trafficType?: FlowLogsTrafficType;
  /**
   * Longest time over which a flow is put into one record, 60 or 600 seconds. 60 gives more records, which cost more.
   * @default 600
   */
  readonly maxAggregationIntervalSeconds?: number;
  /** Tags on everything made here, besides `Name`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Records the connections of a VPC's network interfaces, in a new log group (with a role that may write only there) or
 * in a bucket.
 *
 * @throws ValidationError naming every invalid prop.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
 */
export class FlowLogs extends Construct {
  readonly flowLog: FlowLog;
  /** Only with destination `cloud-watch-logs`. */
  readonly logGroup?: CloudwatchLogGroup;
  /** Only with destination `cloud-watch-logs`. */
  readonly role?: IamRole;

  private readonly name: string;
  private readonly tags: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    this.name = props.name;
    this.tags = props.tags ?? {};
    const destination = props.destination ?? 'cloud-watch-logs';
    this.check(props, destination);

    if (destination === 'cloud-watch-logs') {
      this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
        name: props.logGroupName ?? `/vpc/${props.name}/flow-logs`,
        retentionInDays: props.retentionDays ?? 30,
        kmsKeyId: props.kmsKeyArn,
        tags: { ...this.tags },
      });
      this.role = this.makeRole(this.logGroup);
    }
    this.flowLog = new FlowLog(this, 'flow-log', {
      vpcId: props.vpcId,
      trafficType: props.trafficType ?? 'ALL',
      maxAggregationInterval: props.maxAggregationIntervalSeconds ?? 600,
      logDestinationType: destination,
      logDestination: this.logGroup?.arn ?? props.bucketArn,
      iamRoleArn: this.role?.arn,
      tags: { ...this.tags, Name: props.name },
    });
  }

  private check(props: FlowLogsProps, destination: FlowLogsDestination): void {
    const problems = new Problems(this);
    checkName(problems, 'name', props.name, NAME_RULE);
    checkOneOf(problems, 'destination', destination, DESTINATIONS);
    checkOneOf(problems, 'trafficType', props.trafficType, TRAFFIC_TYPES);
    checkOneOf(
      problems,
      'maxAggregationIntervalSeconds',
      props.maxAggregationIntervalSeconds,
      AGGREGATION_INTERVALS_SECONDS,
    );
    checkLogRetentionDays(problems, 'retentionDays', props.retentionDays);
    checkName(problems, 'logGroupName', props.logGroupName, {
      what: 'log group name',
      maxLength: 512,
      pattern: /^[A-Za-z0-9_\-/.#]+$/,
      allowed: 'letters, digits and _ - / . #',
      reservedPrefixes: ['aws/'],
    });
    if (destination === 's3') {
      problems.check(
        props.bucketArn !== undefined,
        'bucketArn: is missing; destination "s3" needs the ARN of a bucket',
      );
      for (const key of ['logGroupName', 'retentionDays', 'kmsKeyArn'] as const) {
        problems.check(
          props[key] === undefined,
          `${key}: does not go with destination "s3"; leave it out, the bucket has its own`,
        );
      }
      if (isResolved(props.bucketArn) && !/^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]+(\/.*)?$/.test(props.bucketArn)) {
        problems.add(
          `bucketArn: "${props.bucketArn}" is not the ARN of a bucket; write it as "arn:aws:s3:::bucket" or ` +
            '"arn:aws:s3:::bucket/prefix/"',
        );
      }
    } else if (destination === 'cloud-watch-logs') {
      problems.check(
        props.bucketArn === undefined,
        'bucketArn: does not go with destination "cloud-watch-logs"; leave it out or use destination "s3"',
      );
    }
    problems.throwIfAny();
  }

  private makeRole(logGroup: CloudwatchLogGroup): IamRole {
    const { accountId, partition } = AwsAccount.of(this);
    const role = new IamRole(this, 'role', {
      // Role names are one list for the whole account: a prefix lets the same VPC name be used in two regions. A prefix
      // has at most 38 characters.
      namePrefix: `${this.name.replaceAll(/[^A-Za-z0-9+=,.@_-]/g, '-').slice(0, 27)}-flow-logs-`,
      description: `Lets the flow logs of ${this.name} write to their log group`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Action: 'sts:AssumeRole',
            // Otherwise the flow logs of another account could be made to write through this role.
            Condition: {
              StringEquals: { 'aws:SourceAccount': accountId },
              ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:*:${accountId}:vpc-flow-log/*` },
            },
          },
        ],
      }),
      tags: { ...this.tags },
    });
    new IamRolePolicy(this, 'role-policy', {
      name: 'write-flow-logs',
      role: role.id,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
            Resource: [logGroup.arn, `${logGroup.arn}:*`],
          },
          // Cannot be restricted to a resource.
          { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
        ],
      }),
    });
    return role;
  }
}
