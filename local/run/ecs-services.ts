import {
  DescribeServicesCommand,
  paginateListClusters,
  paginateListServices,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';

/** Every service of every cluster. One that was deleted stays on record for a while, as INACTIVE, and is left out. */
export async function listEcsServices(
  client: ECSClient,
): Promise<{ readonly clusterArn: string; readonly service: Service }[]> {
  const found: { readonly clusterArn: string; readonly service: Service }[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {})) {
    for (const clusterArn of clusterArns) {
      // AWS describes ten services at a time, so they are listed by tens.
      for await (const { serviceArns = [] } of paginateListServices(
        { client, pageSize: 10 },
        { cluster: clusterArn },
      )) {
        if (serviceArns.length === 0) continue;
        const { services = [] } = await client.send(
          new DescribeServicesCommand({ cluster: clusterArn, services: serviceArns }),
        );
        found.push(
          ...services.filter(({ status }) => status !== 'INACTIVE').map((service) => ({ clusterArn, service })),
        );
      }
    }
  }
  return found;
}
