import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

/** The default quota, for each direction and each family of addresses. */
const QUOTA = 60;

function count(permissions: readonly Reading[]): { ipv4: number; ipv6: number } {
  const sum = (lists: string[]): number =>
    permissions.reduce(
      (total, permission) => total + lists.reduce((n, list) => n + (permission[list]?.length ?? 0), 0),
      0,
    );
  // A rule that refers to a group counts for both.
  const references = sum(['UserIdGroupPairs', 'PrefixListIds']);
  return { ipv4: sum(['IpRanges']) + references, ipv6: sum(['Ipv6Ranges']) + references };
}

export const ec2SecurityGroupRulesQuota: Rule = {
  service: 'ec2',
  operations: ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'],
  what: 'more than 60 inbound or 60 outbound rules of a security group, IPv4 and IPv6 counted apart',
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  async check({ input, operation }, aws) {
    if (input.GroupId === undefined) return undefined;
    const [group]: Reading[] =
      (await aws('ec2', 'DescribeSecurityGroups', { GroupIds: [input.GroupId] }))?.SecurityGroups ?? [];
    const ingress = operation === 'AuthorizeSecurityGroupIngress';
    const now = count((ingress ? group?.IpPermissions : group?.IpPermissionsEgress) ?? []);
    const added = count(input.IpPermissions ?? [{ IpRanges: [{}] }]);
    if (now.ipv4 + added.ipv4 > QUOTA || now.ipv6 + added.ipv6 > QUOTA)
      return {
        code: 'RulesPerSecurityGroupLimitExceeded',
        message: `The maximum number of rules per security group has been reached.`,
      };
    return undefined;
  },
};
