import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeClustersCommand,
  ECSClient,
  ListClustersCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ListDomainsCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelPackageGroupsCommand,
  ListModelsCommand,
  ListPipelinesCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ClientConfig } from './aws';

/** What exists: a kind of resource -> its names or ids. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** Asks AWS for everything that the layers make, whoever made it. */
export async function inventory(config: ClientConfig): Promise<Inventory> {
  const [ec2, ecs, elb] = [new EC2Client(config), new ECSClient(config), new ElasticLoadBalancingV2Client(config)];
  const [ecr, iam, logs] = [new ECRClient(config), new IAMClient(config), new CloudWatchLogsClient(config)];
  const [scaling, s3, ssm] = [new ApplicationAutoScalingClient(config), new S3Client(config), new SSMClient(config)];
  const [lambda, sagemaker] = [new LambdaClient(config), new SageMakerClient(config)];
  const lists: Record<string, Promise<readonly (string | undefined)[] | undefined>> = {
    vpcs: ec2.send(new DescribeVpcsCommand({})).then(({ Vpcs }) => Vpcs?.map((one) => one.VpcId)),
    subnets: ec2.send(new DescribeSubnetsCommand({})).then(({ Subnets }) => Subnets?.map((one) => one.SubnetId)),
    routeTables: ec2
      .send(new DescribeRouteTablesCommand({}))
      .then(({ RouteTables }) => RouteTables?.map((one) => one.RouteTableId)),
    securityGroups: ec2
      .send(new DescribeSecurityGroupsCommand({}))
      .then(({ SecurityGroups }) => SecurityGroups?.map((one) => one.GroupId)),
    internetGateways: ec2
      .send(new DescribeInternetGatewaysCommand({}))
      .then(({ InternetGateways }) => InternetGateways?.map((one) => one.InternetGatewayId)),
    natGateways: ec2
      .send(
        new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values: ['pending', 'available', 'deleting'] }] }),
      )
      .then(({ NatGateways }) => NatGateways?.map((one) => one.NatGatewayId)),
    addresses: ec2
      .send(new DescribeAddressesCommand({}))
      .then(({ Addresses }) => Addresses?.map((one) => one.AllocationId)),
    // Moto keeps the interface of a deleted NAT gateway, in a subnet that is gone as well.
    networkInterfaces: Promise.all([
      ec2.send(new DescribeNetworkInterfacesCommand({})),
      ec2.send(new DescribeSubnetsCommand({})),
    ]).then(([{ NetworkInterfaces }, { Subnets }]) =>
      NetworkInterfaces?.filter((one) => Subnets?.some((subnet) => subnet.SubnetId === one.SubnetId)).map(
        (one) => one.NetworkInterfaceId,
      ),
    ),
    // AWS still tells of deleted endpoints for a while.
    vpcEndpoints: ec2
      .send(new DescribeVpcEndpointsCommand({}))
      .then(({ VpcEndpoints }) =>
        VpcEndpoints?.filter((one) => `${one.State}` !== 'deleted').map((one) => one.VpcEndpointId),
      ),
    repositories: ecr
      .send(new DescribeRepositoriesCommand({}))
      .then(({ repositories }) => repositories?.map((one) => one.repositoryName)),
    // AWS still tells of deleted clusters for a while.
    clusters: ecs
      .send(new ListClustersCommand({}))
      .then(({ clusterArns }) => ecs.send(new DescribeClustersCommand({ clusters: clusterArns })))
      .then(({ clusters }) => clusters?.filter((one) => one.status !== 'INACTIVE').map((one) => one.clusterName)),
    activeTaskDefinitions: ecs
      .send(new ListTaskDefinitionsCommand({ status: 'ACTIVE' }))
      .then(({ taskDefinitionArns }) => taskDefinitionArns?.map(lastPart)),
    inactiveTaskDefinitions: ecs
      .send(new ListTaskDefinitionsCommand({ status: 'INACTIVE' }))
      .then(({ taskDefinitionArns }) => taskDefinitionArns?.map(lastPart)),
    loadBalancers: elb
      .send(new DescribeLoadBalancersCommand({}))
      .then(({ LoadBalancers }) => LoadBalancers?.map((one) => one.LoadBalancerName)),
    targetGroups: elb
      .send(new DescribeTargetGroupsCommand({}))
      .then(({ TargetGroups }) => TargetGroups?.map((one) => one.TargetGroupName)),
    scalableTargets: scaling
      .send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))
      .then(({ ScalableTargets }) => ScalableTargets?.map((one) => one.ResourceId)),
    scalingPolicies: scaling
      .send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }))
      .then(({ ScalingPolicies }) => ScalingPolicies?.map((one) => one.PolicyName)),
    roles: iam.send(new ListRolesCommand({})).then(({ Roles }) => Roles?.map((one) => one.RoleName)),
    policies: iam
      .send(new ListPoliciesCommand({ Scope: 'Local' }))
      .then(({ Policies }) => Policies?.map((one) => one.PolicyName)),
    logGroups: logs
      .send(new DescribeLogGroupsCommand({}))
      .then(({ logGroups }) => logGroups?.map((one) => one.logGroupName)),
    buckets: s3.send(new ListBucketsCommand({})).then(({ Buckets }) => Buckets?.map((one) => one.Name)),
    functions: lambda
      .send(new ListFunctionsCommand({}))
      .then(({ Functions }) => Functions?.map((one) => one.FunctionName)),
    studioDomains: sagemaker
      .send(new ListDomainsCommand({}))
      .then(({ Domains }) => Domains?.map((one) => one.DomainName)),
    modelPipelines: sagemaker
      .send(new ListPipelinesCommand({}))
      .then(({ PipelineSummaries }) => PipelineSummaries?.map((one) => one.PipelineName)),
    modelPackageGroups: sagemaker
      .send(new ListModelPackageGroupsCommand({}))
      .then(({ ModelPackageGroupSummaryList }) =>
        ModelPackageGroupSummaryList?.map((one) => one.ModelPackageGroupName),
      ),
    models: sagemaker.send(new ListModelsCommand({})).then(({ Models }) => Models?.map((one) => one.ModelName)),
    endpointConfigs: sagemaker
      .send(new ListEndpointConfigsCommand({}))
      .then(({ EndpointConfigs }) => EndpointConfigs?.map((one) => one.EndpointConfigName)),
    endpoints: sagemaker
      .send(new ListEndpointsCommand({}))
      .then(({ Endpoints }) => Endpoints?.map((one) => one.EndpointName)),
    parameters: ssm
      .send(new DescribeParametersCommand({}))
      .then(({ Parameters }) => Parameters?.map((one) => one.Name)),
  };
  const entries = await Promise.all(
    Object.entries(lists).map(async ([kind, list]) => [kind, named(await list)] as const),
  );
  return Object.fromEntries(entries);
}

/** What is in `after` and not in `before`, by kind; kinds without any are left out. */
export function added(before: Inventory, after: Inventory): Inventory {
  return Object.fromEntries(
    Object.entries(after)
      .map(([kind, names]) => [kind, names.filter((name) => before[kind]?.includes(name) !== true)] as const)
      .filter(([, names]) => names.length > 0),
  );
}

function named(list: readonly (string | undefined)[] | undefined): string[] {
  return (list ?? []).map((name) => name ?? '').sort();
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
