import { internetGateway, subnetsOf } from './lookups';
import type { Rule } from './rule';

export const ec2InternetGatewayNeeded: Rule = {
  service: 'ec2',
  operations: ['CreateNatGateway'],
  what: 'a public NAT gateway in a VPC without an internet gateway',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html',
  async check({ input }, aws) {
    if (input.ConnectivityType === 'private') return undefined;
    const [subnet] = await subnetsOf(aws, [input.SubnetId]);
    if (subnet !== undefined && (await internetGateway(aws, subnet.VpcId)) === undefined)
      return { code: 'Gateway.NotAttached', message: `Network ${subnet.VpcId} has no Internet gateway attached` };
    return undefined;
  },
};
