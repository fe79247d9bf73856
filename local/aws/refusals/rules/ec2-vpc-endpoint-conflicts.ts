import type { Reading } from '../ask-aws';
import { subnetsOf, vpcEndpoints } from './lookups';
import type { Rule } from './rule';

export const ec2VpcEndpointConflicts: Rule = {
  service: 'ec2',
  operations: ['CreateVpcEndpoint'],
  what: 'a second endpoint with private DNS for a service of a VPC, one without the DNS settings of the VPC, a second gateway endpoint of a route table, and two subnets of one zone',
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html',
  async check({ input }, aws) {
    const {
      VpcId,
      ServiceName,
      VpcEndpointType = 'Gateway',
      PrivateDnsEnabled,
      SubnetIds = [],
      RouteTableIds = [],
    } = input;
    const same = (await vpcEndpoints(aws, VpcId)).filter((endpoint) => endpoint.ServiceName === ServiceName);
    if (VpcEndpointType === 'Gateway') {
      const taken = RouteTableIds.find((table: string) =>
        same.some((endpoint) => endpoint.RouteTableIds?.includes(table)),
      );
      if (taken !== undefined)
        return {
          code: 'RouteAlreadyExists',
          message: `route table ${taken} already has a route with destination-prefix-list-id of ${ServiceName}`,
        };
      return undefined;
    }
    const zones = (await subnetsOf(aws, SubnetIds)).map(({ AvailabilityZone }) => AvailabilityZone as string);
    if (new Set(zones).size < zones.length)
      return {
        code: 'DuplicateSubnetsInSameZone',
        message: `Found another VPC endpoint subnet in the availability zone of ${SubnetIds.at(-1)}.`,
      };
    if (PrivateDnsEnabled !== true) return undefined;
    if (same.some((endpoint) => endpoint.PrivateDnsEnabled === true || endpoint.PrivateDnsEnabled === 'true'))
      return {
        code: 'InvalidParameter',
        message:
          'private-dns-enabled cannot be set because there is already a conflicting DNS domain for ' +
          `${String(ServiceName).split('.').reverse().join('.')} in the VPC ${VpcId}`,
      };
    for (const Attribute of ['enableDnsSupport', 'enableDnsHostnames']) {
      const answer: Reading | undefined = await aws('ec2', 'DescribeVpcAttribute', { VpcId, Attribute });
      const held = answer?.[`${Attribute[0]!.toUpperCase()}${Attribute.slice(1)}`]?.Value;
      if (held === false)
        return {
          code: 'InvalidParameter',
          message:
            'Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true',
        };
    }
    return undefined;
  },
};
