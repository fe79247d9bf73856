export {
  type ContainerDependency,
  type ContainerHealthCheck,
  type ContainerPort,
  type ContainerProps,
  type ContainerUlimit,
  type SidecarProps,
} from './container';
export {
  FargateService,
  type DeploymentController,
  type FargateServiceProps,
  type ServiceConnectPort,
  type ServiceTargetGroup,
} from './fargate-service';
export { checkFargateSize, FARGATE_SIZES } from './fargate-sizes';
export {
  FargateTaskDefinition,
  type CpuArchitecture,
  type FargateTaskDefinitionProps,
} from './fargate-task-definition';
export { CONTAINER_NAME, FAMILY_NAME, LOG_GROUP_NAME, PORT_NAME, SECURITY_GROUP_NAME, SERVICE_NAME } from './names';
export { type ParameterSource, type Secrets, type SecretsManagerSource, type SecretSource } from './secrets';
export { ServiceSecurityGroup, type EgressPeer, type ServiceSecurityGroupProps } from './service-security-group';
