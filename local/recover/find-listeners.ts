import {
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  paginateDescribeListeners,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Found } from './found';

/** The listeners of load balancers, told apart by their ports. */
export async function findListeners(
  loadBalancerArns: readonly string[],
  aws: { readonly region: string },
): Promise<Found[]> {
  const client = new ElasticLoadBalancingV2Client(aws);
  const lists = await Promise.all(loadBalancerArns.map((arn) => listenersOf(client, arn)));
  return lists.flat();
}

async function listenersOf(client: ElasticLoadBalancingV2Client, LoadBalancerArn: string): Promise<Found[]> {
  const found: Found[] = [];
  try {
    for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn }))
      for (const { ListenerArn = '', Port } of page.Listeners ?? [])
        found.push({
          type: 'aws_lb_listener',
          id: ListenerArn,
          arn: ListenerArn,
          values: { load_balancer_arn: LoadBalancerArn, port: Port === undefined ? undefined : String(Port) },
        });
  } catch (error) {
    // The tagging API tells of what was deleted for a while.
    if (!(error instanceof LoadBalancerNotFoundException)) throw error;
  }
  return found;
}
