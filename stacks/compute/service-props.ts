import type { AwsAccount } from '@strata/core';
import type { LoadBalancedServiceProps } from '@strata/ecs-patterns';
import type { ModelEndpoint } from './model-endpoint';
import type { ServiceConfig } from './service-config';

type Props = Omit<
  LoadBalancedServiceProps,
  'name' | 'clusterName' | 'clusterArn' | 'vpcId' | 'privateSubnetIds' | 'image'
>;

/** What a service's configuration says, as the props of its construct. */
export function serviceProps(config: ServiceConfig, account: AwsAccount, endpoint: ModelEndpoint): Props {
  return {
    exposure: config.exposure,
    port: config.exposure === 'none' ? undefined : config.containerPort,
    healthCheckPath: config.exposure === 'none' ? undefined : config.healthCheckPath,
    cpu: config.cpu,
    memoryMiB: config.memoryMiB,
    cpuArchitecture: config.cpuArchitecture,
    ephemeralStorageGiB: config.ephemeralStorageGiB,
    secrets: config.secrets,
    command: config.command,
    user: config.user,
    readonlyRootFilesystem: config.enableExecuteCommand ? undefined : config.readonlyRootFilesystem,
    stopTimeoutSeconds: config.stopTimeoutSeconds,
    enableExecuteCommand: config.enableExecuteCommand,
    taskRoleName: config.taskRoleName,
    taskRoleStatements: [
      ...(config.modelEndpoint ? [{ actions: ['sagemaker:InvokeEndpoint'], resources: [endpoint.arn] }] : []),
      ...config.permissions.map(({ actions, resources }) => ({
        actions,
        resources: resources.map((resource) => interpolate(resource, account)),
      })),
    ],
    sidecars: config.sidecars.map(({ containerPort, ...sidecar }) => ({
      ...sidecar,
      ports: containerPort === undefined ? undefined : [{ containerPort }],
    })),
    ...scaling(config),
    ...capacity(config),
    ...exposure(config),
    alarms: config.alarms,
    deploymentController: config.deploymentController,
    testListenerPort: config.testListenerPort,
    testListenerAllowedCidrs: config.testListenerCidrs.length > 0 ? config.testListenerCidrs : undefined,
    // Under CodeDeploy the alarms go to the ci-cd layer, by contract.
    deploymentAlarms: config.deploymentController === 'ECS' && config.rollBackOnAlarms,
  };
}

function scaling(config: ServiceConfig): Partial<Props> {
  return {
    desiredCount: config.desiredCount,
    minCapacity: config.minCapacity,
    maxCapacity: config.maxCapacity,
    cpuTargetPercent: config.cpuTargetPercent,
    memoryTargetPercent: config.memoryTargetPercent,
    requestsPerTarget: config.requestsPerTarget,
    scaleInCooldownSeconds: config.scaleInCooldownSeconds,
    scaleOutCooldownSeconds: config.scaleOutCooldownSeconds,
    schedules: config.schedules,
  };
}

function capacity({ spotPercent, onDemandBase }: ServiceConfig): Partial<Props> {
  return spotPercent === 0 ? {} : { spotWeight: spotPercent, onDemandWeight: 100 - spotPercent, onDemandBase };
}

function exposure({ https, webAclArn, ingressCidrs, accessLogs }: ServiceConfig): Partial<Props> {
  const { certificateArn, domainName, hostedZoneId } = https ?? {};
  const name = domainName !== undefined && hostedZoneId !== undefined ? { domainName, hostedZoneId } : undefined;
  return {
    certificateArn,
    certificate: certificateArn === undefined ? name : undefined,
    record: name && { name: name.domainName, hostedZoneId: name.hostedZoneId },
    webAclArn,
    allowedCidrs: ingressCidrs,
    accessLogs: accessLogs ? true : undefined,
  };
}

/** Fills account, region and partition into an ARN that a configuration cannot know. */
function interpolate(resource: string, { accountId, region, partition }: AwsAccount): string {
  return resource
    .replaceAll('{account}', accountId)
    .replaceAll('{region}', region)
    .replaceAll('{partition}', partition);
}
