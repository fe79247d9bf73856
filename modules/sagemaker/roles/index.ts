export { type SageMakerRoleProps } from './common-props';
export { deployStatements, type DeployStatementsProps } from './deploy-statements';
export { SageMakerHostingRole, type SageMakerHostingRoleProps } from './hosting-role';
export { type S3Location } from './location';
export { SageMakerPipelineRole, type SageMakerPipelineRoleProps } from './pipeline-role';
export { SageMakerStudioRole, type SageMakerStudioRoleProps } from './studio-role';
export { SageMakerTrainingRole, type SageMakerTrainingRoleProps } from './training-role';
