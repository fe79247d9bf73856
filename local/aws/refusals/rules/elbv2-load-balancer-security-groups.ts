import type { Reading } from '../ask-aws';
import { subnetsOf } from './lookups';
import type { Rule } from './rule';

export const elbv2LoadBalancerSecurityGroups: Rule = {
  service: 'elbv2',
  operations: ['CreateLoadBalancer'],
  what: 'a load balancer with a security group of another VPC',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html',
  async check({ input }, aws) {
    const GroupIds: string[] = input.SecurityGroups ?? [];
    const [subnet] = await subnetsOf(aws, (input.Subnets ?? []).slice(0, 1));
    if (GroupIds.length === 0 || subnet === undefined) return undefined;
    const groups: Reading[] = (await aws('ec2', 'DescribeSecurityGroups', { GroupIds }))?.SecurityGroups ?? [];
    const foreign = groups.find(({ VpcId }) => VpcId !== subnet.VpcId);
    if (foreign !== undefined)
      return {
        code: 'InvalidConfigurationRequest',
        message: `One or more security groups are invalid: ${foreign.GroupId} is not in VPC ${subnet.VpcId}`,
      };
    return undefined;
  },
};
