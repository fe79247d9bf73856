export * from './load-balanced-service';
export * from './service-alarms';
export * from './queue-processing-service';
