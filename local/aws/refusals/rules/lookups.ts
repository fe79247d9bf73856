import type { AskAws, Reading } from '../ask-aws';

/** Subnets by id; those that do not exist are left out. */
export async function subnetsOf(aws: AskAws, ids: readonly string[]): Promise<Reading[]> {
  if (ids.length === 0) return [];
  return (await aws('ec2', 'DescribeSubnets', { SubnetIds: ids }))?.Subnets ?? [];
}

export async function loadBalancers(aws: AskAws): Promise<Reading[]> {
  return (await aws('elbv2', 'DescribeLoadBalancers'))?.LoadBalancers ?? [];
}

/** Endpoints of a VPC, or all, that are not deleted. */
export async function vpcEndpoints(aws: AskAws, vpc?: string): Promise<Reading[]> {
  const filters = vpc === undefined ? {} : { Filters: [{ Name: 'vpc-id', Values: [vpc] }] };
  const found: Reading[] = (await aws('ec2', 'DescribeVpcEndpoints', filters))?.VpcEndpoints ?? [];
  return found.filter(({ State = '' }) => !/delet/i.test(State));
}

/** NAT gateways that are not deleted. */
export async function natGateways(aws: AskAws): Promise<Reading[]> {
  const found: Reading[] = (await aws('ec2', 'DescribeNatGateways'))?.NatGateways ?? [];
  return found.filter(({ State = '' }) => !/delet|failed/i.test(State));
}

/** The internet gateway of a VPC. */
export async function internetGateway(aws: AskAws, vpc: string): Promise<Reading | undefined> {
  const filters = { Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }] };
  return (await aws('ec2', 'DescribeInternetGateways', filters))?.InternetGateways?.[0];
}

/** Services of a cluster, or of all, that are not being deleted. */
export async function ecsServices(aws: AskAws, cluster?: string): Promise<Reading[]> {
  const clusters: string[] =
    cluster === undefined ? ((await aws('ecs', 'ListClusters'))?.clusterArns ?? []) : [cluster];
  const services = await Promise.all(
    clusters.map(async (name) => {
      const arns: string[] = (await aws('ecs', 'ListServices', { cluster: name, maxResults: 100 }))?.serviceArns ?? [];
      const batches = Array.from({ length: Math.ceil(arns.length / 10) }, (_, i) => arns.slice(i * 10, i * 10 + 10));
      const described = await Promise.all(
        batches.map(
          async (batch) => (await aws('ecs', 'DescribeServices', { cluster: name, services: batch }))?.services,
        ),
      );
      return described.flatMap((found: Reading[] = []) => found);
    }),
  );
  return services.flat().filter(({ status }) => status === 'ACTIVE');
}

/** One service that is not being deleted. */
export async function ecsService(aws: AskAws, cluster = 'default', service = ''): Promise<Reading | undefined> {
  const found: Reading[] = (await aws('ecs', 'DescribeServices', { cluster, services: [service] }))?.services ?? [];
  return found.find(({ status }) => status === 'ACTIVE');
}

/** Account, region and the rest of an ARN. */
export function parseArn(arn: string): { service: string; region: string; account: string; resource: string } {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':');
  return { service, region, account, resource: rest.join(':') };
}

/** The last part of an ARN's path, or the name itself. */
export function nameOf(arnOrName: string): string {
  return arnOrName.split('/').at(-1)!;
}
