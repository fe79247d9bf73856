import { cacheDefinition, type CacheConfig } from '../cache-config';
import { retryPolicyDefinition, type RetryPolicy } from '../retry-policy';
import type { StepType } from '../definition/definition';

export interface StepProps {
  /**
   * Steps that must have ended before this one begins, besides those that it refers to; by object or by name.
   * @default none
   */
  readonly dependsOn?: readonly (Step | string)[];
  /** Shown in Studio instead of the name. @default the name */
  readonly displayName?: string;
  /** Shown in Studio; at most 4096 characters. @default none */
  readonly description?: string;
}

/** A step that starts a job, which can fail for a reason that passes, and whose result can be kept. */
export interface JobStepProps extends StepProps {
  /** @default SageMaker's own: a fault or throttling of the service is retried */
  readonly retryPolicies?: readonly RetryPolicy[];
  /** @default the step runs each time */
  readonly cacheConfig?: CacheConfig;
}

/** One step of a pipeline. */
export abstract class Step {
  constructor(
    readonly name: string,
    readonly type: StepType,
    private readonly common: StepProps & Pick<JobStepProps, 'retryPolicies' | 'cacheConfig'>,
  ) {}

  /** The step's own part of the definition, with references still in it. */
  protected abstract body(): Record<string, unknown>;

  /** The step's entry in the definition, with references still in it. */
  entry(): Record<string, unknown> {
    const { dependsOn, displayName, description, retryPolicies, cacheConfig } = this.common;
    return {
      Name: this.name,
      Type: this.type,
      ...this.body(),
      ...(dependsOn === undefined || dependsOn.length === 0
        ? {}
        : { DependsOn: dependsOn.map((step) => (typeof step === 'string' ? step : step.name)) }),
      ...(displayName === undefined ? {} : { DisplayName: displayName }),
      ...(description === undefined ? {} : { Description: description }),
      ...(retryPolicies === undefined ? {} : { RetryPolicies: retryPolicies.map(retryPolicyDefinition) }),
      ...(cacheConfig === undefined ? {} : { CacheConfig: cacheDefinition(cacheConfig) }),
    };
  }
}
