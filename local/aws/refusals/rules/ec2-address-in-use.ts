import type { Reading } from '../ask-aws';
import { natGateways } from './lookups';
import type { Rule } from './rule';

export const ec2AddressInUse: Rule = {
  service: 'ec2',
  operations: ['ReleaseAddress', 'CreateNatGateway'],
  what: 'releasing an Elastic IP address that a NAT gateway has, and giving one to a second NAT gateway',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html',
  async check({ input, operation }, aws) {
    const { AllocationId } = input;
    if (AllocationId === undefined) return undefined;
    const taken = (await natGateways(aws)).some(({ NatGatewayAddresses = [] }) =>
      NatGatewayAddresses.some((address: Reading) => address.AllocationId === AllocationId),
    );
    if (!taken) return undefined;
    if (operation === 'CreateNatGateway')
      return { code: 'Resource.AlreadyAssociated', message: `resource ${AllocationId} is already associated.` };
    return {
      code: 'InvalidIPAddress.InUse',
      message: `The address with allocation id [${AllocationId}] is in use by a NAT gateway.`,
    };
  },
};
