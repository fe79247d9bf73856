export { QueueProcessingService, type QueueProcessingServiceProps } from './queue-processing-service';
export { QueueScaling, type QueueScalingProps } from './queue-scaling';
