import { ValidationError } from '@strata/core';
import {
  Aspects,
  DefaultTokenResolver,
  StringConcat,
  TerraformResource,
  Tokenization,
  type TerraformStack,
} from 'cdktf';
import type { Construct, IConstruct } from 'constructs';

/**
 * Inbound or outbound rules of a security group that AWS allows without a raised quota, IPv4 and IPv6 counted apart.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
export const DEFAULT_SECURITY_GROUP_RULES = 60;

const DIRECTIONS: Readonly<Record<string, string>> = {
  aws_vpc_security_group_ingress_rule: 'inbound',
  aws_vpc_security_group_egress_rule: 'outbound',
};

interface Rule extends TerraformResource {
  readonly securityGroupIdInput?: unknown;
  readonly cidrIpv4Input?: unknown;
  readonly cidrIpv6Input?: unknown;
}

/** Refuses security groups with more rules than AWS allows, which fail half-way through the apply. */
export function refuseTooManySecurityGroupRules(scope: TerraformStack, most: number): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope) return;
      for (const { direction, rules } of rulesByGroup(scope)) {
        // A rule that names another group or a prefix list counts for both.
        const ipv4 = rules.filter(({ cidrIpv6Input }) => cidrIpv6Input === undefined).length;
        const ipv6 = rules.filter(({ cidrIpv4Input }) => cidrIpv4Input === undefined).length;
        const count = Math.max(ipv4, ipv6);
        if (count <= most) continue;
        throw new ValidationError(
          rules.at(-1) as Construct,
          `a security group would have ${count} ${direction} rules for ${ipv4 > ipv6 ? 'IPv4' : 'IPv6'}, and AWS allows ` +
            `${most}; join CIDR blocks into larger ones, or have the quota "Inbound or outbound rules per security ` +
            'group" (L-0EA8095F) raised and set maxSecurityGroupRules of the environment to it',
        );
      }
    },
  });
}

interface GroupRules {
  readonly direction: string;
  readonly rules: Rule[];
}

function rulesByGroup(stack: TerraformStack): Iterable<GroupRules> {
  const found = new Map<string, GroupRules>();
  for (const rule of stack.node.findAll().filter(isRule)) {
    const direction = DIRECTIONS[rule.terraformResourceType]!;
    const key = JSON.stringify([addressOf(stack, rule.securityGroupIdInput), direction]);
    const group = found.get(key) ?? { direction, rules: [] };
    group.rules.push(rule);
    found.set(key, group);
  }
  return found.values();
}

/** Each reference to a group is another token. */
function addressOf(stack: TerraformStack, group: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(group, { scope: stack, preparing: false, resolver });
}

function isRule(node: IConstruct): node is Rule {
  return TerraformResource.isTerraformResource(node) && node.terraformResourceType in DIRECTIONS;
}
