import type { Rule } from './rule';

const QUOTAS: Readonly<Record<string, { list: string; of: string; code: string; message: string }>> = {
  AllocateAddress: {
    list: 'DescribeAddresses',
    of: 'Addresses',
    code: 'AddressLimitExceeded',
    message: 'The maximum number of addresses has been reached.',
  },
  CreateVpc: {
    list: 'DescribeVpcs',
    of: 'Vpcs',
    code: 'VpcLimitExceeded',
    message: 'The maximum number of VPCs has been reached.',
  },
  CreateInternetGateway: {
    list: 'DescribeInternetGateways',
    of: 'InternetGateways',
    code: 'InternetGatewayLimitExceeded',
    message: 'The maximum number of internet gateways has been reached.',
  },
};

export const ec2Quotas: Rule = {
  service: 'ec2',
  operations: ['AllocateAddress', 'CreateVpc', 'CreateInternetGateway'],
  what: 'a sixth Elastic IP address, VPC or internet gateway in a region: the quotas of a new account',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  async check({ operation }, aws) {
    const { list, of, code, message } = QUOTAS[operation]!;
    const held: unknown[] = (await aws('ec2', list))?.[of] ?? [];
    if (held.length >= 5) return { code, message };
    return undefined;
  },
};
