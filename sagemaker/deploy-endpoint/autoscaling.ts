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

/** Scaling of the variant that serves, in Application Auto Scaling. */
export class Autoscaling {
  readonly #run: Run;
  readonly #target: { readonly ServiceNamespace: 'sagemaker'; readonly ResourceId: string };

  constructor(run: Run) {
    this.#run = run;
    this.#target = {
      ServiceNamespace: 'sagemaker',
      ResourceId: `endpoint/${run.settings.endpointName}/variant/${MAIN_VARIANT}`,
    };
  }

  /** Registers the variant with its policies and its alarm, or updates them. Nothing where the spec has no scaling. */
  async register(): Promise<void> {
    const { settings, scaling, cloudwatch } = this.#run;
    const { autoscaling } = settings.spec;
    if (autoscaling === undefined) return;
    const { ScalableDimension, MinCapacity, MaxCapacity } = autoscaling.target;
    const target = { ...this.#target, ScalableDimension };
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity, MaxCapacity }));
    let stepPolicyArn: string | undefined;
    for (const policy of autoscaling.policies) {
      const { PolicyARN } = await scaling.send(new PutScalingPolicyCommand({ ...policy, ...target }));
      if (policy.PolicyType === 'StepScaling') stepPolicyArn = PolicyARN;
    }
    if (autoscaling.alarm !== undefined && stepPolicyArn !== undefined)
      await cloudwatch.send(new PutMetricAlarmCommand({ ...autoscaling.alarm, AlarmActions: [stepPolicyArn] }));
  }

  /**
   * Deregisters the variant: SageMaker deletes no endpoint that is registered, and changes neither the kind nor the type
   * of its capacity. `register` registers it again.
   *
   * @param keep the dimension that stays registered
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
   */
  async deregister(keep?: string): Promise<void> {
    for (const { ScalableDimension } of await this.#registered()) {
      if (ScalableDimension === undefined || ScalableDimension === keep) continue;
      await this.#run.scaling.send(new DeregisterScalableTargetCommand({ ...this.#target, ScalableDimension }));
      this.#run.log('deregistered from scaling', { scalableDimension: ScalableDimension });
    }
  }

  async #registered(): Promise<readonly ScalableTarget[]> {
    const { ServiceNamespace, ResourceId } = this.#target;
    try {
      const { ScalableTargets = [] } = await this.#run.scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId] }),
      );
      return ScalableTargets;
    } catch (error) {
      if (this.#run.settings.spec.autoscaling !== undefined) throw error;
      // An endpoint that never scaled needs neither the permission nor the service. If it is registered after all,
      // SageMaker refuses the update and says so.
      return [];
    }
  }
}
