import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { Construct } from 'constructs';
import { DEFAULT_VARIANT_NAME, DEFAULTS, type HostingKind } from './endpoint-options';
import { HOSTING_KINDS } from './endpoint-rules';
import { ENDPOINT_NAME, VARIANT_NAME } from './names';

export interface EndpointAlarmSettings {
  /** SNS topic to notify. @default none: the alarms are visible in CloudWatch, and roll updates back */
  readonly topicArn?: string;
  /** Whether the topic is also notified when an alarm recovers. @default true */
  readonly notifyOnRecovery?: boolean;
  /**
   * Share of the requests that the model answers 5xx, above this percentage for 2 minutes; `false` for no alarm.
   * @default 5
   */
  readonly max5xxPercent?: number | false;
  /**
   * Share of the requests without a 2xx answer, refused photos and crashes included, above this percentage for 2
   * minutes; `false` for no alarm.
   * @default 50
   */
  readonly maxModelErrorPercent?: number | false;
  /** Requests per minute below which both percentages count as 0. @default 10 */
  readonly minInvocationsPerMinute?: number;
  /**
   * p99 of the time that the model takes above this many seconds for 2 minutes; `false` for no alarm.
   * @default 5; none with async
   */
  readonly p99ModelLatencySeconds?: number | false;
  /** `async`: more requests than this failed in 5 minutes; `false` for no alarm. @default 5 */
  readonly maxAsyncFailures?: number | false;
  /** `async`: the oldest request has waited for more than this many seconds; `false` for no alarm. @default 1800 */
  readonly maxBacklogAgeSeconds?: number | false;
}

export interface EndpointAlarmsProps extends EndpointAlarmSettings {
  /**
   * Name of the endpoint, written out: the alarms exist before the endpoint does, so that its updates can name them.
   */
  readonly endpointName: string;
  /** Variants that are watched. @default ['AllTraffic'] */
  readonly variantNames?: readonly string[];
  /** @default serverless */
  readonly hosting?: HostingKind;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

type AlarmConfig = Omit<CloudwatchMetricAlarmConfig, 'alarmName'>;

/**
 * The alarms of an endpoint, owned by Terraform or a pipeline. They refer to it by name only, and stay quiet until it
 * exists. CloudWatch bills per metric that an alarm watches.
 */
export class EndpointAlarms extends Construct {
  readonly alarms: CloudwatchMetricAlarm[] = [];
  private readonly rollbackAlarms: CloudwatchMetricAlarm[] = [];

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EndpointAlarmsProps,
  ) {
    super(scope, id);
    this.check();
    for (const variant of this.variantNames) this.watchVariant(variant);
    if (this.hosting === 'async') this.watchBacklog();
  }

  /**
   * Names of the alarms that a bad model raises and a good one does not, for `rollbackAlarmNames`. At most 10 can be
   * named.
   */
  get rollbackAlarmNames(): string[] {
    return this.rollbackAlarms.map((alarm) => alarm.alarmName);
  }

  private get hosting(): HostingKind {
    return this.props.hosting ?? DEFAULTS.hosting;
  }

  private get variantNames(): readonly string[] {
    return this.props.variantNames ?? [DEFAULT_VARIANT_NAME];
  }

  private watchVariant(variant: string): void {
    const { endpointName } = this.props;
    const dimensions = { EndpointName: endpointName, VariantName: variant };
    const prefix = this.variantNames.length === 1 ? '' : `${variant}-`;
    if (this.hosting === 'async') {
      const failures = this.props.maxAsyncFailures ?? 5;
      if (failures === false) return;
      this.rollbackAlarms.push(
        this.alarm(`${prefix}failures`, {
          alarmDescription:
            `more than ${failures} requests to ${endpointName} failed in 5 minutes; see its log group ` +
            `/aws/sagemaker/Endpoints/${endpointName}`,
          namespace: 'AWS/SageMaker',
          metricName: 'InvocationFailures',
          dimensions,
          statistic: 'Sum',
          period: 300,
          evaluationPeriods: 1,
          threshold: failures,
          comparisonOperator: 'GreaterThanThreshold',
        }),
      );
      return;
    }
    for (const [id, metricName, percent] of [
      ['5xx', 'Invocation5XXErrors', this.props.max5xxPercent ?? 5],
      ['model-errors', 'InvocationModelErrors', this.props.maxModelErrorPercent ?? 50],
    ] as const) {
      if (percent === false) continue;
      this.rollbackAlarms.push(
        this.alarm(`${prefix}${id}`, {
          alarmDescription:
            `more than ${percent} % of the requests to ${endpointName} end as ${metricName}; see its log group ` +
            `/aws/sagemaker/Endpoints/${endpointName}`,
          comparisonOperator: 'GreaterThanThreshold',
          threshold: percent,
          evaluationPeriods: 2,
          metricQuery: [
            query('failures', metricName, dimensions),
            query('asked', 'Invocations', dimensions),
            { id: 'errors', expression: 'FILL(failures, 0)', returnData: false },
            { id: 'requests', expression: 'FILL(asked, 0)', returnData: false },
            {
              id: 'share',
              label: 'share of requests (%)',
              returnData: true,
              expression: `IF(requests >= ${this.props.minInvocationsPerMinute ?? 10}, 100 * errors / requests, 0)`,
            },
          ],
        }),
      );
    }
    const seconds = this.props.p99ModelLatencySeconds ?? 5;
    if (seconds === false) return;
    this.rollbackAlarms.push(
      this.alarm(`${prefix}model-latency`, {
        alarmDescription: `one request to ${endpointName} in a hundred takes the model more than ${seconds} s`,
        // In microseconds.
        namespace: 'AWS/SageMaker',
        metricName: 'ModelLatency',
        dimensions,
        extendedStatistic: 'p99',
        period: 60,
        evaluationPeriods: 2,
        threshold: seconds * 1_000_000,
        comparisonOperator: 'GreaterThanThreshold',
      }),
    );
  }

  private watchBacklog(): void {
    const seconds = this.props.maxBacklogAgeSeconds ?? 1800;
    if (seconds === false) return;
    const { endpointName } = this.props;
    this.alarm('backlog-age', {
      alarmDescription:
        `a request to ${endpointName} has waited for more than ${seconds} s; raise the most instances, or see ` +
        'why none starts',
      namespace: 'AWS/SageMaker',
      metricName: 'ApproximateAgeOfOldestRequest',
      dimensions: { EndpointName: endpointName },
      statistic: 'Maximum',
      period: 60,
      evaluationPeriods: 2,
      threshold: seconds,
      comparisonOperator: 'GreaterThanThreshold',
    });
  }

  private alarm(id: string, config: AlarmConfig): CloudwatchMetricAlarm {
    const { topicArn, notifyOnRecovery, tags } = this.props;
    const alarm = new CloudwatchMetricAlarm(this, id, {
      treatMissingData: 'notBreaching',
      alarmActions: topicArn === undefined ? undefined : [topicArn],
      okActions: topicArn !== undefined && (notifyOnRecovery ?? true) ? [topicArn] : undefined,
      tags: tags === undefined ? undefined : { ...tags },
      ...config,
      alarmName: `${this.props.endpointName}-${id}`,
    });
    this.alarms.push(alarm);
    return alarm;
  }

  private check(): void {
    const { props } = this;
    const problems = new Problems(this);
    checkName(problems, 'endpointName', props.endpointName, ENDPOINT_NAME);
    checkOneOf(problems, 'hosting', props.hosting, HOSTING_KINDS);
    problems.check(
      this.variantNames.length > 0,
      'variantNames: an empty list watches nothing; name at least one variant',
    );
    this.variantNames.forEach((name, i) => {
      checkName(problems, `variantNames[${i}]`, name, VARIANT_NAME);
      problems.check(isResolved(name), `variantNames[${i}]: the name is known only to Terraform; use a literal string`);
      problems.check(
        this.variantNames.indexOf(name) === i,
        `variantNames[${i}]: "${name}" is listed twice; ` + `remove one`,
      );
    });
    for (const key of ['max5xxPercent', 'maxModelErrorPercent'] as const) {
      const percent = props[key];
      problems.check(
        !isResolved(percent) || percent === false || (percent > 0 && percent < 100),
        `${key}: ${String(percent)} is never or always exceeded; use a percentage above 0 and below 100, ` +
          'or false for no alarm',
      );
    }
    for (const key of ['p99ModelLatencySeconds', 'maxBacklogAgeSeconds'] as const) {
      const seconds = props[key];
      problems.check(
        !isResolved(seconds) || seconds === false || seconds > 0,
        `${key}: ${String(seconds)} is out of range; use seconds above 0, or false for no alarm`,
      );
    }
    if (props.maxAsyncFailures !== false)
      checkInteger(problems, 'maxAsyncFailures', props.maxAsyncFailures, { min: 0, max: 1_000_000 });
    checkInteger(problems, 'minInvocationsPerMinute', props.minInvocationsPerMinute, { min: 1, max: 1_000_000 });
    problems.throwIfAny();
  }
}

function query(id: string, metricName: string, dimensions: Record<string, string>) {
  return {
    id,
    returnData: false,
    metric: { namespace: 'AWS/SageMaker', metricName, dimensions, period: 60, stat: 'Sum' },
  };
}
