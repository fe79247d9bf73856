import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { isResolved, Problems, checkInteger } from '@strata/core';
import { Construct } from 'constructs';

export interface FunctionAlarmsProps {
  /** Prefix of every alarm's name. */
  readonly name: string;
  /** Taken from the function, so that it is created first. */
  readonly functionName: string;
  /** The function's timeout. */
  readonly timeoutSeconds: number;
  /** SNS topic to notify. @default none: the alarms are visible in CloudWatch only */
  readonly topicArn?: string;
  /** Whether the topic is also notified when an alarm recovers. @default true */
  readonly notifyOnRecovery?: boolean;
  /** Alarm on more failed invocations than this in 5 minutes; `false` for no alarm. @default 0 */
  readonly maxErrors?: number | false;
  /** Alarm on more throttled invocations than this in 5 minutes; `false` for no alarm. @default 0 */
  readonly maxThrottles?: number | false;
  /** Alarm on an invocation that took more than this percentage of the timeout; `false` for no alarm. @default 90 */
  readonly durationHighPercent?: number | false;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Alarms of one function: errors, throttles and durations close to the timeout. */
export class FunctionAlarms extends Construct {
  readonly alarms: CloudwatchMetricAlarm[] = [];

  /** @throws ValidationError naming every threshold that is out of range. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FunctionAlarmsProps,
  ) {
    super(scope, id);
    const problems = new Problems(this);
    if (props.maxErrors !== false) checkInteger(problems, 'maxErrors', props.maxErrors, { min: 0, max: 1_000_000 });
    if (props.maxThrottles !== false)
      checkInteger(problems, 'maxThrottles', props.maxThrottles, { min: 0, max: 1_000_000 });
    const percent = props.durationHighPercent;
    problems.check(
      !isResolved(percent) || percent === false || (percent > 0 && percent < 100),
      `durationHighPercent: ${String(percent)} is never or always exceeded; use a percentage above 0 and ` +
        'below 100, or false for no alarm',
    );
    problems.throwIfAny();

    const errors = props.maxErrors ?? 0;
    if (errors !== false)
      this.alarm(
        'errors',
        'Errors',
        'Sum',
        errors,
        `more than ${errors} invocations failed in 5 minutes; see the log of ${props.name}`,
      );
    const throttles = props.maxThrottles ?? 0;
    if (throttles !== false) {
      this.alarm(
        'throttles',
        'Throttles',
        'Sum',
        throttles,
        `more than ${throttles} invocations were turned away in 5 minutes; its reserved or the account's ` +
          'concurrency is used up',
      );
    }
    const high = percent ?? 90;
    if (high !== false) {
      const milliseconds = props.timeoutSeconds * 10 * high;
      this.alarm(
        'duration',
        'Duration',
        'Maximum',
        milliseconds,
        `an invocation took more than ${high} % of the timeout of ${props.timeoutSeconds} s`,
      );
    }
  }

  private alarm(id: string, metricName: string, statistic: string, threshold: number, alarmDescription: string): void {
    const { name, functionName, topicArn, notifyOnRecovery, tags } = this.props;
    const config: CloudwatchMetricAlarmConfig = {
      alarmName: `${name}-${id}`,
      alarmDescription,
      namespace: 'AWS/Lambda',
      metricName,
      dimensions: { FunctionName: functionName },
      statistic,
      period: 300,
      evaluationPeriods: 1,
      threshold,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: topicArn === undefined ? undefined : [topicArn],
      okActions: topicArn !== undefined && (notifyOnRecovery ?? true) ? [topicArn] : undefined,
      tags: tags === undefined ? undefined : { ...tags },
    };
    this.alarms.push(new CloudwatchMetricAlarm(this, id, config));
  }
}
