export { type SagemakerRoleProps } from './common-props';
export { deployStatements, type DeployStatementsProps } from './deploy-statements';
export { SagemakerHostingRole, type SagemakerHostingRoleProps } from './hosting-role';
export { type S3Location } from './location';
export { SagemakerPipelineRole, type SagemakerPipelineRoleProps } from './pipeline-role';
export { SagemakerStudioRole, type SagemakerStudioRoleProps } from './studio-role';
export { SagemakerTrainingRole, type SagemakerTrainingRoleProps } from './training-role';
