// The options of a target group, with AWS's rules. Loads no construct.
import { integer, isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';

export type TargetProtocol = 'HTTP' | 'HTTPS';
export type TargetProtocolVersion = 'HTTP1' | 'HTTP2' | 'GRPC';
export type LoadBalancingAlgorithm = 'round_robin' | 'least_outstanding_requests' | 'weighted_random';

/**
 * How requests reach the targets, and when a target counts as healthy.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
export interface TargetGroupOptions {
  /** Version of HTTP that the load balancer speaks to the targets; GRPC needs HTTPS in front. @default HTTP1 */
  readonly protocolVersion?: TargetProtocolVersion;
  /** Path that the load balancer requests to check a target. @default /health */
  readonly healthCheckPath?: string;
  /**
   * Status codes that count as healthy: 200 to 499 (gRPC: 0 to 99), as "200", "200,204" or "200-299".
   * @default 200, or 0 with gRPC
   */
  readonly healthCheckMatcher?: string;
  /** Seconds between two checks of a target, 5 to 300. @default 15 */
  readonly healthCheckIntervalSeconds?: number;
  /** Timeout of a check in seconds, 2 to 120, less than the interval. @default 5 */
  readonly healthCheckTimeoutSeconds?: number;
  /** Successful checks in a row that make a target healthy, 2 to 10. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Failed checks in a row that make a target unhealthy, 2 to 10. @default 3 */
  readonly unhealthyThresholdCount?: number;
  /**
   * Deregistration delay in seconds, in which a draining target finishes open requests, 0 to 3600. A deployment takes
   * at least as long.
   * @default 30
   */
  readonly deregistrationDelaySeconds?: number;
  /**
   * Slow start duration in seconds, over which a new target's share of requests grows, 30 to 900, or 0 for no slow
   * start.
   * @default 0
   */
  readonly slowStartSeconds?: number;
  /** Routing algorithm: how the load balancer selects the target of a request. @default round_robin */
  readonly algorithm?: LoadBalancingAlgorithm;
  /** Stickiness in seconds, by a cookie of the load balancer, 1 to 604800. @default no stickiness */
  readonly stickinessSeconds?: number;
}

const threshold = integer({ min: 2, max: 10, unit: 'checks' });

/** The schema of `TargetGroupOptions`. */
export const targetGroupOptions = z.strictObject({
  protocolVersion: z
    .enum(['HTTP1', 'HTTP2', 'GRPC'])
    .default('HTTP1')
    .describe('Version of HTTP that the load balancer speaks to the targets; GRPC needs HTTPS in front'),
  healthCheckPath: z
    .string()
    .regex(/^\/.{0,1023}$/, 'use a path of 1 to 1024 characters that starts with /, such as /health')
    .default('/health')
    .describe('Path that the load balancer requests to check a target'),
  healthCheckMatcher: z
    .string()
    .optional()
    .describe(
      'Status codes that count as healthy: 200 to 499 (gRPC: 0 to 99), as "200", "200,204" or "200-299". ' +
        'Default: 200, or 0 with gRPC',
    ),
  healthCheckIntervalSeconds: integer({ min: 5, max: 300, unit: 'seconds' })
    .default(15)
    .describe('Seconds between two checks of a target, 5 to 300'),
  healthCheckTimeoutSeconds: integer({ min: 2, max: 120, unit: 'seconds' })
    .default(5)
    .describe('Timeout of a check in seconds, 2 to 120, less than the interval'),
  healthyThresholdCount: threshold
    .default(2)
    .describe('Successful checks in a row that make a target healthy, 2 to 10'),
  unhealthyThresholdCount: threshold
    .default(3)
    .describe('Failed checks in a row that make a target unhealthy, 2 to 10'),
  deregistrationDelaySeconds: integer({ min: 0, max: 3600, unit: 'seconds' })
    .default(30)
    .describe(
      'Deregistration delay in seconds, in which a draining target finishes open requests, 0 to 3600. A ' +
        'deployment takes at least as long',
    ),
  slowStartSeconds: z
    .union([z.literal(0), integer({ min: 30, max: 900, unit: 'seconds, or 0 for no slow start' })])
    .default(0)
    .describe(
      "Slow start duration in seconds, over which a new target's share of requests grows, 30 to 900, or " +
        '0 for no slow start',
    ),
  algorithm: z
    .enum(['round_robin', 'least_outstanding_requests', 'weighted_random'])
    .default('round_robin')
    .describe('Routing algorithm: how the load balancer selects the target of a request'),
  stickinessSeconds: integer({ min: 1, max: 604_800, unit: 'seconds' })
    .optional()
    .describe('Stickiness in seconds, by a cookie of the load balancer, 1 to 604800. Default: no stickiness'),
});

/** Problems between the options of a target group. */
export function targetGroupProblems(options: TargetGroupOptions, isKnown: IsKnown = isGiven): OptionProblem[] {
  const { protocolVersion, healthCheckMatcher: matcher, algorithm, slowStartSeconds: slowStart } = options;
  const interval = options.healthCheckIntervalSeconds ?? 15;
  const timeout = options.healthCheckTimeoutSeconds ?? 5;
  return [
    ...(isKnown(matcher) ? matcherProblems(matcher, protocolVersion === 'GRPC' ? [0, 99] : [200, 499]) : []),
    ...(isKnown(interval) && isKnown(timeout) && timeout >= interval
      ? [
          {
            path: ['healthCheckTimeoutSeconds'],
            input: timeout,
            message: `use less than the interval of ${interval} seconds, or raise healthCheckIntervalSeconds`,
          },
        ]
      : []),
    // "You can't enable slow start mode with the least outstanding requests or weighted random routing algorithm":
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    ...(isKnown(slowStart) && slowStart !== 0 && isKnown(algorithm) && algorithm !== 'round_robin'
      ? [
          {
            path: ['slowStartSeconds'],
            input: slowStart,
            message: `slow start works only with the algorithm "round_robin", not "${algorithm}"; use 0, or change algorithm`,
          },
        ]
      : []),
  ];
}

function matcherProblems(matcher: string, [min, max]: readonly [number, number]): OptionProblem[] {
  const fits = matcher.split(',').every((part) => {
    const codes = part.split('-');
    return (
      codes.length <= 2 &&
      codes.every((code) => /^\d+$/.test(code) && Number(code) >= min && Number(code) <= max) &&
      Number(codes[0]) <= Number(codes.at(-1))
    );
  });
  return fits
    ? []
    : [
        {
          path: ['healthCheckMatcher'],
          input: matcher,
          message: `use codes from ${min} to ${max}, as ${min}, ${min},${min + 2} or ${min}-${max}`,
        },
      ];
}
