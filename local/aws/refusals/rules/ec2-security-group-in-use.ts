import type { Reading } from '../ask-aws';
import { ecsServices, loadBalancers, vpcEndpoints } from './lookups';
import type { Rule } from './rule';

/** Whether tasks of a service hold a group: they have a network interface each. */
function hasTasksIn({ desiredCount, networkConfiguration }: Reading, group: string): boolean {
  return desiredCount > 0 && (networkConfiguration?.awsvpcConfiguration?.securityGroups ?? []).includes(group);
}

export const ec2SecurityGroupInUse: Rule = {
  service: 'ec2',
  operations: ['DeleteSecurityGroup'],
  what: 'deleting a security group that a rule of another group, a load balancer, an endpoint, a network interface or the tasks of a service use',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html',
  async check({ input }, aws) {
    const group: string | undefined = input.GroupId;
    if (group === undefined) return undefined;
    const refused = { code: 'DependencyViolation', message: `resource ${group} has a dependent object` };
    const groups: Reading[] = (await aws('ec2', 'DescribeSecurityGroups'))?.SecurityGroups ?? [];
    const rules = groups
      .filter(({ GroupId }) => GroupId !== group)
      .flatMap(
        ({ IpPermissions = [], IpPermissionsEgress = [] }) => [...IpPermissions, ...IpPermissionsEgress] as Reading[],
      );
    if (rules.some(({ UserIdGroupPairs = [] }) => UserIdGroupPairs.some((pair: Reading) => pair.GroupId === group)))
      return refused;
    if ((await loadBalancers(aws)).some(({ SecurityGroups = [] }) => SecurityGroups.includes(group))) return refused;
    const endpoints = await vpcEndpoints(aws);
    if (endpoints.some(({ Groups = [] }) => Groups.some(({ GroupId }: Reading) => GroupId === group))) return refused;
    const filters = { Filters: [{ Name: 'group-id', Values: [group] }] };
    const interfaces: Reading[] = (await aws('ec2', 'DescribeNetworkInterfaces', filters))?.NetworkInterfaces ?? [];
    // What moto leaves behind of a deleted endpoint does not count.
    if (interfaces.some(({ InterfaceType }) => InterfaceType === 'interface')) return refused;
    const services = await ecsServices(aws);
    if (services.some((service) => hasTasksIn(service, group))) return refused;
    return undefined;
  },
};
