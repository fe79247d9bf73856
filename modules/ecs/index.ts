export * from './cluster';
export * from './fargate-service';
export * from './service-autoscaling';
export * from './deployed-image';
