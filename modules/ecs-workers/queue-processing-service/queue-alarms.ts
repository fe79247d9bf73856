import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { checkInteger, Problems } from '@strata/core';
import { Construct } from 'constructs';

export interface QueueAlarmsProps {
  /** Start of the names of the alarms. */
  readonly name: string;
  /** Name of the queue, taken from its resource. */
  readonly queueName: string;
  /** Name of its dead-letter queue, taken from its resource. */
  readonly deadLetterQueueName: string;
  /** Alarm when the oldest message has waited longer than this for five minutes, 60 to 1209600 seconds. */
  readonly maxAgeSeconds: number;
  /** SNS topic to notify. @default none: the alarms are visible in CloudWatch only */
  readonly topicArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const FAILED_PERIOD_SECONDS = 300;
const AGE_PERIODS = 5;

/**
 * Alarms of a queue that workers receive from: messages that went to the dead-letter queue, and messages that wait too
 * long.
 *
 * Messages that SQS itself moves to a dead-letter queue do not count in its `NumberOfMessagesSent`, and a function that
 * reads it empties it within seconds. So the first alarm adds what waits there to what was received from there.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class QueueAlarms extends Construct {
  readonly failed: CloudwatchMetricAlarm;
  readonly waiting: CloudwatchMetricAlarm;

  /** @throws ValidationError when `maxAgeSeconds` is out of range. */
  constructor(scope: Construct, id: string, props: QueueAlarmsProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkInteger(problems, 'maxAgeSeconds', props.maxAgeSeconds, { min: 60, max: 1_209_600, unit: 'seconds' });
    problems.throwIfAny();
    const actions = props.topicArn === undefined ? undefined : [props.topicArn];
    const shared = {
      treatMissingData: 'notBreaching',
      alarmActions: actions,
      okActions: actions,
      tags: props.tags === undefined ? undefined : { ...props.tags },
    };
    const ofFailed = (id: string, metricName: string, stat: string) => ({
      id,
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: { QueueName: props.deadLetterQueueName },
        period: FAILED_PERIOD_SECONDS,
        stat,
      },
    });
    this.failed = new CloudwatchMetricAlarm(this, 'failed', {
      ...shared,
      alarmName: `${props.name}-failed`,
      alarmDescription: `A message of ${props.name} was received as often as the queue allows, and not deleted`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      metricQuery: [
        {
          id: 'result',
          expression: 'FILL(waiting, 0) + FILL(received, 0)',
          label: 'failed messages',
          returnData: true,
        },
        ofFailed('waiting', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
        ofFailed('received', 'NumberOfMessagesReceived', 'Sum'),
      ],
    });
    this.waiting = new CloudwatchMetricAlarm(this, 'waiting', {
      ...shared,
      alarmName: `${props.name}-waiting`,
      alarmDescription: `The oldest message of ${props.name} has waited for more than ${props.maxAgeSeconds} seconds`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: props.maxAgeSeconds,
      evaluationPeriods: AGE_PERIODS,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: props.queueName },
      period: 60,
      statistic: 'Maximum',
    });
  }
}
