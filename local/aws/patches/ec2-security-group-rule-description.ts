import type { Patch } from './patch';

/**
 * What a rule may refer to instead of a CIDR block: parameter of the request, and the same in ModifySecurityGroupRules.
 */
const TARGETS = [
  ['Groups.1.GroupId', 'ReferencedGroupId', 'Groups.1.Description'],
  ['PrefixListIds.1.PrefixListId', 'PrefixListId', 'PrefixListIds.1.Description'],
] as const;

/** Description of a rule that refers to a security group or a prefix list. */
export const ec2SecurityGroupRuleDescription: Patch = {
  service: 'ec2',
  operations: ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'],
  missing: 'loses the description of a rule that refers to a security group or a prefix list',
  why:
    'the second plan of every aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule ' +
    'between two of our groups would change it',
  how:
    'gives moto the description with a ModifySecurityGroupRules, which keeps it; for one rule at a time, as ' +
    'the provider makes them',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 'ec2' && ec2SecurityGroupRuleDescription.operations.includes(request.operation),
  open: () => async (request, forward) => {
    const reply = await forward();
    const asked = new URLSearchParams((await request.body()).toString('utf8'));
    const of = (name: string): string | undefined => asked.get(`IpPermissions.1.${name}`) ?? undefined;
    const target = TARGETS.find(([, , description]) => of(description) !== undefined);
    const ids = [...reply.body.toString('utf8').matchAll(/<securityGroupRuleId>([^<]+)</g)].map(([, id]) => id);
    const [ruleId, ...others] = ids;
    if (reply.status !== 200 || target === undefined || ruleId === undefined || others.length > 0) return reply;

    const [id, modified, description] = target;
    const rule = 'SecurityGroupRule.1.SecurityGroupRule';
    const body = new URLSearchParams({
      Action: 'ModifySecurityGroupRules',
      Version: asked.get('Version') ?? '2016-11-15',
      GroupId: asked.get('GroupId') ?? '',
      'SecurityGroupRule.1.SecurityGroupRuleId': ruleId,
      [`${rule}.IpProtocol`]: of('IpProtocol') ?? '-1',
      [`${rule}.FromPort`]: of('FromPort') ?? '-1',
      [`${rule}.ToPort`]: of('ToPort') ?? '-1',
      [`${rule}.${modified}`]: of(id) ?? '',
      [`${rule}.Description`]: of(description) ?? '',
    });
    const described = await forward({ body: Buffer.from(body.toString()) });
    return described.status === 200 ? reply : described;
  },
};
