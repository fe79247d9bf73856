export { AwsError } from './aws-error';
export type { ContainerCommand } from './hosting/container';
export { LocalSageMaker, type LocalSageMakerProps } from './local-sagemaker';
export { LocalS3 } from './local-s3';
export { callInternal, type InternalOperations } from './internal-operations';
export { runningServer, ServerRunsError, type ServerRecord } from './server-record';
export { paths, type Settings } from './settings';
