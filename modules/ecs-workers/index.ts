export * from './queue-processing-service';
