export { deploymentConfigOf, type CapacitySize, type DeploymentConfig } from './deployment-config';
export { EndpointAlarms, type EndpointAlarmSettings, type EndpointAlarmsProps } from './endpoint-alarms';
export { endpointConfigOf, type EndpointSpec, type VariantShape } from './endpoint-spec';
export {
  DEFAULT_VARIANT_NAME,
  type EndpointOptions,
  type EndpointProblem,
  type EndpointScaling,
  type HostingKind,
  type UpdateStrategy,
} from './endpoint-options';
export { endpointProblems, HOSTING_KINDS, SERVERLESS_MEMORY_SIZES_MIB, UPDATE_STRATEGIES } from './endpoint-rules';
export { scalingOf, type Scaling, type ScalingAlarm, type ScalingPolicy } from './endpoint-scaling';
export { rolloutProblems, type Rollout } from './rollout';
export { SageMakerEndpoint, type EndpointVariant, type SageMakerEndpointProps } from './sagemaker-endpoint';
