import type { Rule } from './rule';

export const elbv2HealthCheckTimes: Rule = {
  service: 'elbv2',
  operations: ['CreateTargetGroup', 'ModifyTargetGroup'],
  what: 'a health check whose timeout is not below its interval',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  check({ input }) {
    const { HealthCheckIntervalSeconds: interval, HealthCheckTimeoutSeconds: timeout } = input;
    if (typeof interval === 'number' && typeof timeout === 'number' && timeout >= interval)
      return { code: 'ValidationError', message: 'Health check interval must be greater than the timeout.' };
    return undefined;
  },
};
