export { ServiceAutoscaling, type ServiceAutoscalingProps } from './service-autoscaling';
export type { ScalingOptions, ScheduledCapacity } from './scaling-options';
