import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { isResolved, Problems, requireInteger, requireName, requireOneOf } from '@strata/core';
import { Construct } from 'constructs';
import { TARGET_GROUP_NAME } from './names';

export type TargetProtocol = 'HTTP' | 'HTTPS';
export type TargetProtocolVersion = 'HTTP1' | 'HTTP2' | 'GRPC';
export type LoadBalancingAlgorithm = 'round_robin' | 'least_outstanding_requests' | 'weighted_random';

export interface TargetGroupProps {
  /**
   * Name, at most 32 characters; with `blueGreen` at most 26, as the second group is `<name>-green`.
   *
   * AWS cannot change the port, the protocol or the VPC of a target group, so Terraform replaces it, and makes the new
   * one first because a listener holds the old one. Two groups cannot have one name: change the name together with any
   * of the three.
   */
  readonly name: string;
  readonly vpcId: string;
  /** Port the targets listen on. */
  readonly port: number;
  /** Protocol towards the targets. @default 'HTTP' */
  readonly protocol?: TargetProtocol;
  /** @default 'HTTP1' */
  readonly protocolVersion?: TargetProtocolVersion;
  /** Path the load balancer asks a target for. @default '/health' */
  readonly healthCheckPath?: string;
  /**
   * Answers that count as healthy: codes 200 to 499 (gRPC: 0 to 99), as `200`, `200,204` or `200-299`.
   * @default '200' (gRPC: '0')
   */
  readonly healthCheckMatcher?: string;
  /** Seconds between two checks of a target, 5 to 300. @default 15 */
  readonly healthCheckIntervalSeconds?: number;
  /** Seconds until a check has failed, 2 to 120, less than the interval. @default 5 */
  readonly healthCheckTimeoutSeconds?: number;
  /** Successful checks in a row that make a target healthy, 2 to 10. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Failed checks in a row that make a target unhealthy, 2 to 10. @default 3 */
  readonly unhealthyThresholdCount?: number;
  /**
   * Seconds that open requests of a leaving target may take, 0 to 3600. A deployment lasts at least as long.
   * @default 30
   */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds over which a new target's share of requests grows, 30 to 900, or 0 for at once. @default 0 */
  readonly slowStartSeconds?: number;
  /** How a request is given to a target. @default 'round_robin' */
  readonly algorithm?: LoadBalancingAlgorithm;
  /**
   * Seconds that a client stays with its target, by a cookie of the load balancer, 1 to 604800.
   * @default no stickiness
   */
  readonly stickinessSeconds?: number;
  /** Makes the second group that CodeDeploy shifts traffic to. @default false */
  readonly blueGreen?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A target group of type `ip`, what Fargate tasks register in; with `blueGreen` a pair of them that differ in name
 * only.
 */
export class TargetGroup extends Construct {
  readonly resource: LbTargetGroup;
  /** The second group, with `blueGreen` only. */
  readonly green?: LbTargetGroup;
  readonly port: number;
  readonly protocolVersion: TargetProtocolVersion;

  /**
   * @throws ValidationError naming every prop that AWS would refuse (`CreateTargetGroup`, Elastic Load Balancing API
   * 2015-12-01).
   */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    this.validate(props);
    this.port = props.port;
    this.protocolVersion = props.protocolVersion ?? 'HTTP1';
    this.resource = this.createGroup('resource', props.name, props);
    if (props.blueGreen ?? false) this.green = this.createGroup('green', `${props.name}-green`, props);
  }

  get arn(): string {
    return this.resource.arn;
  }

  /** ARN of the second group, with `blueGreen` only. */
  get greenArn(): string | undefined {
    return this.green?.arn;
  }

  /** Both groups, with `blueGreen` only. */
  get pair(): readonly LbTargetGroup[] | undefined {
    return this.green && [this.resource, this.green];
  }

  /** The last part of the ARN, as CloudWatch's dimension `TargetGroup` has it. */
  get arnSuffix(): string {
    return this.resource.arnSuffix;
  }

  private createGroup(id: string, name: string, props: TargetGroupProps): LbTargetGroup {
    return new LbTargetGroup(this, id, {
      name,
      vpcId: props.vpcId,
      targetType: 'ip',
      port: props.port,
      protocol: props.protocol ?? 'HTTP',
      protocolVersion: this.protocolVersion,
      deregistrationDelay: String(props.deregistrationDelaySeconds ?? 30),
      slowStart: props.slowStartSeconds ?? 0,
      loadBalancingAlgorithmType: props.algorithm ?? 'round_robin',
      healthCheck: {
        enabled: true,
        path: props.healthCheckPath ?? '/health',
        port: 'traffic-port',
        protocol: props.protocol ?? 'HTTP',
        matcher: props.healthCheckMatcher ?? (this.protocolVersion === 'GRPC' ? '0' : '200'),
        interval: props.healthCheckIntervalSeconds ?? 15,
        timeout: props.healthCheckTimeoutSeconds ?? 5,
        healthyThreshold: props.healthyThresholdCount ?? 2,
        unhealthyThreshold: props.unhealthyThresholdCount ?? 3,
      },
      stickiness:
        props.stickinessSeconds !== undefined
          ? { type: 'lb_cookie', enabled: true, cookieDuration: props.stickinessSeconds }
          : { type: 'lb_cookie', enabled: false },
      tags: { ...props.tags, Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private validate(props: TargetGroupProps): void {
    const problems = new Problems(this);
    const green = '-green'.length;
    requireName(
      problems,
      'name',
      props.name,
      (props.blueGreen ?? false)
        ? {
            ...TARGET_GROUP_NAME,
            what: 'target group name with a blue/green twin',
            maxLength: TARGET_GROUP_NAME.maxLength - green,
          }
        : TARGET_GROUP_NAME,
    );
    requireInteger(problems, 'port', props.port, { min: 1, max: 65535 });
    requireOneOf(problems, 'protocol', props.protocol, ['HTTP', 'HTTPS']);
    requireOneOf(problems, 'protocolVersion', props.protocolVersion, ['HTTP1', 'HTTP2', 'GRPC']);
    requireOneOf(problems, 'algorithm', props.algorithm, [
      'round_robin',
      'least_outstanding_requests',
      'weighted_random',
    ]);
    if (isResolved(props.healthCheckPath)) {
      problems.check(
        props.healthCheckPath.startsWith('/') && props.healthCheckPath.length <= 1024,
        `healthCheckPath: "${props.healthCheckPath}" is not a path; use 1 to 1024 characters, starting with ` +
          'a slash, such as /health',
      );
    }
    requireMatcher(problems, props);
    requireInteger(problems, 'healthCheckIntervalSeconds', props.healthCheckIntervalSeconds, {
      min: 5,
      max: 300,
      unit: 'seconds',
    });
    requireInteger(problems, 'healthCheckTimeoutSeconds', props.healthCheckTimeoutSeconds, {
      min: 2,
      max: 120,
      unit: 'seconds',
    });
    requireInteger(problems, 'healthyThresholdCount', props.healthyThresholdCount, { min: 2, max: 10 });
    requireInteger(problems, 'unhealthyThresholdCount', props.unhealthyThresholdCount, { min: 2, max: 10 });
    requireInteger(problems, 'deregistrationDelaySeconds', props.deregistrationDelaySeconds, {
      min: 0,
      max: 3600,
      unit: 'seconds',
    });
    requireInteger(problems, 'stickinessSeconds', props.stickinessSeconds, { min: 1, max: 604800, unit: 'seconds' });

    const interval = props.healthCheckIntervalSeconds ?? 15;
    const timeout = props.healthCheckTimeoutSeconds ?? 5;
    if (isResolved(interval) && isResolved(timeout)) {
      problems.check(
        timeout < interval,
        `healthCheckTimeoutSeconds: ${timeout} is not less than the interval of ${interval}; shorten it or ` +
          'lengthen healthCheckIntervalSeconds',
      );
    }
    const slowStart = props.slowStartSeconds ?? 0;
    if (isResolved(slowStart) && slowStart !== 0) {
      requireInteger(problems, 'slowStartSeconds', slowStart, { min: 30, max: 900, unit: 'seconds, or 0 for none' });
      problems.check(
        !isResolved(props.algorithm) || props.algorithm === 'round_robin',
        `slowStartSeconds: ${slowStart} goes with the algorithm round_robin only, not "${props.algorithm}"; ` +
          'use 0 or round_robin',
      );
    }
    problems.throwIfAny();
  }
}

function requireMatcher(problems: Problems, props: TargetGroupProps): void {
  const matcher = props.healthCheckMatcher;
  if (!isResolved(matcher)) return;
  const [min, max] = props.protocolVersion === 'GRPC' ? [0, 99] : [200, 499];
  const fits = matcher.split(',').every((part) => {
    const codes = part.split('-');
    return (
      codes.length <= 2 &&
      codes.every((code) => /^\d+$/.test(code) && Number(code) >= min && Number(code) <= max) &&
      Number(codes[0]) <= Number(codes.at(-1))
    );
  });
  problems.check(
    fits,
    `healthCheckMatcher: "${matcher}" is not a list of codes; use codes from ${min} to ${max}, as ${min}, ` +
      `${min},${min + 2} or ${min}-${max}`,
  );
}
