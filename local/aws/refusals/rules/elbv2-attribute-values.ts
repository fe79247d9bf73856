import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  'idle_timeout.timeout_seconds': [1, 4000],
  'client_keep_alive.seconds': [60, 604800],
  'deregistration_delay.timeout_seconds': [0, 3600],
  'slow_start.duration_seconds': [30, 900],
  'stickiness.lb_cookie.duration_seconds': [1, 604800],
};

export const elbv2AttributeValues: Rule = {
  service: 'elbv2',
  operations: ['ModifyTargetGroupAttributes', 'ModifyLoadBalancerAttributes'],
  what: 'an idle timeout outside 1 to 4,000 s, a deregistration delay above 3,600 s, a slow start outside 30 to 900 s',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html',
  check({ input }) {
    for (const { Key, Value } of (input.Attributes ?? []) as Reading[]) {
      const [least, most] = RANGES[Key] ?? [];
      if (least === undefined || most === undefined || (Key.startsWith('slow_start') && Value === '0')) continue;
      if (!/^\d+$/.test(Value) || Number(Value) < least || Number(Value) > most)
        return { code: 'ValidationError', message: `${Key} must be between ${least} and ${most}, not '${Value}'` };
    }
    return undefined;
  },
};
