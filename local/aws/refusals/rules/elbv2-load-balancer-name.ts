import type { Rule } from './rule';

export const elbv2LoadBalancerName: Rule = {
  service: 'elbv2',
  operations: ['CreateLoadBalancer'],
  what: 'a name of a load balancer above 32 characters, with other characters than letters, digits and hyphens, with a hyphen at an end, or starting with internal-',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html',
  check({ input }) {
    const name = String(input.Name ?? '');
    const refused = (reason: string) => ({
      code: 'ValidationError',
      message: `Load balancer name '${name}' ${reason}`,
    });
    if (name.length > 32) return refused('cannot be longer than 32 characters');
    if (!/^[A-Za-z0-9-]+$/.test(name))
      return refused('can only contain characters that are alphanumeric characters and hyphens(-)');
    if (name.startsWith('-') || name.endsWith('-')) return refused('cannot begin or end with a hyphen(-)');
    if (name.startsWith('internal-')) return refused("cannot begin with 'internal-'");
    return undefined;
  },
};
