import { DeregisterScalableTargetCommand, DescribeScalableTargetsCommand, PutScalingPolicyCommand, RegisterScalableTargetCommand, type ScalableTarget } from '@aws-sdk/client-application-auto-scaling';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { MAIN_VARIANT } from './plan';
import type { Run } from './run';

const NAMESPACE = 'sagemaker';
const resourceId = ({ settings }: Run): string => `endpoint/${settings.endpointName}/variant/${MAIN_VARIANT}`;

/** Registers the variant that serves for scaling, with its policies. What is registered already is brought up to date. */
export async function ensureAutoscaling(run: Run): Promise<void> {
  const { autoscaling } = run.settings.document;
  if (autoscaling === undefined) return;
  const { ScalableDimension, MinCapacity, MaxCapacity } = autoscaling.target;
  const target = { ServiceNamespace: NAMESPACE, ResourceId: resourceId(run), ScalableDimension } as const;
  await run.scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity, MaxCapacity }));
  let stepPolicyArn: string | undefined;
  for (const policy of autoscaling.policies) {
    const { PolicyARN } = await run.scaling.send(new PutScalingPolicyCommand({ ...policy, ...target }));
    if (policy.PolicyType === 'StepScaling') stepPolicyArn = PolicyARN;
  }
  if (autoscaling.alarm !== undefined && stepPolicyArn !== undefined) {
    await run.cloudwatch.send(new PutMetricAlarmCommand({ ...autoscaling.alarm, AlarmActions: [stepPolicyArn] }));
  }
}

/**
 * Takes away a registration that the new configuration cannot have, before the update: SageMaker refuses to change a variant's kind of capacity
 * while it is registered for scaling.
 */
export async function dropUnwantedAutoscaling(run: Run): Promise<void> {
  const wanted = run.settings.document.autoscaling?.target.ScalableDimension;
  for (const { ScalableDimension } of await registered(run)) {
    if (ScalableDimension === undefined || ScalableDimension === wanted) continue;
    await run.scaling.send(new DeregisterScalableTargetCommand({ ServiceNamespace: NAMESPACE, ResourceId: resourceId(run), ScalableDimension }));
    run.log('deregistered from scaling', { scalableDimension: ScalableDimension });
  }
}

async function registered(run: Run): Promise<readonly ScalableTarget[]> {
  try {
    const { ScalableTargets = [] } = await run.scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: NAMESPACE, ResourceIds: [resourceId(run)] }));
    return ScalableTargets;
  } catch (error) {
    // An endpoint that never scaled needs no such permission.
    if (run.settings.document.autoscaling === undefined && /AccessDenied/.test((error as Error).name)) return [];
    throw error;
  }
}
