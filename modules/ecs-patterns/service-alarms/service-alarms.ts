import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { checkOptions, isResolved, Problems, checkName, type NameRule } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { Construct } from 'constructs';
import { alarmOptions, type AlarmOptions } from './alarm-options';
import { AlarmTopic } from './alarm-topic';

const LONGEST_SUFFIX = '-rejected-connections'.length;
const ALARM_PREFIX: NameRule = {
  what: 'start of alarm names',
  maxLength: 255 - LONGEST_SUFFIX,
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};

export interface ServiceAlarmsProps extends AlarmOptions {
  /** Prefix of every alarm's name: `app-web` results in `app-web-cpu-high`. */
  readonly name: string;
  /** Name of the cluster, as CloudWatch's dimension `ClusterName` has it. */
  readonly clusterName: string;
  /**
   * Name of the service as a literal: an attribute of the service resource would create a cycle, because the service's
   * deployments refer to these alarms.
   */
  readonly serviceName: string;
  /** `arn_suffix` of the load balancer. @default none: only the tasks' alarms are created */
  readonly loadBalancerArnSuffix?: string;
  /** `arn_suffix` of the target group, needed with a load balancer. @default none */
  readonly targetGroupArnSuffix?: string;
  /**
   * `arn_suffix` of the second target group of a blue/green pair; either of the two may be in service.
   * @default none
   */
  readonly greenTargetGroupArnSuffix?: string;

  /** ARN of the SNS topic to notify. @default a topic `<name>-alarms` created here, with its own KMS key */
  readonly topicArn?: string;
  /** Email addresses subscribed to the topic created here. @default none */
  readonly emailAddresses?: readonly string[];

  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

type ResolvedProps = ReturnType<typeof withDefaults<typeof alarmOptions.shape, ServiceAlarmsProps>>;
type AlarmConfig = Omit<CloudwatchMetricAlarmConfig, 'alarmName'>;

/**
 * The usual alarms of a Fargate service, with thresholds that rarely need changing; each can be turned off.
 *
 * They refer to the service by name only, so that the service can use them as deployment alarms. CloudWatch bills per
 * metric that an alarm watches.
 */
export class ServiceAlarms extends Construct {
  readonly alarms: CloudwatchMetricAlarm[] = [];
  /** The topic created here; `undefined` if one was passed in. */
  readonly topic?: AlarmTopic;
  private readonly deploymentAlarms: CloudwatchMetricAlarm[] = [];
  private readonly topicArn: string;
  private readonly props: ResolvedProps;

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    this.validate(props);
    this.props = withDefaults(alarmOptions, props);
    if (props.topicArn === undefined) {
      this.topic = new AlarmTopic(this, 'topic', {
        name: `${props.name}-alarms`,
        emailAddresses: props.emailAddresses,
        tags: props.tags,
      });
    }
    this.topicArn = this.topic?.arn ?? props.topicArn!;
    this.watchTasks();
    if (props.loadBalancerArnSuffix !== undefined)
      this.watchLoadBalancer(props.loadBalancerArnSuffix, props.targetGroupArnSuffix!);
  }

  /** Names of all alarms. */
  get alarmNames(): string[] {
    return this.alarms.map((alarm) => alarm.alarmName);
  }

  /**
   * Names of the alarms that a bad revision raises and a good one does not: failures and latency. Use them as a
   * service's deployment alarms. CPU is left out because starting tasks are busy. `no-healthy-host` is left out because
   * it is in alarm before the first image and during an outage, where CodeDeploy would stop the deployment that fixes
   * it; both controllers wait for healthy targets anyway. ECS ignores an alarm that is already raised when a deployment
   * starts.
   */
  get deploymentAlarmNames(): string[] {
    return this.deploymentAlarms.map((alarm) => alarm.alarmName);
  }

  private watchTasks(): void {
    const { clusterName, serviceName } = this.props;
    const service = {
      namespace: 'AWS/ECS',
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
      period: 60,
    };

    const minRunningTasks = this.props.minRunningTasks;
    if (minRunningTasks !== false) {
      this.alarm('running-tasks-low', {
        ...service,
        // Each running task reports once per minute, so the sample count is the number of tasks, without Container
        // Insights. Without tasks there is no data.
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
        metricName: 'CPUUtilization',
        statistic: 'SampleCount',
        comparisonOperator: 'LessThanThreshold',
        threshold: minRunningTasks,
        evaluationPeriods: 3,
        treatMissingData: 'breaching',
        alarmDescription: `fewer than ${minRunningTasks} tasks run; see the service's events for why tasks stop or do not start`,
      });
    }
    for (const [id, metricName, percent] of [
      ['cpu-high', 'CPUUtilization', this.props.cpuHighPercent],
      ['memory-high', 'MemoryUtilization', this.props.memoryHighPercent],
    ] as const) {
      if (percent === false) continue;
      this.alarm(id, {
        ...service,
        metricName,
        statistic: 'Average',
        comparisonOperator: 'GreaterThanThreshold',
        threshold: percent,
        evaluationPeriods: 5,
        alarmDescription:
          `${metricName} above ${percent} %; raise the most tasks that autoscaling may start, or the size of a ` +
          'task',
      });
    }
  }

  private watchLoadBalancer(loadBalancer: string, targetGroup: string): void {
    const green = this.props.greenTargetGroupArnSuffix;
    const whole = { LoadBalancer: loadBalancer };
    const blueOnly = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
    // Either target group of a blue/green pair may be in service; the load balancer's own sum covers both.
    const served = green === undefined ? blueOnly : whole;
    const groups = green === undefined ? [blueOnly] : [blueOnly, { LoadBalancer: loadBalancer, TargetGroup: green }];

    const loadBalancer5xx = this.props.loadBalancer5xxPercent;
    if (loadBalancer5xx !== false) {
      this.deploymentAlarms.push(
        this.alarm('load-balancer-5xx', {
          ...this.failureShare(loadBalancer5xx, 'HTTPCode_ELB_5XX_Count', whole, 'errors + requests'),
          alarmDescription:
            `the load balancer answers more than ${loadBalancer5xx} % of requests 5xx; it finds no target, or ` +
            'a target breaks off or is too slow',
        }),
      );
    }
    const target5xx = this.props.target5xxPercent;
    if (target5xx !== false) {
      this.deploymentAlarms.push(
        this.alarm('target-5xx', {
          ...this.failureShare(target5xx, 'HTTPCode_Target_5XX_Count', served, 'requests'),
          alarmDescription: `the service answers more than ${target5xx} % of requests 5xx; see its log`,
        }),
      );
    }
    const p99 = this.props.p99ResponseTimeSeconds;
    if (p99 !== false) {
      this.deploymentAlarms.push(
        this.alarm('response-time-high', {
          ...inAlb('TargetResponseTime', served),
          extendedStatistic: 'p99',
          evaluateLowSampleCountPercentiles: 'ignore',
          comparisonOperator: 'GreaterThanThreshold',
          threshold: p99,
          evaluationPeriods: 5,
          alarmDescription: `one request in a hundred takes longer than ${p99} s`,
        }),
      );
    }
    const unhealthy = this.props.maxUnhealthyHosts;
    if (unhealthy !== false) {
      this.alarm('unhealthy-hosts', {
        ...highest('UnHealthyHostCount', groups),
        comparisonOperator: 'GreaterThanThreshold',
        threshold: unhealthy,
        evaluationPeriods: 5,
        alarmDescription: `more than ${unhealthy} targets fail their health check`,
      });
    }
    if (this.props.noHealthyHost) {
      this.alarm('no-healthy-host', {
        ...highest('HealthyHostCount', groups),
        comparisonOperator: 'LessThanThreshold',
        threshold: 1,
        // For a pair, FILL may fill in the newest minute before it is reported.
        evaluationPeriods: groups.length === 1 ? 2 : 3,
        treatMissingData: 'breaching',
        alarmDescription: 'no target passes its health check: the service is down',
      });
    }
    const rejected = this.props.maxRejectedConnections;
    if (rejected !== false) {
      this.alarm('rejected-connections', {
        ...inAlb('RejectedConnectionCount', whole),
        statistic: 'Sum',
        comparisonOperator: 'GreaterThanThreshold',
        threshold: rejected,
        evaluationPeriods: 1,
        alarmDescription: 'the load balancer has reached its limit of connections and turns clients away',
      });
    }
  }

  /**
   * `of` is the total: requests that the load balancer answers itself, for lack of a target, are not in RequestCount.
   */
  private failureShare(
    percent: number,
    metricName: string,
    dimensions: Record<string, string>,
    of: string,
  ): AlarmConfig {
    const minimum = this.props.minRequestsPerMinute;
    return {
      comparisonOperator: 'GreaterThanThreshold',
      threshold: percent,
      // FILL may fill in the newest minutes before they are reported, so the alarm does not require three consecutive
      // data points.
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      metricQuery: [
        query('failures', metricName, dimensions, 'Sum'),
        query('answered', 'RequestCount', dimensions, 'Sum'),
        { id: 'errors', expression: 'FILL(failures, 0)', returnData: false },
        { id: 'requests', expression: 'FILL(answered, 0)', returnData: false },
        {
          id: 'share',
          expression: `IF(${of} >= ${minimum}, 100 * errors / (${of}), 0)`,
          label: 'share of requests (%)',
          returnData: true,
        },
      ],
    };
  }

  private alarm(id: string, config: AlarmConfig): CloudwatchMetricAlarm {
    const alarm = new CloudwatchMetricAlarm(this, id, {
      treatMissingData: 'notBreaching',
      alarmActions: [this.topicArn],
      okActions: this.props.notifyOnRecovery ? [this.topicArn] : undefined,
      tags: this.props.tags,
      ...config,
      alarmName: `${this.props.name}-${id}`,
    });
    this.alarms.push(alarm);
    return alarm;
  }

  private validate(props: ServiceAlarmsProps): void {
    const problems = new Problems(this);
    checkName(problems, 'name', props.name, ALARM_PREFIX);
    problems.check(
      (props.loadBalancerArnSuffix === undefined) === (props.targetGroupArnSuffix === undefined),
      'loadBalancerArnSuffix and targetGroupArnSuffix: only one is set; set both, or neither for a service ' +
        'without a load balancer',
    );
    problems.check(
      props.greenTargetGroupArnSuffix === undefined || props.targetGroupArnSuffix !== undefined,
      'greenTargetGroupArnSuffix: set without targetGroupArnSuffix; set both',
    );
    problems.check(
      props.topicArn === undefined || (props.emailAddresses ?? []).length === 0,
      'emailAddresses: set together with topicArn; subscribe them to that topic where it is created',
    );
    if (isResolved(props.topicArn)) {
      problems.check(
        /^arn:[a-z-]+:sns:/.test(props.topicArn),
        `topicArn: "${props.topicArn}" is not the ARN of an SNS topic; use one such as ` +
          'arn:aws:sns:ap-northeast-2:111122223333:alarms',
      );
    }
    checkOptions(problems, alarmOptions, props);
    problems.throwIfAny();
  }
}

function inAlb(metricName: string, dimensions: Record<string, string>) {
  return { namespace: 'AWS/ApplicationELB', metricName, dimensions, period: 60 };
}

function query(
  id: string,
  metricName: string,
  dimensions: Record<string, string>,
  stat: string,
): CloudwatchMetricAlarmMetricQuery {
  return { id, returnData: false, metric: { ...inAlb(metricName, dimensions), stat } };
}

/** The highest value of a metric across the target groups; in a pair, the group without targets reports nothing. */
function highest(metricName: string, groups: readonly Record<string, string>[]): Partial<AlarmConfig> {
  const [only, ...others] = groups;
  if (others.length === 0) return { ...inAlb(metricName, only!), statistic: 'Maximum' };
  const names = ['blue', 'green'];
  return {
    metricQuery: [
      ...groups.map((group, index) => query(names[index]!, metricName, group, 'Maximum')),
      { id: 'highest', expression: 'MAX([FILL(blue, 0), FILL(green, 0)])', label: metricName, returnData: true },
    ],
  };
}
