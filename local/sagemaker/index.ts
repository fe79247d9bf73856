export { AwsError } from './aws-error';
export type { ContainerCommand } from './hosting/container';
export { LocalSageMaker, type LocalSageMakerProps } from './local-sagemaker';
export { LocalS3 } from './local-s3';
export { callOwn, type OwnOperations } from './internal-operations';
export { runningServer, ServerRunsError, type ServerRecord } from './server-record';
export { places, type Settings } from './settings';
