export { ActionRole, type ActionRoleProps } from './action-role';
export { artifactStatements, type ArtifactStore } from './artifact-store';
export { BlueGreenDeployment, type BlueGreenDeploymentProps, type TrafficShift } from './blue-green-deployment';
export { ContainerPipeline } from './container-pipeline';
export { type ContainerPipelineProps } from './container-pipeline-props';
export {
  type BlueGreenEcsDeployment,
  type Deployment,
  type EcsDeployment,
  type EndpointDeployment,
  type RollingEcsDeployment,
  type SmokeTest,
  type WorkerDeployment,
} from './deployment';
export { PIPELINE_NAME } from './names';
export { PipelineRole, type PipelineRoleProps } from './pipeline-role';
