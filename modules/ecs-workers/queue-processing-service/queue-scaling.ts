import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { addProblems, checkOptions, isResolved, Problems } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { Construct } from 'constructs';
import { backlogPerWorker, scalingOptions, scalingProblems, type ScalingOptions } from './scaling-options';

export interface QueueScalingProps extends ScalingOptions {
  /** Start of the names of policies and alarms. */
  readonly name: string;
  readonly clusterName: string;
  /** Name of the service, taken from its resource so that the service is created first. */
  readonly serviceName: string;
  /** Name of the queue, taken from its resource. */
  readonly queueName: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const DIMENSION = { serviceNamespace: 'ecs', scalableDimension: 'ecs:service:DesiredCount' };
/** Seconds in which a new task starts and takes its first message. */
const SCALE_OUT_COOLDOWN_SECONDS = 120;

/**
 * Scales a service by its queue. Out where more messages wait for each one that is being worked on than fit into
 * `acceptableLatencySeconds`; a task works on one message at a time, so that messages in flight are busy tasks, and no Container Insights are
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
    const options = withDefaults(scalingOptions, props);
    const problems = new Problems(this);
    checkOptions(problems, scalingOptions, props);
    addProblems(problems, scalingProblems(options, isResolved));
    problems.throwIfAny();
    const { minWorkers, maxWorkers } = options;
    const backlog = backlogPerWorker(options);
    const idleMinutes = options.idleSeconds / 60;
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    this.target = new AppautoscalingTarget(this, 'target', {
      ...DIMENSION,
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: minWorkers,
      maxCapacity: maxWorkers,
      tags,
    });
    this.resourceId = this.target.resourceId;

    // From the threshold on one more, at twice the backlog two more, at four times four more: bounds are relative.
    this.scaleOut = this.policy('scale-out', 'ChangeInCapacity', SCALE_OUT_COOLDOWN_SECONDS, [
      { lower: 0, upper: backlog, adjustment: 1 },
      { lower: backlog, upper: 3 * backlog, adjustment: 2 },
      { lower: 3 * backlog, adjustment: 4 },
    ]);
    this.scaleIn = this.policy('scale-in', 'ExactCapacity', 60, [{ upper: 0, adjustment: minWorkers }]);

    this.backlogAlarm = new CloudwatchMetricAlarm(this, 'backlog', {
      alarmName: `${props.name}-backlog`,
      alarmDescription: `More than ${backlog} messages wait for each that is being worked on; tasks are added`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: backlog,
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
}
