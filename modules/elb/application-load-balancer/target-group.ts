import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { addProblems, checkOptions, isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { Construct } from 'constructs';
import { TARGET_GROUP_NAME } from './names';
import {
  targetGroupOptions,
  targetGroupProblems,
  type TargetGroupOptions,
  type TargetProtocol,
  type TargetProtocolVersion,
} from './target-group-options';

export interface TargetGroupProps extends TargetGroupOptions {
  /**
   * Name, at most 32 characters; with `blueGreen` at most 26, as the second group is `<name>-green`.
   *
   * AWS cannot change the protocol, its version or the VPC of a target group, so Terraform replaces it, and creates the
   * new one first because a listener uses the old one. Two groups cannot have the same name: change the name together
   * with any of the three.
   */
  readonly name: string;
  readonly vpcId: string;
  /**
   * Port of targets that are registered without one. ECS registers each task with its container's port, and AWS cannot
   * change this one: Terraform ignores a change.
   */
  readonly port: number;
  /** Protocol towards the targets. @default 'HTTP' */
  readonly protocol?: TargetProtocol;
  /** Whether to create the second group that CodeDeploy shifts traffic to. @default false */
  readonly blueGreen?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

type ResolvedProps = ReturnType<typeof withDefaults<typeof targetGroupOptions.shape, TargetGroupProps>>;

/** A target group of type `ip`, as Fargate tasks need; with `blueGreen`, a pair that differs in name only. */
export class TargetGroup extends Construct {
  readonly resource: LbTargetGroup;
  /** The second group, with `blueGreen` only. */
  readonly green?: LbTargetGroup;
  readonly port: number;
  readonly protocolVersion: TargetProtocolVersion;
  private readonly name: string;

  /**
   * @throws ValidationError naming every prop that AWS would refuse (`CreateTargetGroup`, Elastic Load Balancing API
   * 2015-12-01).
   */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    this.validate(props);
    const options = withDefaults(targetGroupOptions, props);
    this.name = props.name;
    this.port = props.port;
    this.protocolVersion = options.protocolVersion;
    this.resource = this.createGroup('resource', props.name, options);
    if (props.blueGreen ?? false) this.green = this.createGroup('green', greenName(props.name), options);
  }

  get arn(): string {
    return this.resource.arn;
  }

  /** ARN of the second group, with `blueGreen` only. */
  get greenArn(): string | undefined {
    return this.green?.arn;
  }

  /**
   * ARN of the group that serves, for a listener that is added: with `blueGreen`, the second one where only that is
   * attached to a load balancer, as CodeDeploy leaves them.
   */
  get servingArn(): string {
    if (this.green === undefined) return this.arn;
    const attached = ({ fqn }: LbTargetGroup) => `length(${fqn}.load_balancer_arns)`;
    const [blue, green] = [this.resource, this.green];
    const onGreen = `${attached(blue)} == 0 && ${attached(green)} > 0`;
    return `\${${onGreen} ? ${green.fqn}.arn : ${blue.fqn}.arn}`;
  }

  /** Both groups, with `blueGreen` only. */
  get pair(): readonly LbTargetGroup[] | undefined {
    return this.green && [this.resource, this.green];
  }

  /** Names of both groups, with `blueGreen` only. */
  get pairNames(): readonly string[] | undefined {
    return this.green && [this.name, greenName(this.name)];
  }

  /** The last part of the ARN, as CloudWatch's dimension `TargetGroup` has it. */
  get arnSuffix(): string {
    return this.resource.arnSuffix;
  }

  private createGroup(id: string, name: string, props: ResolvedProps): LbTargetGroup {
    return new LbTargetGroup(this, id, {
      name,
      vpcId: props.vpcId,
      targetType: 'ip',
      port: props.port,
      protocol: props.protocol ?? 'HTTP',
      protocolVersion: this.protocolVersion,
      deregistrationDelay: String(props.deregistrationDelaySeconds),
      slowStart: props.slowStartSeconds,
      loadBalancingAlgorithmType: props.algorithm,
      healthCheck: {
        enabled: true,
        path: props.healthCheckPath,
        port: 'traffic-port',
        protocol: props.protocol ?? 'HTTP',
        matcher: props.healthCheckMatcher ?? (this.protocolVersion === 'GRPC' ? '0' : '200'),
        interval: props.healthCheckIntervalSeconds,
        timeout: props.healthCheckTimeoutSeconds,
        healthyThreshold: props.healthyThresholdCount,
        unhealthyThreshold: props.unhealthyThresholdCount,
      },
      stickiness:
        props.stickinessSeconds !== undefined
          ? { type: 'lb_cookie', enabled: true, cookieDuration: props.stickinessSeconds }
          : { type: 'lb_cookie', enabled: false },
      tags: { ...props.tags, Name: name },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['port'] },
    });
  }

  private validate(props: TargetGroupProps): void {
    const problems = new Problems(this);
    const green = '-green'.length;
    checkName(
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
    checkInteger(problems, 'port', props.port, { min: 1, max: 65535 });
    checkOneOf(problems, 'protocol', props.protocol, ['HTTP', 'HTTPS']);
    checkOptions(problems, targetGroupOptions, props);
    addProblems(problems, targetGroupProblems(props, isResolved));
    problems.throwIfAny();
  }
}

function greenName(name: string): string {
  return `${name}-green`;
}
