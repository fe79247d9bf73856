import { paginateDescribeSecurityGroupRules, type EC2Client, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Found } from './found';

/** The rules of security groups, told apart by what they let through: their tags are all the same. */
export async function findSecurityGroupRules(ec2: EC2Client, groupIds: readonly string[]): Promise<Found[]> {
  if (groupIds.length === 0) return [];
  const found: Found[] = [];
  const Filters = [{ Name: 'group-id', Values: [...groupIds] }];
  for await (const page of paginateDescribeSecurityGroupRules({ client: ec2 }, { Filters }))
    found.push(...(page.SecurityGroupRules ?? []).map(toFound));
  return found;
}

function toFound(rule: SecurityGroupRule): Found {
  // "All protocols" has no ports, which AWS tells as -1.
  const port = (value: number | undefined): string | undefined =>
    rule.IpProtocol === '-1' || value === undefined ? undefined : String(value);
  return {
    type: rule.IsEgress === true ? 'aws_vpc_security_group_egress_rule' : 'aws_vpc_security_group_ingress_rule',
    id: rule.SecurityGroupRuleId ?? '',
    values: {
      security_group_id: rule.GroupId,
      ip_protocol: rule.IpProtocol,
      from_port: port(rule.FromPort),
      to_port: port(rule.ToPort),
      cidr_ipv4: rule.CidrIpv4,
      cidr_ipv6: rule.CidrIpv6,
      prefix_list_id: rule.PrefixListId,
      referenced_security_group_id: rule.ReferencedGroupInfo?.GroupId,
    },
  };
}
