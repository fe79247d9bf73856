import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { LayerStack, type LayerProps } from '@strata/layer';
import { layerJson, SHOP_DEV } from '../../../support/synth-layer';

/** A layer with a group that so many IPv4 and IPv6 blocks may reach. */
function synth(ipv4: number, ipv6: number, props: Partial<LayerProps> = {}): string {
  return layerJson((scope) => {
    const layer = { stackId: 'web', owner: 'web', version: '1.0.0' };
    const stack = new LayerStack(scope, 'web', { ...SHOP_DEV, ...props, layer });
    const group = new SecurityGroup(stack, 'group', { name: 'web' });
    const rule = (id: string, source: object) =>
      new VpcSecurityGroupIngressRule(stack, id, { securityGroupId: group.id, ipProtocol: '-1', ...source });
    for (let i = 0; i < ipv4; i++) rule(`ipv4-${i}`, { cidrIpv4: `10.0.${i}.0/24` });
    for (let i = 0; i < ipv6; i++) rule(`ipv6-${i}`, { cidrIpv6: `2001:db8:${i}::/48` });
    return stack;
  });
}

test('60 rules of each kind are allowed, 61 are refused with the quota', () => {
  expect(() => synth(60, 60)).not.toThrow();
  expect(() => synth(61, 0)).toThrow(
    'a security group would have 61 inbound rules for IPv4, and AWS allows 60; join CIDR blocks into larger ones, or have the quota "Inbound or outbound rules per security group" (L-0EA8095F) raised and set maxSecurityGroupRules of the environment to it',
  );
  expect(() => synth(0, 61)).toThrow('61 inbound rules for IPv6');
});

test('a raised quota allows more', () => expect(() => synth(100, 0, { maxSecurityGroupRules: 100 })).not.toThrow());
