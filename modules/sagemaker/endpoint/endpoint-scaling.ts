import { DEFAULTS, minCapacityOf, type EndpointOptions } from './endpoint-options';

/** `PutScalingPolicy` of Application Auto Scaling, without what says which endpoint is meant. */
export interface ScalingPolicy {
  readonly PolicyName: string;
  readonly PolicyType: 'TargetTrackingScaling' | 'StepScaling';
  readonly TargetTrackingScalingPolicyConfiguration?: {
    readonly TargetValue: number;
    readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
    readonly CustomizedMetricSpecification?: {
      readonly MetricName: string;
      readonly Namespace: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      readonly Statistic: 'Average';
    };
    readonly ScaleOutCooldown: number;
    readonly ScaleInCooldown: number;
  };
  readonly StepScalingPolicyConfiguration?: {
    readonly AdjustmentType: 'ChangeInCapacity';
    readonly MetricAggregationType: 'Average';
    readonly Cooldown: number;
    readonly StepAdjustments: readonly {
      readonly MetricIntervalLowerBound: number;
      readonly ScalingAdjustment: number;
    }[];
  };
}

/** `PutMetricAlarm` of CloudWatch, without the action, which is the step policy's ARN. */
export interface ScalingAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: 'Average';
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold';
  readonly TreatMissingData: 'missing';
}

export interface Scaling {
  /** `RegisterScalableTarget`, namespace `sagemaker`. */
  readonly target: { readonly MinCapacity: number; readonly MaxCapacity: number; readonly ScalableDimension: string };
  readonly policies: readonly ScalingPolicy[];
  /** Starts the first instance where there is none: target tracking cannot, as no instance reports no load. */
  readonly alarm?: ScalingAlarm;
}

const COUNT = 'sagemaker:variant:DesiredInstanceCount';

/** How one variant of an endpoint scales; `undefined` where it does not. */
export function scalingOf(endpointName: string, options: EndpointOptions): Scaling | undefined {
  const { scaling } = options;
  if (scaling === undefined) return undefined;
  const hosting = options.hosting ?? DEFAULTS.hosting;
  const MinCapacity = minCapacityOf(hosting, scaling);
  const bounds = { MinCapacity, MaxCapacity: scaling.maxCapacity };
  const cooldowns = {
    ScaleOutCooldown: scaling.scaleOutCooldownSeconds ?? 300,
    ScaleInCooldown: scaling.scaleInCooldownSeconds ?? 600,
  };
  const predefined = (name: string, PredefinedMetricType: string, TargetValue: number): ScalingPolicy => ({
    PolicyName: `${endpointName}-${name}`,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue,
      PredefinedMetricSpecification: { PredefinedMetricType },
      ...cooldowns,
    },
  });
  if (hosting === 'serverless') {
    const share = (scaling.provisionedConcurrencyUtilizationPercent ?? 70) / 100;
    return {
      target: { ...bounds, ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency' },
      policies: [predefined('provisioned-concurrency', 'SageMakerVariantProvisionedConcurrencyUtilization', share)],
    };
  }
  const target = { ...bounds, ScalableDimension: COUNT };
  if (hosting === 'realtime')
    return {
      target,
      policies: [
        predefined('invocations', 'SageMakerVariantInvocationsPerInstance', scaling.invocationsPerInstance ?? 1000),
      ],
    };
  // https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
  const Dimensions = [{ Name: 'EndpointName', Value: endpointName }];
  const backlog: ScalingPolicy = {
    PolicyName: `${endpointName}-backlog`,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: scaling.backlogPerInstance ?? 5,
      CustomizedMetricSpecification: {
        MetricName: 'ApproximateBacklogSizePerInstance',
        Namespace: 'AWS/SageMaker',
        Dimensions,
        Statistic: 'Average',
      },
      ...cooldowns,
    },
  };
  if (MinCapacity !== 0) return { target, policies: [backlog] };
  const fromZero: ScalingPolicy = {
    PolicyName: `${endpointName}-from-zero`,
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      MetricAggregationType: 'Average',
      Cooldown: cooldowns.ScaleOutCooldown,
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  };
  return {
    target,
    policies: [backlog, fromZero],
    alarm: {
      AlarmName: `${endpointName}-backlog-without-capacity`,
      AlarmDescription: 'Requests wait and no instance runs; the action starts one',
      Namespace: 'AWS/SageMaker',
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions,
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'missing',
    },
  };
}
