export { QueueAlarms, type QueueAlarmsProps } from './queue-alarms';
export {
  QueueProcessingService,
  type QueueAlarmOptions,
  type QueueProcessingServiceProps,
} from './queue-processing-service';
export { QueueScaling, type QueueScalingProps } from './queue-scaling';
export type { ScalingOptions } from './scaling-options';
