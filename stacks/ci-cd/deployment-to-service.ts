import type { EcsDeployment, SmokeTest } from '@strata/codepipeline';
import type { ComputeReadings } from './compute-readings';
import type { FurtherEnvironment, ServicePipelineConfig } from './pipeline-config';

type Steps =
  | Pick<ServicePipelineConfig, 'deployment' | 'approval' | 'approvalMessage' | 'smokeTest' | 'rollBackOnFailure'>
  | FurtherEnvironment;

/** A deployment to a service, from what its compute layer says of it. */
export function deploymentToService(
  compute: ComputeReadings,
  service: string,
  environment: string,
  steps: Steps,
): EcsDeployment {
  const {
    serviceName,
    containerName,
    containerPort,
    taskDefinitionFamily,
    imageParameterName,
    executionRoleArn,
    taskRoleArn,
  } = compute.services.get(service);
  const { deployment, approval, approvalMessage, smokeTest, rollBackOnFailure } = steps;
  const shared = {
    name: environment,
    approval,
    approvalMessage,
    rollBackOnFailure,
    clusterName: compute.clusterName,
    serviceName,
    containerName,
    taskDefinitionFamily,
    imageParameterName,
    executionRoleArn,
    taskRoleArn,
    smokeTest: smokeTest === undefined ? undefined : smokeTestOf(compute, service, smokeTest),
  };
  if (deployment.type === 'rolling') return { ...shared, type: 'rolling', timeoutMinutes: deployment.timeoutMinutes };
  const shift = compute.blueGreen.get(service);
  return {
    ...shared,
    type: 'blue-green',
    containerPort,
    network: compute.taskNetworks.get(service),
    listenerArn: shift.listenerArn,
    testListenerArn: deployment.testListener ? shift.testListenerArn : undefined,
    targetGroupName: shift.targetGroupName,
    greenTargetGroupName: shift.greenTargetGroupName,
    alarmNames: deployment.rollBackOnAlarms ? shift.alarmNames : undefined,
    trafficShift: deployment.trafficShift,
    terminationWaitMinutes: deployment.terminationWaitMinutes,
    lifecycleHooks: deployment.lifecycleHooks,
  };
}

function smokeTestOf(
  compute: ComputeReadings,
  deployed: string,
  { path, service, url, ...options }: NonNullable<Steps['smokeTest']>,
): SmokeTest {
  return { ...options, url: `${url ?? compute.services.get(service ?? deployed).url}${path}` };
}
