import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingScheduledAction } from '@cdktf/provider-aws/lib/appautoscaling-scheduled-action';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { isResolved, Problems, requireInteger, requireName, type NameRule } from '@strata/core';
import { Construct } from 'constructs';
import { checkSchedule, checkTimezone } from './schedule';

/** `PutScalingPolicy` in the Application Auto Scaling API reference. */
const POLICY_NAME: NameRule = {
  what: 'scaling policy name',
  maxLength: 255,
  pattern: /^[\x20-\x7e]+$/,
  allowed: 'printable ASCII characters',
};

/** `PutScheduledAction` in the Application Auto Scaling API reference; stricter, as it becomes a construct id. */
const ACTION_NAME: NameRule = {
  what: 'scheduled action name',
  maxLength: 255,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};

const DIMENSION = { serviceNamespace: 'ecs', scalableDimension: 'ecs:service:DesiredCount' };

/** New bounds at a time: below the lower one ECS starts tasks at once, above the upper one it stops them. */
export interface ScheduledCapacity {
  /** Unique in the service. */
  readonly name: string;
  /** `cron(minute hour day-of-month month day-of-week year)`, `rate(2 hours)` or `at(2026-12-31T08:00:00)`. */
  readonly schedule: string;
  /** Name of the IANA time zone that the schedule is in. @default Etc/UTC */
  readonly timezone?: string;
  /** @default unchanged */
  readonly minCapacity?: number;
  /** @default unchanged */
  readonly maxCapacity?: number;
  /** First time, in RFC 3339: `2026-12-01T00:00:00Z`. @default at once */
  readonly startTime?: string;
  /** Last time, in RFC 3339. @default none */
  readonly endTime?: string;
}

export interface ServiceAutoscalingProps {
  readonly clusterName: string;
  /** Name of the service, taken from its resource so that the service is made first. */
  readonly serviceName: string;
  /** Fewest tasks. @default 2 */
  readonly minCapacity?: number;
  /** Most tasks. @default 4 */
  readonly maxCapacity?: number;

  /**
   * Average CPU of the service to hold, in percent of what its tasks reserve; `false` turns the policy off.
   * @default 70
   */
  readonly cpuTargetPercent?: number | false;
  /** Average memory of the service to hold, in percent of what its tasks reserve. @default none */
  readonly memoryTargetPercent?: number;
  /** Requests per minute and task to hold; needs `albResourceLabel`. @default none */
  readonly requestsPerTarget?: number;
  /** `<load balancer ARN suffix>/<target group ARN suffix>`. @default none */
  readonly albResourceLabel?: string;
  /** Seconds after a scale-out before the next one. @default 300 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds after a scale-in before the next one. @default 300 */
  readonly scaleInCooldownSeconds?: number;
  /** Only ever adds tasks. @default false */
  readonly disableScaleIn?: boolean;

  /** Start of the policies' names, from which the others follow: `<it>-memory`, `<it>-requests`. */
  readonly policyName: string;
  /** @default `<policyName>-memory` */
  readonly memoryPolicyName?: string;
  /** @default `<policyName>-requests` */
  readonly requestsPolicyName?: string;

  /** @default none */
  readonly schedules?: readonly ScheduledCapacity[];
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Keeps a service's number of tasks between two bounds: on CPU, and where asked on memory, on requests per task and on
 * a schedule. With several policies the one that wants most tasks wins. Terraform must leave `desired_count` alone:
 * make the service with `desiredCountOwner: 'autoscaling'`. A bound that a schedule changes belongs to the schedule:
 * Terraform sets it once and ignores it afterwards.
 */
export class ServiceAutoscaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly cpuPolicy: AppautoscalingPolicy | undefined;
  readonly memoryPolicy: AppautoscalingPolicy | undefined;
  readonly requestsPolicy: AppautoscalingPolicy | undefined;
  readonly scheduledActions: readonly AppautoscalingScheduledAction[];
  /** Read from the target, so that policies and schedules wait for it. */
  private readonly resourceId: string;

  /** @throws ValidationError naming every prop that Application Auto Scaling would refuse. */
  constructor(scope: Construct, id: string, props: ServiceAutoscalingProps) {
    super(scope, id);
    check(this, props);

    const cpu = props.cpuTargetPercent ?? 70;
    const schedules = props.schedules ?? [];
    const scheduledBounds = [
      ...(schedules.some((s) => s.minCapacity !== undefined) ? ['min_capacity'] : []),
      ...(schedules.some((s) => s.maxCapacity !== undefined) ? ['max_capacity'] : []),
    ];
    this.target = new AppautoscalingTarget(this, 'target', {
      ...DIMENSION,
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minCapacity ?? 2,
      maxCapacity: props.maxCapacity ?? 4,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle: scheduledBounds.length === 0 ? undefined : { ignoreChanges: scheduledBounds },
    });
    this.resourceId = this.target.resourceId;

    const { policyName } = props;
    this.cpuPolicy =
      cpu === false ? undefined : this.policy('cpu', policyName, props, cpu, 'ECSServiceAverageCPUUtilization');
    this.memoryPolicy =
      props.memoryTargetPercent === undefined
        ? undefined
        : this.policy(
            'memory',
            props.memoryPolicyName ?? `${policyName}-memory`,
            props,
            props.memoryTargetPercent,
            'ECSServiceAverageMemoryUtilization',
          );
    this.requestsPolicy =
      props.requestsPerTarget === undefined
        ? undefined
        : this.policy(
            'requests',
            props.requestsPolicyName ?? `${policyName}-requests`,
            props,
            props.requestsPerTarget,
            'ALBRequestCountPerTarget',
            props.albResourceLabel,
          );
    this.scheduledActions = schedules.map((schedule) => this.schedule(schedule));
  }

  private policy(
    id: string,
    name: string,
    props: ServiceAutoscalingProps,
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
        scaleOutCooldown: props.scaleOutCooldownSeconds ?? 300,
        scaleInCooldown: props.scaleInCooldownSeconds ?? 300,
        disableScaleIn: props.disableScaleIn ?? false,
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
  const min = props.minCapacity ?? 2;
  const max = props.maxCapacity ?? 4;
  requireInteger(problems, 'minCapacity', min, { min: 0, max: 5000, unit: 'tasks' });
  requireInteger(problems, 'maxCapacity', max, { min: 1, max: 5000, unit: 'tasks' });
  problems.check(
    !isResolved(min) || !isResolved(max) || min <= max,
    `maxCapacity: ${max} is below minCapacity ${min}; raise it, or lower minCapacity`,
  );

  if (props.cpuTargetPercent !== false) requirePositive(problems, 'cpuTargetPercent', props.cpuTargetPercent, 100);
  requirePositive(problems, 'memoryTargetPercent', props.memoryTargetPercent, 100);
  requirePositive(problems, 'requestsPerTarget', props.requestsPerTarget);
  problems.check(
    props.requestsPerTarget === undefined || props.albResourceLabel !== undefined,
    'requestsPerTarget: the load balancer whose requests count is missing; give albResourceLabel',
  );
  problems.check(
    props.requestsPerTarget !== undefined || props.albResourceLabel === undefined,
    'albResourceLabel: nothing uses it without requestsPerTarget; give that too, or leave it out',
  );
  const label = props.albResourceLabel;
  problems.check(
    !isResolved(label) || /^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/.test(label),
    `albResourceLabel: "${label}" is not a resource label; write app/<load ` +
      'balancer>/<id>/targetgroup/<target group>/<id>',
  );
  problems.check(
    props.cpuTargetPercent !== false ||
      props.memoryTargetPercent !== undefined ||
      props.requestsPerTarget !== undefined ||
      (props.schedules ?? []).length > 0,
    'cpuTargetPercent: false leaves nothing that scales the service; give memoryTargetPercent, ' +
      'requestsPerTarget or schedules',
  );
  requireInteger(problems, 'scaleOutCooldownSeconds', props.scaleOutCooldownSeconds, {
    min: 0,
    max: 86400,
    unit: 'seconds',
  });
  requireInteger(problems, 'scaleInCooldownSeconds', props.scaleInCooldownSeconds, {
    min: 0,
    max: 86400,
    unit: 'seconds',
  });
  requireName(problems, 'policyName', props.policyName, POLICY_NAME);
  requireName(problems, 'memoryPolicyName', props.memoryPolicyName, POLICY_NAME);
  requireName(problems, 'requestsPolicyName', props.requestsPolicyName, POLICY_NAME);
  props.schedules?.forEach((schedule, i) =>
    checkScheduled(problems, `schedules[${i}]`, schedule, props.schedules!.slice(0, i)),
  );
  problems.throwIfAny();
}

function checkScheduled(
  problems: Problems,
  key: string,
  schedule: ScheduledCapacity,
  before: readonly ScheduledCapacity[],
): void {
  const { name, minCapacity, maxCapacity } = schedule;
  requireName(problems, `${key}.name`, name, ACTION_NAME);
  problems.check(isResolved(name), `${key}.name: the name is known only to Terraform; give a text`);
  problems.check(
    before.every((other) => other.name !== name),
    `${key}.name: "${name}" is used twice; give each schedule its own name`,
  );
  checkSchedule(problems, `${key}.schedule`, schedule.schedule);
  checkTimezone(problems, `${key}.timezone`, schedule.timezone);
  requireInteger(problems, `${key}.minCapacity`, minCapacity, { min: 0, max: 5000, unit: 'tasks' });
  requireInteger(problems, `${key}.maxCapacity`, maxCapacity, { min: 0, max: 5000, unit: 'tasks' });
  problems.check(
    minCapacity !== undefined || maxCapacity !== undefined,
    `${key}: neither minCapacity nor maxCapacity is given, so it changes nothing; give at least one`,
  );
  problems.check(
    !isResolved(minCapacity) || !isResolved(maxCapacity) || minCapacity <= maxCapacity,
    `${key}.maxCapacity: ${maxCapacity} is below minCapacity ${minCapacity}; raise it, or lower minCapacity`,
  );
  for (const time of ['startTime', 'endTime'] as const) {
    const value = schedule[time];
    problems.check(
      !isResolved(value) ||
        (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(value) && !Number.isNaN(Date.parse(value))),
      `${key}.${time}: "${value}" is not a time in RFC 3339; write 2026-12-01T00:00:00Z`,
    );
  }
}

function requirePositive(problems: Problems, key: string, value: number | undefined, max?: number): void {
  if (!isResolved(value)) return;
  problems.check(
    value > 0 && (max === undefined || value <= max),
    `${key}: ${value} is out of range; use a number above 0${max === undefined ? '' : ` and at most ${max}`}`,
  );
}
