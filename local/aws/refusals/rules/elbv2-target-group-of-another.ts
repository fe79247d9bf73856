import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

/** `listener/app/name/id/...` and `listener-rule/app/name/id/...` of an ARN as the part that names the load balancer. */
function loadBalancerPart(arn: string): string {
  return arn.split('/').slice(1, 4).join('/');
}

export const elbv2TargetGroupOfAnother: Rule = {
  service: 'elbv2',
  operations: ['CreateListener', 'ModifyListener', 'CreateRule', 'ModifyRule'],
  what: 'a listener or rule that forwards to the target group of another load balancer',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html',
  async check({ input }, aws) {
    const actions: Reading[] = [...(input.DefaultActions ?? []), ...(input.Actions ?? [])];
    const TargetGroupArns = actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
      ...(TargetGroupArn === undefined ? [] : [TargetGroupArn as string]),
      ...(ForwardConfig?.TargetGroups ?? []).map((group: Reading) => group.TargetGroupArn as string),
    ]);
    if (TargetGroupArns.length === 0) return undefined;
    const own = loadBalancerPart(String(input.LoadBalancerArn ?? input.ListenerArn ?? input.RuleArn));
    const groups: Reading[] = (await aws('elbv2', 'DescribeTargetGroups', { TargetGroupArns }))?.TargetGroups ?? [];
    const foreign = groups.find(({ LoadBalancerArns = [] }) =>
      LoadBalancerArns.some((arn: string) => loadBalancerPart(arn) !== own),
    );
    if (foreign !== undefined)
      return {
        code: 'TargetGroupAssociationLimit',
        message:
          'The following target groups cannot be associated with more than one load balancer: ' +
          foreign.TargetGroupArn,
      };
    return undefined;
  },
};
