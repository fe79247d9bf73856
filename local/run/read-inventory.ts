import {
  EC2Client,
  paginateDescribeNatGateways,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type RouteTable,
  type Tag,
} from '@aws-sdk/client-ec2';
import { ECRClient, paginateDescribeRepositories, paginateListImages } from '@aws-sdk/client-ecr';
import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import { GetBucketVersioningCommand, paginateListBuckets, S3Client } from '@aws-sdk/client-s3';

import type { AwsReaderOptions } from './aws-reader-options';
import { listEcsServices } from './ecs-services';
import type {
  BucketItem,
  Inventory,
  InventoryReader,
  LoadBalancerItem,
  RepositoryItem,
  ServiceItem,
  VpcItem,
} from './inventory';
import { all } from './pages';
import { readMachineLearning } from './read-machine-learning';

/** Reads what exists from the AWS API behind an endpoint. Default VPCs are left out: no layer made them. */
export class AwsInventoryReader implements InventoryReader {
  public constructor(private readonly options: AwsReaderOptions) {}

  public async read(): Promise<Inventory> {
    const [vpcs, repositories, loadBalancers, services, buckets, machineLearning] = await Promise.all([
      readVpcs(new EC2Client(this.options)),
      readRepositories(new ECRClient(this.options)),
      readLoadBalancers(new ElasticLoadBalancingV2Client(this.options)),
      readServices(new ECSClient(this.options)),
      readBuckets(new S3Client(this.options)),
      readMachineLearning(this.options),
    ]);
    return { vpcs, repositories, loadBalancers, services, buckets, machineLearning };
  }
}

async function readVpcs(client: EC2Client): Promise<VpcItem[]> {
  const vpcs = (await all(paginateDescribeVpcs({ client }, {}), (page) => page.Vpcs)).filter(
    (vpc) => vpc.IsDefault !== true,
  );
  if (vpcs.length === 0) return [];
  const Filters = [{ Name: 'vpc-id', Values: vpcs.map((vpc) => vpc.VpcId ?? '') }];
  const [subnets, routeTables, natGateways] = await Promise.all([
    all(paginateDescribeSubnets({ client }, { Filters }), (page) => page.Subnets),
    all(paginateDescribeRouteTables({ client }, { Filters }), (page) => page.RouteTables),
    all(paginateDescribeNatGateways({ client }, { Filter: Filters }), (page) => page.NatGateways),
  ]);
  return vpcs.map((vpc) => ({
    id: vpc.VpcId ?? '',
    name: nameOf(vpc.Tags),
    cidrBlock: vpc.CidrBlock ?? '',
    subnets: subnets
      .filter((subnet) => subnet.VpcId === vpc.VpcId)
      .map((subnet) => ({
        id: subnet.SubnetId ?? '',
        name: nameOf(subnet.Tags),
        cidrBlock: subnet.CidrBlock ?? '',
        zone: subnet.AvailabilityZone ?? '',
        isPublic: leadsToInternetGateway(subnet.SubnetId ?? '', vpc.VpcId ?? '', routeTables),
      })),
    natGateways: natGateways
      .filter((gateway) => gateway.VpcId === vpc.VpcId && gateway.State !== 'deleted' && gateway.State !== 'deleting')
      .map((gateway) => gateway.NatGatewayId ?? ''),
  }));
}

/** A subnet without an explicit route table uses the VPC's main one. */
function leadsToInternetGateway(subnet: string, vpc: string, tables: readonly RouteTable[]): boolean {
  const own = tables.find(
    (table) => table.Associations?.some((association) => association.SubnetId === subnet) === true,
  );
  const main = tables.find(
    (table) => table.VpcId === vpc && table.Associations?.some((association) => association.Main === true) === true,
  );
  return (own ?? main)?.Routes?.some((route) => route.GatewayId?.startsWith('igw-') === true) === true;
}

async function readRepositories(client: ECRClient): Promise<RepositoryItem[]> {
  const repositories = await all(paginateDescribeRepositories({ client }, {}), (page) => page.repositories);
  return Promise.all(
    repositories.map(async (repository) => ({
      name: repository.repositoryName ?? '',
      uri: repository.repositoryUri ?? '',
      images: (
        await all(
          paginateListImages({ client }, { repositoryName: repository.repositoryName }),
          (page) => page.imageIds,
        )
      ).length,
    })),
  );
}

async function readLoadBalancers(client: ElasticLoadBalancingV2Client): Promise<LoadBalancerItem[]> {
  const balancers = await all(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers);
  return Promise.all(
    balancers.map(async (balancer) => {
      const listeners = await all(
        paginateDescribeListeners({ client }, { LoadBalancerArn: balancer.LoadBalancerArn }),
        (page) => page.Listeners,
      );
      return {
        name: balancer.LoadBalancerName ?? '',
        // The emulator leaves out what is AWS's default.
        scheme: (balancer.Scheme ?? '') === '' ? 'internet-facing' : String(balancer.Scheme),
        addresses: listeners
          .map(
            (listener) =>
              new URL(`${(listener.Protocol ?? 'HTTP').toLowerCase()}://${balancer.DNSName}:${listener.Port}`),
          )
          .sort((a, b) => b.protocol.localeCompare(a.protocol))
          .map((url) => url.origin),
      };
    }),
  );
}

async function readServices(client: ECSClient): Promise<ServiceItem[]> {
  const services = await listEcsServices(client);
  return Promise.all(
    services.map(async ({ clusterArn, service }) => {
      const definition = await client.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
      );
      return {
        cluster: lastPart(clusterArn),
        name: service.serviceName ?? '',
        desired: service.desiredCount ?? 0,
        running: service.runningCount ?? 0,
        taskDefinition: lastPart(service.taskDefinition ?? ''),
        images: (definition.taskDefinition?.containerDefinitions ?? []).map((container) => container.image ?? ''),
      };
    }),
  );
}

async function readBuckets(client: S3Client): Promise<BucketItem[]> {
  const buckets = await all(paginateListBuckets({ client }, {}), (page) => page.Buckets);
  return Promise.all(
    buckets.map(async ({ Name = '' }) => ({
      name: Name,
      isVersioned: (await client.send(new GetBucketVersioningCommand({ Bucket: Name }))).Status === 'Enabled',
    })),
  );
}

function nameOf(tags: Tag[] | undefined): string {
  return tags?.find((tag) => tag.Key === 'Name')?.Value ?? '';
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
