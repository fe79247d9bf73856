// What AWS allows, as data and checks without cdktf.
export { executeCommandProblems, type ExecuteCommandOptions } from './cluster/execute-command-problems';
export {
  containerHealthCheck,
  containerOptions,
  sidecarOptions,
  type ContainerDependency,
  type ContainerHealthCheck,
  type ContainerPort,
  type ContainerProps,
  type ContainerUlimit,
  type SidecarProps,
} from './fargate-service/container-options';
export { checkFargateSize, FARGATE_SIZES } from './fargate-service/fargate-sizes';
export { secretService, type SecretSource } from './fargate-service/secret-options';
export {
  fargateServiceOptions,
  fargateServiceProblems,
  type DeploymentController,
  type FargateServiceOptions,
  type ServiceConnectPort,
} from './fargate-service/service-options';
export { taskOptions, taskProblems, type CpuArchitecture, type TaskOptions } from './fargate-service/task-options';
export {
  scalingOptions,
  scalingProblems,
  type ScalingOptions,
  type ScheduledCapacity,
} from './service-autoscaling/scaling-options';
