import type { Forward, Patch } from './patch';

/** Routes of a gateway endpoint whose route tables change. */
export const ec2GatewayEndpointRoutes: Patch = {
  service: 'ec2',
  operations: ['ModifyVpcEndpoint'],
  missing:
    'records which route tables are added to a gateway endpoint or removed from it, but does not create ' +
    'or remove their routes',
  why:
    'it then fails to delete the endpoint: an aws_vpc_endpoint could not be destroyed once its route tables ' +
    'had changed, as when a zone is added',
  how: 'creates and removes the routes to the prefix list of the service',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'ec2' && request.operation === 'ModifyVpcEndpoint',
  open: () => async (request, forward) => {
    const reply = await forward();
    const asked = new URLSearchParams((await request.body()).toString('utf8'));
    const tables = (prefix: string): string[] =>
      [...asked].filter(([name]) => name.startsWith(`${prefix}.`)).map(([, id]) => id);
    const [added, removed] = [tables('AddRouteTableId'), tables('RemoveRouteTableId')];
    const endpointId = asked.get('VpcEndpointId');
    if (reply.status !== 200 || endpointId === null || added.length + removed.length === 0) return reply;

    const call = caller(forward, asked.get('Version') ?? '2016-11-15');
    const prefixList = await prefixListOf(endpointId, call);
    if (prefixList === undefined) return reply;
    for (const table of added)
      await call('CreateRoute', { RouteTableId: table, DestinationPrefixListId: prefixList, GatewayId: endpointId });
    for (const table of removed)
      await call('DeleteRoute', { RouteTableId: table, DestinationPrefixListId: prefixList });
    return reply;
  },
};

type Call = (operation: string, parameters: Readonly<Record<string, string>>) => Promise<string>;

/** Calls an operation of EC2; what moto refuses (a route that is gone with its table) is left as it is. */
function caller(forward: Forward, version: string): Call {
  return async (operation, parameters) => {
    const body = new URLSearchParams({ Action: operation, Version: version, ...parameters });
    return (await forward({ body: Buffer.from(body.toString()) })).body.toString('utf8');
  };
}

/** The prefix list a gateway endpoint routes to; interface endpoints have none. */
async function prefixListOf(endpointId: string, call: Call): Promise<string | undefined> {
  const endpoint = await call('DescribeVpcEndpoints', { 'VpcEndpointId.1': endpointId });
  const serviceName = /<serviceName>([^<]+)</.exec(endpoint)?.[1];
  if (serviceName === undefined || /<vpcEndpointType>Interface</i.test(endpoint)) return undefined;
  const lists = await call('DescribeManagedPrefixLists', {
    'Filter.1.Name': 'prefix-list-name',
    'Filter.1.Value.1': serviceName,
  });
  return /<prefixListId>([^<]+)</.exec(lists)?.[1];
}
