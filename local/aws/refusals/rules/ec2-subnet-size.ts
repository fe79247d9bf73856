import type { Rule } from './rule';

export const ec2SubnetSize: Rule = {
  service: 'ec2',
  operations: ['CreateSubnet'],
  what: 'a subnet larger than /16 or smaller than /28',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html',
  check({ input }) {
    const prefix = Number(String(input.CidrBlock ?? '').split('/')[1]);
    if (prefix < 16 || prefix > 28)
      return { code: 'InvalidSubnet.Range', message: `The CIDR '${input.CidrBlock}' is invalid.` };
    return undefined;
  },
};
