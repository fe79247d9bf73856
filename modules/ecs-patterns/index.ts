export * from './load-balanced-service';
export * from './service-alarms';
