import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { MAIN_VARIANT } from './plan';
import type { Run } from './run';

const NAMESPACE = 'sagemaker';
const resourceId = ({ settings }: Run): string => `endpoint/${settings.endpointName}/variant/${MAIN_VARIANT}`;

/**
 * Registers the variant that serves for scaling, with its policies. What is registered already is brought up to date.
 */
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
 * Takes the variant's registration for scaling away: SageMaker deletes no endpoint that has one, and changes neither
 * kind nor type of its capacity. `ensureAutoscaling` registers it again.
 *
 * @param keep the dimension whose registration stays
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 */
export async function dropAutoscaling(run: Run, keep?: string): Promise<void> {
  for (const { ScalableDimension } of await registered(run)) {
    if (ScalableDimension === undefined || ScalableDimension === keep) continue;
    await run.scaling.send(
      new DeregisterScalableTargetCommand({
        ServiceNamespace: NAMESPACE,
        ResourceId: resourceId(run),
        ScalableDimension,
      }),
    );
    run.log('deregistered from scaling', { scalableDimension: ScalableDimension });
  }
}

async function registered(run: Run): Promise<readonly ScalableTarget[]> {
  try {
    const { ScalableTargets = [] } = await run.scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: NAMESPACE, ResourceIds: [resourceId(run)] }),
    );
    return ScalableTargets;
  } catch (error) {
    if (run.settings.document.autoscaling !== undefined) throw error;
    // An endpoint that never scaled needs neither the permission nor the service; were it registered after all,
    // SageMaker would refuse the update and say so.
    return [];
  }
}
