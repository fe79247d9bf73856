import type { IamStatement } from '@strata/iam';
import { arnNames, rollbackAlarmStatements, type Account } from './container-statements';

export interface DeployStatementsProps {
  /** Endpoint that is deployed to; its models and configurations have names that start with it and a hyphen. */
  readonly endpointName: string;
  /** Role of the model, handed on to SageMaker. */
  readonly hostingRoleArn: string;
  /** Group whose versions are deployed. */
  readonly modelPackageGroupName: string;
  /** SSM parameter that says which image is deployed. @default none */
  readonly imageParameterArn?: string;
  /** Whether the function registers the endpoint with Application Auto Scaling. @default false */
  readonly autoscaling?: boolean;
  /** Whether alarms take an update of the endpoint back. @default false */
  readonly rollbackAlarms?: boolean;
  /** KMS keys of volumes and captured data. @default none */
  readonly kmsKeyArns?: readonly string[];
}

/**
 * What a function needs that creates and updates one endpoint from the versions of one model package group, and nothing
 * else.
 */
export function deployStatements(
  { accountId, region, partition }: Account,
  props: DeployStatementsProps,
): IamStatement[] {
  const { imageParameterArn, kmsKeyArns = [] } = props;
  const arn = (resource: string): string => `arn:${partition}:sagemaker:${region}:${accountId}:${resource}`;
  const groups = arnNames(props.modelPackageGroupName);
  const versions = groups.map((name) => arn(`model-package/${name}/*`));
  const endpoints = arnNames(props.endpointName);
  const configs = endpoints.map((name) => arn(`endpoint-config/${name}-*`));
  return [
    {
      sid: 'ReadVersions',
      actions: ['sagemaker:DescribeModelPackage'],
      resources: versions,
    },
    {
      sid: 'CreateModels',
      actions: [
        'sagemaker:CreateModel',
        'sagemaker:DescribeModel',
        'sagemaker:DeleteModel',
        'sagemaker:CreateEndpointConfig',
        'sagemaker:DescribeEndpointConfig',
        'sagemaker:DeleteEndpointConfig',
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      resources: [...endpoints.map((name) => arn(`model/${name}-*`)), ...configs, ...versions],
    },
    {
      sid: 'DeployEndpoint',
      actions: [
        'sagemaker:CreateEndpoint',
        'sagemaker:UpdateEndpoint',
        'sagemaker:DeleteEndpoint',
        'sagemaker:DescribeEndpoint',
        'sagemaker:UpdateEndpointWeightsAndCapacities',
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      resources: [...endpoints.map((name) => arn(`endpoint/${name}`)), ...configs],
    },
    // Lists cannot be restricted to a resource.
    {
      sid: 'ListEndpointConfigs',
      actions: ['sagemaker:ListEndpointConfigs'],
      resources: ['*'],
      allowAllResources: true,
    },
    {
      sid: 'PassRole',
      actions: ['iam:PassRole'],
      resources: [props.hostingRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    },
    ...(imageParameterArn === undefined
      ? []
      : [{ sid: 'ReadImage', actions: ['ssm:GetParameter'], resources: [imageParameterArn] }]),
    ...(kmsKeyArns.length === 0
      ? []
      : [
          { sid: 'DescribeKeys', actions: ['kms:DescribeKey'], resources: kmsKeyArns },
          {
            sid: 'CreateKeyGrants',
            actions: ['kms:CreateGrant'],
            resources: kmsKeyArns,
            conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          },
        ]),
    ...((props.rollbackAlarms ?? false) ? rollbackAlarmStatements({ accountId, region, partition }) : []),
    ...scalingStatements({ accountId, region, partition }, props),
  ];
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html */
function scalingStatements(
  { accountId, region, partition }: Account,
  { endpointName, autoscaling = false }: DeployStatementsProps,
): IamStatement[] {
  const target = {
    resources: [`arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/*`],
    conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' } },
  };
  return [
    {
      sid: 'DescribeScaling',
      actions: ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'],
      resources: ['*'],
      allowAllResources: true,
    },
    // Also where it does not scale any more: an endpoint that is registered cannot be deleted, nor its instance type
    // changed.
    {
      sid: 'DeregisterScaling',
      actions: ['application-autoscaling:DeregisterScalableTarget', 'application-autoscaling:DeleteScalingPolicy'],
      ...target,
    },
    ...(autoscaling
      ? [
          {
            sid: 'RegisterScaling',
            actions: ['application-autoscaling:RegisterScalableTarget', 'application-autoscaling:PutScalingPolicy'],
            ...target,
          },
          {
            // Application Auto Scaling creates the target tracking alarms with the permissions of the caller of
            // PutScalingPolicy.
            sid: 'ManageScalingAlarms',
            actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
            resources: [
              `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:TargetTracking-endpoint/${endpointName}/*`,
              `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${endpointName}-*`,
            ],
          },
          {
            sid: 'CreateServiceLinkedRole',
            actions: ['iam:CreateServiceLinkedRole'],
            resources: [
              `arn:${partition}:iam::${accountId}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
            ],
            conditions: { StringLike: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' } },
          },
        ]
      : []),
  ];
}
