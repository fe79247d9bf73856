export { ServiceAutoscaling, type ScheduledCapacity, type ServiceAutoscalingProps } from './service-autoscaling';
