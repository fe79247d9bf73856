import { loadBalancers, natGateways } from './lookups';
import type { Rule } from './rule';

export const ec2InternetGatewayInUse: Rule = {
  service: 'ec2',
  operations: ['DetachInternetGateway'],
  what: 'detaching the internet gateway of a VPC that has public addresses: of a NAT gateway or an internet-facing load balancer',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html',
  async check({ input }, aws) {
    const vpc: string = input.VpcId;
    const mapped =
      (await natGateways(aws)).some(({ VpcId, ConnectivityType }) => VpcId === vpc && ConnectivityType !== 'private') ||
      (await loadBalancers(aws)).some(({ VpcId, Scheme }) => VpcId === vpc && Scheme === 'internet-facing');
    if (mapped)
      return {
        code: 'DependencyViolation',
        message:
          `Network ${vpc} has some mapped public address(es). ` +
          'Please unmap those public address(es) before detaching the gateway.',
      };
    return undefined;
  },
};
