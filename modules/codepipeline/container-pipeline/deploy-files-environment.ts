import { Fn } from 'cdktf';
import { portText } from './action-statements';
import type { BlueGreenEcsDeployment } from './deployment';

/** What a project that writes the task definition and the AppSpec is told: `deployFilesVariables` of buildspec. */
export function deployFilesEnvironment(deployment: BlueGreenEcsDeployment): Record<string, string> {
  const { network } = deployment;
  return {
    CONTAINER_NAME: deployment.containerName,
    CONTAINER_PORT: portText(deployment.containerPort),
    TASK_DEFINITION_FAMILY: deployment.taskDefinitionFamily,
    ...(network !== undefined && {
      SUBNET_IDS: Fn.join(',', [...network.subnetIds]),
      SECURITY_GROUP_IDS: Fn.join(',', [...network.securityGroupIds]),
      ASSIGN_PUBLIC_IP: network.assignPublicIp,
      PLATFORM_VERSION: network.platformVersion,
    }),
  };
}
