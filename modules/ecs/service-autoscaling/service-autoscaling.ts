import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingScheduledAction } from '@cdktf/provider-aws/lib/appautoscaling-scheduled-action';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { addProblems, checkOptions, isResolved, Problems, checkName, type NameRule } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { scalingOptions, scalingProblems, type ScalingOptions, type ScheduledCapacity } from './scaling-options';

/** `PutScalingPolicy` in the Application Auto Scaling API reference. */
const POLICY_NAME: NameRule = {
  what: 'scaling policy name',
  maxLength: 255,
  pattern: /^[\x20-\x7e]+$/,
  allowed: 'printable ASCII characters',
};

/** The bounds that a schedule may own. */
const BOUNDS = [
  { key: 'minCapacity', attribute: 'min_capacity' },
  { key: 'maxCapacity', attribute: 'max_capacity' },
] as const;

const DIMENSION = { serviceNamespace: 'ecs', scalableDimension: 'ecs:service:DesiredCount' };

export interface ServiceAutoscalingProps extends ScalingOptions {
  readonly clusterName: string;
  /** Name of the service, taken from its resource so that the service is created first. */
  readonly serviceName: string;
  /** `<load balancer ARN suffix>/<target group ARN suffix>`. @default none */
  readonly albResourceLabel?: string;

  /** Name of the CPU policy and prefix of the others: `<policyName>-memory`, `<policyName>-requests`. */
  readonly policyName: string;
  /** @default `<policyName>-memory` */
  readonly memoryPolicyName?: string;
  /** @default `<policyName>-requests` */
  readonly requestsPolicyName?: string;

  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

type ResolvedOptions = ReturnType<typeof withDefaults<typeof scalingOptions.shape, ScalingOptions>>;

/**
 * Scales a service's number of tasks between two bounds: on CPU and, optionally, on memory, on requests per task and on
 * a schedule. With several policies, the one that asks for the most tasks wins. Terraform must ignore `desired_count`:
 * create the service with `desiredCountOwner: 'autoscaling'`. A bound that a schedule changes belongs to the schedule:
 * Terraform sets it once and ignores it afterwards. Plans warn where the bound in AWS is none that is configured.
 */
export class ServiceAutoscaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly cpuPolicy: AppautoscalingPolicy | undefined;
  readonly memoryPolicy: AppautoscalingPolicy | undefined;
  readonly requestsPolicy: AppautoscalingPolicy | undefined;
  readonly scheduledActions: readonly AppautoscalingScheduledAction[];
  /** Read from the target, so that policies and schedules wait for it. */
  private readonly resourceId: string;

  /** @throws ValidationError naming every prop that Application Auto Scaling would reject. */
  constructor(scope: Construct, id: string, props: ServiceAutoscalingProps) {
    super(scope, id);
    check(this, props);

    const options = withDefaults(scalingOptions, props);
    const { cpuTargetPercent: cpu, schedules } = options;
    const scheduledBounds = BOUNDS.filter(({ key }) => schedules.some((schedule) => schedule[key] !== undefined));
    this.target = new AppautoscalingTarget(this, 'target', {
      ...DIMENSION,
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: options.minCapacity,
      maxCapacity: options.maxCapacity,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle:
        scheduledBounds.length === 0 ? undefined : { ignoreChanges: scheduledBounds.map(({ attribute }) => attribute) },
    });
    for (const bound of scheduledBounds) this.warnOfIgnored(bound, options);
    this.resourceId = this.target.resourceId;

    const { policyName } = props;
    this.cpuPolicy =
      cpu === false ? undefined : this.policy('cpu', policyName, options, cpu, 'ECSServiceAverageCPUUtilization');
    this.memoryPolicy =
      props.memoryTargetPercent === undefined
        ? undefined
        : this.policy(
            'memory',
            props.memoryPolicyName ?? `${policyName}-memory`,
            options,
            props.memoryTargetPercent,
            'ECSServiceAverageMemoryUtilization',
          );
    this.requestsPolicy =
      props.requestsPerTarget === undefined
        ? undefined
        : this.policy(
            'requests',
            props.requestsPolicyName ?? `${policyName}-requests`,
            options,
            props.requestsPerTarget,
            'ALBRequestCountPerTarget',
            props.albResourceLabel,
          );
    this.scheduledActions = schedules.map((schedule) => this.schedule(schedule));
  }

  /** A changed bound is ignored, so that nothing would say that it has no effect. */
  private warnOfIgnored({ key, attribute }: (typeof BOUNDS)[number], options: ResolvedOptions): void {
    const configured = [options[key], ...options.schedules.flatMap((schedule) => schedule[key] ?? [])];
    const actual = `${this.target.fqn}.${attribute}`;
    TerraformStack.of(this).addOverride(`check.${this.target.friendlyUniqueId}_${attribute}`, {
      assert: [
        {
          condition: `\${contains(${JSON.stringify([...new Set(configured)])}, ${actual})}`,
          error_message:
            `[${this.node.path}] ${key}: ${options[key]} has no effect, as schedules own this bound; it is ` +
            `\${${actual}} until one of them sets it. Change the schedules, or set it once with aws ` +
            'application-autoscaling register-scalable-target',
        },
      ],
    });
  }

  private policy(
    id: string,
    name: string,
    options: ResolvedOptions,
    targetValue: number,
    predefinedMetricType: string,
    resourceLabel?: string,
  ): AppautoscalingPolicy {
    return new AppautoscalingPolicy(this, `${id}-policy`, {
      name,
      policyType: 'TargetTrackingScaling',
      ...DIMENSION,
      resourceId: this.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue,
        predefinedMetricSpecification: { predefinedMetricType, resourceLabel },
        scaleOutCooldown: options.scaleOutCooldownSeconds,
        scaleInCooldown: options.scaleInCooldownSeconds,
        disableScaleIn: options.disableScaleIn,
      },
    });
  }

  private schedule(schedule: ScheduledCapacity): AppautoscalingScheduledAction {
    return new AppautoscalingScheduledAction(this, `schedule-${schedule.name}`, {
      name: schedule.name,
      ...DIMENSION,
      resourceId: this.resourceId,
      schedule: schedule.schedule,
      timezone: schedule.timezone ?? 'Etc/UTC',
      startTime: schedule.startTime,
      endTime: schedule.endTime,
      scalableTargetAction: {
        minCapacity: schedule.minCapacity === undefined ? undefined : `${schedule.minCapacity}`,
        maxCapacity: schedule.maxCapacity === undefined ? undefined : `${schedule.maxCapacity}`,
      },
    });
  }
}

function check(scope: Construct, props: ServiceAutoscalingProps): void {
  const problems = new Problems(scope);
  checkOptions(problems, scalingOptions, props);
  addProblems(problems, scalingProblems(props, isResolved));
  problems.check(
    props.requestsPerTarget === undefined || props.albResourceLabel !== undefined,
    'requestsPerTarget: the load balancer whose requests count is missing; set albResourceLabel',
  );
  problems.check(
    props.requestsPerTarget !== undefined || props.albResourceLabel === undefined,
    'albResourceLabel: it has no effect without requestsPerTarget; set that too, or leave it out',
  );
  const label = props.albResourceLabel;
  problems.check(
    !isResolved(label) || /^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/.test(label),
    `albResourceLabel: "${label}" is not a resource label; write app/<load ` +
      'balancer>/<id>/targetgroup/<target group>/<id>',
  );
  checkName(problems, 'policyName', props.policyName, POLICY_NAME);
  checkName(problems, 'memoryPolicyName', props.memoryPolicyName, POLICY_NAME);
  checkName(problems, 'requestsPolicyName', props.requestsPolicyName, POLICY_NAME);
  for (const [i, { name }] of (props.schedules ?? []).entries())
    problems.check(isResolved(name), `schedules[${i}].name: the name is known only to Terraform; use a literal string`);
  problems.throwIfAny();
}
