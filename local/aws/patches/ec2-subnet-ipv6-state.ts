import { type Patch, withBody } from './patch';

/** `{'State': 'associated'}`, its quotes escaped or not. */
const PRINTED_STATE = /\{(?:'|&\S{2,5};)State(?:'|&\S{2,5};): (?:'|&\S{2,5};)(\w+)(?:'|&\S{2,5};)\}/g;

/** State of a subnet's IPv6 block. */
export const ec2SubnetIpv6State: Patch = {
  service: 'ec2',
  operations: ['CreateSubnet', 'DescribeSubnets', 'AssociateSubnetCidrBlock', 'DisassociateSubnetCidrBlock'],
  missing: "writes the state of an IPv6 block as the text {'State': 'associated'} instead of associated",
  why: 'the provider waits for a dual-stack aws_subnet to become associated, and gives up after three minutes',
  how: 'rewrites that text in the replies',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'ec2' && ec2SubnetIpv6State.operations.includes(request.operation),
  open: () => async (_request, forward) => {
    const reply = await forward();
    return withBody(reply, reply.body.toString('utf8').replace(PRINTED_STATE, '$1'));
  },
};
