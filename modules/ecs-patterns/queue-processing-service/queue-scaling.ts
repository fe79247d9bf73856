import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { checkInteger, isResolved, Problems } from '@strata/core';
import { Construct } from 'constructs';

export interface QueueScalingProps {
  /** Start of the names of policies and alarms. */
  readonly name: string;
  readonly clusterName: string;
  /** Name of the service, taken from its resource so that the service is created first. */
  readonly serviceName: string;
  /** Name of the queue, taken from its resource. */
  readonly queueName: string;
  /** Tasks that run while nothing waits, 0 to 5000. @default 0 */
  readonly minCapacity?: number;
  /** Most tasks, 1 to 5000. @default 4 */
  readonly maxCapacity?: number;
  /** Messages that may wait for each busy task before another one is started, 1 to 1000000. @default 10 */
  readonly backlogPerTask?: number;
  /** Whole minutes with neither a waiting nor a received message after which tasks are stopped, 1 to 1440. @default 15 */
  readonly idleMinutes?: number;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const DIMENSION = { serviceNamespace: 'ecs', scalableDimension: 'ecs:service:DesiredCount' };
/** Seconds in which a new task starts and takes its first message. */
const SCALE_OUT_COOLDOWN_SECONDS = 120;

/**
 * Scales a service by its queue. Out where more messages wait than `backlogPerTask` for each one that is being worked
 * on; a task works on one message at a time, so that messages in flight are busy tasks, and no Container Insights are
 * needed to count them. In only where nothing waits **and** nothing is in flight: an alarm on waiting messages alone
 * would stop the task that works on the last one.
 *
 * Neither starts the first task: metrics of a queue that slept are late by up to 15 minutes ("Available CloudWatch
 * metrics for Amazon SQS" in its developer guide). The sender of a message raises the count from 0 to 1.
 */
export class QueueScaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly scaleOut: AppautoscalingPolicy;
  readonly scaleIn: AppautoscalingPolicy;
  readonly backlogAlarm: CloudwatchMetricAlarm;
  readonly idleAlarm: CloudwatchMetricAlarm;
  private readonly resourceId: string;

  /** @throws ValidationError naming every prop that Application Auto Scaling would reject. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: QueueScalingProps,
  ) {
    super(scope, id);
    this.check();
    const { minCapacity = 0, maxCapacity = 4, backlogPerTask = 10, idleMinutes = 15 } = props;
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    this.target = new AppautoscalingTarget(this, 'target', {
      ...DIMENSION,
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity,
      maxCapacity,
      tags,
    });
    this.resourceId = this.target.resourceId;

    // From the threshold on one more, at twice the backlog two more, at four times four more: bounds are relative.
    this.scaleOut = this.policy('scale-out', 'ChangeInCapacity', SCALE_OUT_COOLDOWN_SECONDS, [
      { lower: 0, upper: backlogPerTask, adjustment: 1 },
      { lower: backlogPerTask, upper: 3 * backlogPerTask, adjustment: 2 },
      { lower: 3 * backlogPerTask, adjustment: 4 },
    ]);
    this.scaleIn = this.policy('scale-in', 'ExactCapacity', 60, [{ upper: 0, adjustment: minCapacity }]);

    this.backlogAlarm = new CloudwatchMetricAlarm(this, 'backlog', {
      alarmName: `${props.name}-backlog`,
      alarmDescription: `More than ${backlogPerTask} messages wait for each that is being worked on; tasks are added`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: backlogPerTask,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      metricQuery: this.metrics('waiting / IF(inflight > 1, inflight, 1)', 'waiting per busy task'),
      alarmActions: [this.scaleOut.arn],
      tags,
    });
    this.idleAlarm = new CloudwatchMetricAlarm(this, 'idle', {
      alarmName: `${props.name}-idle`,
      alarmDescription: `Neither waiting nor received messages for ${idleMinutes} minutes; tasks are stopped`,
      comparisonOperator: 'LessThanOrEqualToThreshold',
      threshold: 0,
      evaluationPeriods: idleMinutes,
      datapointsToAlarm: idleMinutes,
      // A queue without any request for hours has no metrics; then nothing polls it, and nothing is to be stopped.
      treatMissingData: 'ignore',
      metricQuery: this.metrics('waiting + delayed + inflight', 'messages'),
      alarmActions: [this.scaleIn.arn],
      tags,
    });
  }

  private policy(
    id: string,
    adjustmentType: 'ChangeInCapacity' | 'ExactCapacity',
    cooldown: number,
    steps: readonly { readonly lower?: number; readonly upper?: number; readonly adjustment: number }[],
  ): AppautoscalingPolicy {
    return new AppautoscalingPolicy(this, id, {
      name: `${this.props.name}-${id}`,
      policyType: 'StepScaling',
      ...DIMENSION,
      resourceId: this.resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType,
        cooldown,
        metricAggregationType: 'Maximum',
        stepAdjustment: steps.map(({ lower, upper, adjustment }) => ({
          metricIntervalLowerBound: lower === undefined ? undefined : `${lower}`,
          metricIntervalUpperBound: upper === undefined ? undefined : `${upper}`,
          scalingAdjustment: adjustment,
        })),
      },
    });
  }

  private metrics(expression: string, label: string): CloudwatchMetricAlarmMetricQuery[] {
    const metric = (id: string, metricName: string): CloudwatchMetricAlarmMetricQuery => ({
      id,
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: { QueueName: this.props.queueName },
        period: 60,
        stat: 'Maximum',
      },
    });
    return [
      { id: 'result', expression, label, returnData: true },
      metric('waiting', 'ApproximateNumberOfMessagesVisible'),
      metric('inflight', 'ApproximateNumberOfMessagesNotVisible'),
      ...(expression.includes('delayed') ? [metric('delayed', 'ApproximateNumberOfMessagesDelayed')] : []),
    ];
  }

  private check(): void {
    const { minCapacity = 0, maxCapacity = 4, backlogPerTask, idleMinutes } = this.props;
    const problems = new Problems(this);
    checkInteger(problems, 'minCapacity', minCapacity, { min: 0, max: 5000, unit: 'tasks' });
    checkInteger(problems, 'maxCapacity', maxCapacity, { min: 1, max: 5000, unit: 'tasks' });
    problems.check(
      !isResolved(minCapacity) || !isResolved(maxCapacity) || minCapacity <= maxCapacity,
      `minCapacity: ${minCapacity} is above maxCapacity (${maxCapacity}); use at most ${maxCapacity}`,
    );
    checkInteger(problems, 'backlogPerTask', backlogPerTask, { min: 1, max: 1_000_000, unit: 'messages' });
    checkInteger(problems, 'idleMinutes', idleMinutes, { min: 1, max: 1440, unit: 'minutes' });
    problems.throwIfAny();
  }
}
