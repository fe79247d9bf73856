import { internetGateway, subnetsOf } from './lookups';
import type { Rule } from './rule';

export const elbv2LoadBalancerSubnets: Rule = {
  service: 'elbv2',
  operations: ['CreateLoadBalancer', 'SetSubnets'],
  what: 'an application load balancer in fewer than two zones or with two subnets of one zone, and an internet-facing one in a VPC without an internet gateway',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html',
  async check({ input, operation }, aws) {
    if ((input.Type ?? 'application') !== 'application') return undefined;
    const ids: string[] =
      input.Subnets ?? (input.SubnetMappings ?? []).map(({ SubnetId }: { SubnetId: string }) => SubnetId);
    const subnets = await subnetsOf(aws, ids);
    if (subnets.length < ids.length) return undefined;
    const zones = new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone as string));
    if (zones.size < subnets.length)
      return {
        code: 'InvalidConfigurationRequest',
        message: 'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
      };
    if (zones.size < 2)
      return {
        code: 'ValidationError',
        message: 'At least two subnets in two different Availability Zones must be specified',
      };
    const [{ VpcId: vpc } = { VpcId: '' }] = subnets;
    const faces = operation === 'CreateLoadBalancer' && (input.Scheme ?? 'internet-facing') === 'internet-facing';
    if (faces && (await internetGateway(aws, vpc)) === undefined)
      return { code: 'InvalidSubnet', message: `VPC ${vpc} has no internet gateway` };
    return undefined;
  },
};
