import { pullImageStatements, type IamStatement } from '@strata/iam';
import { isResolved } from '@strata/core';
import { Fn } from 'cdktf';

export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

export interface ContainerAccess {
  /** Repositories that images are pulled from. */
  readonly repositoryArns: readonly string[];
  /** Keys of what is read and written, and of volumes. */
  readonly kmsKeyArns: readonly string[];
  /** VPC whose subnets containers are connected to. */
  readonly vpcId: string | undefined;
  /** Log groups that SageMaker makes for the containers, such as `/aws/sagemaker/TrainingJobs`. */
  readonly logGroups: readonly string[];
}

const anyResource = { resources: ['*'], allowAllResources: true } as const;

/**
 * What every container of SageMaker needs to start and to be seen: its image, its logs and metrics; keys and network
 * interfaces where there are any.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function containerStatements(
  { accountId, region, partition }: Account,
  access: ContainerAccess,
): IamStatement[] {
  const { repositoryArns, kmsKeyArns, vpcId, logGroups } = access;
  return [
    ...pullImageStatements(repositoryArns),
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: logGroups.map((name) => `arn:${partition}:logs:${region}:${accountId}:log-group:${name}*`),
    },
    {
      sid: 'WriteMetrics',
      actions: ['cloudwatch:PutMetricData'],
      ...anyResource,
      conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*', 'AWS/SageMaker'] } },
    },
    ...(kmsKeyArns.length === 0
      ? []
      : [
          {
            sid: 'UseKeys',
            actions: [
              'kms:Decrypt',
              'kms:DescribeKey',
              'kms:Encrypt',
              'kms:GenerateDataKey',
              'kms:GenerateDataKeyWithoutPlaintext',
            ],
            resources: kmsKeyArns,
          },
          {
            sid: 'CreateKeyGrants',
            actions: ['kms:CreateGrant'],
            resources: kmsKeyArns,
            conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          },
        ]),
    ...(vpcId === undefined ? [] : networkInterfaceStatements({ accountId, region, partition }, vpcId)),
  ];
}

/**
 * SageMaker creates the network interfaces of a container with the permissions of its role: in one VPC.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
function networkInterfaceStatements({ accountId, region, partition }: Account, vpcId: string): IamStatement[] {
  const arn = (resource: string): string => `arn:${partition}:ec2:${region}:${accountId}:${resource}`;
  const conditions = { ArnEquals: { 'ec2:Vpc': arn(`vpc/${vpcId}`) } };
  return [
    {
      sid: 'CreateNetworkInterfaces',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [arn('network-interface/*')],
    },
    {
      sid: 'ConnectToVpc',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [arn('subnet/*'), arn('security-group/*')],
      conditions,
    },
    {
      sid: 'ManageNetworkInterfaces',
      actions: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [arn('network-interface/*')],
      conditions,
    },
    {
      sid: 'DescribeVpc',
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      ...anyResource,
    },
  ];
}

/**
 * Permissions that an endpoint's role, and the caller that updates it, need if alarms roll an update back.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function rollbackAlarmStatements({ accountId, region, partition }: Account): IamStatement[] {
  return [
    {
      sid: 'DescribeRollbackAlarms',
      actions: ['cloudwatch:DescribeAlarms'],
      resources: [`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`],
    },
  ];
}

/**
 * A name as it may stand in an ARN: SageMaker writes most ARNs in lower case whatever the name is, but asks IAM with
 * some names as they are, and IAM compares by letters.
 */
export function arnNames(name: string): string[] {
  return isResolved(name) ? [...new Set([name, name.toLowerCase()])] : [name, Fn.lower(name)];
}
