import type { Reading } from '../ask-aws';
import { ecsServices, loadBalancers, natGateways, vpcEndpoints } from './lookups';
import type { Rule } from './rule';

export const ec2SubnetInUse: Rule = {
  service: 'ec2',
  operations: ['DeleteSubnet'],
  what: 'deleting a subnet that a load balancer, a NAT gateway, an interface endpoint or the tasks of a service are in',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html',
  async check({ input }, aws) {
    const subnet: string = input.SubnetId;
    const inTheWay =
      (await natGateways(aws)).some(({ SubnetId }) => SubnetId === subnet) ||
      (await loadBalancers(aws)).some(({ AvailabilityZones = [] }) =>
        AvailabilityZones.some(({ SubnetId }: Reading) => SubnetId === subnet),
      ) ||
      (await vpcEndpoints(aws)).some(({ SubnetIds = [] }) => SubnetIds.includes(subnet)) ||
      (await ecsServices(aws)).some(
        ({ desiredCount, networkConfiguration }) =>
          desiredCount > 0 && networkConfiguration?.awsvpcConfiguration?.subnets?.includes(subnet),
      );
    if (inTheWay)
      return {
        code: 'DependencyViolation',
        message: `The subnet '${subnet}' has dependencies and cannot be deleted.`,
      };
    return undefined;
  },
};
