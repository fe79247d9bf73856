import { DEFAULTS, updateWaitSecondsOf, type EndpointOptions } from './endpoint-options';

/** Part of the instances, as `CapacitySize` in the Amazon SageMaker API reference. */
export interface CapacitySize {
  readonly Type: 'CAPACITY_PERCENT';
  readonly Value: number;
}

/** `DeploymentConfig` of `UpdateEndpoint`. */
export interface DeploymentConfig {
  readonly BlueGreenUpdatePolicy?: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
      readonly WaitIntervalInSeconds: number;
      readonly CanarySize?: CapacitySize;
      readonly LinearStepSize?: CapacitySize;
    };
    readonly TerminationWaitInSeconds: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly RollingUpdatePolicy?: {
    readonly MaximumBatchSize: CapacitySize;
    readonly WaitIntervalInSeconds: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly AutoRollbackConfiguration?: { readonly Alarms: readonly { readonly AlarmName: string }[] };
}

/** How an endpoint is updated; `undefined` for a serverless one, which SageMaker updates in its own way. */
export function deploymentConfigOf(options: EndpointOptions): DeploymentConfig | undefined {
  if ((options.hosting ?? DEFAULTS.hosting) === 'serverless') return undefined;
  const strategy = options.updateStrategy ?? 'all-at-once';
  const size: CapacitySize = {
    Type: 'CAPACITY_PERCENT',
    Value: options.updateStepPercent ?? DEFAULTS.updateStepPercent[strategy],
  };
  const WaitIntervalInSeconds = updateWaitSecondsOf(options);
  const timeout =
    options.updateTimeoutSeconds === undefined
      ? {}
      : { MaximumExecutionTimeoutInSeconds: options.updateTimeoutSeconds };
  const { rollbackAlarmNames } = options;
  const rollback =
    rollbackAlarmNames === undefined
      ? {}
      : { AutoRollbackConfiguration: { Alarms: rollbackAlarmNames.map((AlarmName) => ({ AlarmName })) } };
  if (strategy === 'rolling')
    return { RollingUpdatePolicy: { MaximumBatchSize: size, WaitIntervalInSeconds, ...timeout }, ...rollback };
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: strategy === 'canary' ? 'CANARY' : strategy === 'linear' ? 'LINEAR' : 'ALL_AT_ONCE',
        WaitIntervalInSeconds,
        ...(strategy === 'canary' && { CanarySize: size }),
        ...(strategy === 'linear' && { LinearStepSize: size }),
      },
      TerminationWaitInSeconds: options.terminationWaitSeconds ?? 0,
      ...timeout,
    },
    ...rollback,
  };
}
