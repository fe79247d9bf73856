export {
  type ContainerDependency,
  type ContainerHealthCheck,
  type ContainerPort,
  type ContainerProps,
  type ContainerUlimit,
  type SidecarProps,
} from './container-options';
export { FargateService, type FargateServiceProps, type ServiceTargetGroup } from './fargate-service';
export type { DeploymentController, FargateServiceOptions, ServiceConnectPort } from './service-options';
export { checkFargateSize, FARGATE_SIZES } from './fargate-sizes';
export { FargateTaskDefinition, type FargateTaskDefinitionProps } from './fargate-task-definition';
export type { CpuArchitecture, TaskOptions } from './task-options';
export { CONTAINER_NAME, FAMILY_NAME, LOG_GROUP_NAME, PORT_NAME, SECURITY_GROUP_NAME, SERVICE_NAME } from './names';
export { type ParameterSource, type Secrets, type SecretsManagerSource, type SecretSource } from './secret-options';
export { ServiceSecurityGroup, type EgressPeer, type ServiceSecurityGroupProps } from './service-security-group';
