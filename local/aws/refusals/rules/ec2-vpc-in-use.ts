import type { Reading } from '../ask-aws';
import { internetGateway, natGateways, vpcEndpoints } from './lookups';
import type { Rule } from './rule';

export const ec2VpcInUse: Rule = {
  service: 'ec2',
  operations: ['DeleteVpc'],
  what: 'deleting a VPC that still has subnets, endpoints, gateways or security groups besides the default one',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html',
  async check({ input }, aws) {
    const vpc: string = input.VpcId;
    const ofVpc = { Filters: [{ Name: 'vpc-id', Values: [vpc] }] };
    const subnets: Reading[] = (await aws('ec2', 'DescribeSubnets', ofVpc))?.Subnets ?? [];
    const groups: Reading[] = (await aws('ec2', 'DescribeSecurityGroups', ofVpc))?.SecurityGroups ?? [];
    const inTheWay =
      subnets.length > 0 ||
      groups.some(({ GroupName }) => GroupName !== 'default') ||
      (await vpcEndpoints(aws, vpc)).length > 0 ||
      (await natGateways(aws)).some(({ VpcId }) => VpcId === vpc) ||
      (await internetGateway(aws, vpc)) !== undefined;
    if (inTheWay)
      return {
        code: 'DependencyViolation',
        message: `The vpc '${vpc}' has dependencies and cannot be deleted.`,
      };
    return undefined;
  },
};
