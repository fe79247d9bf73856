import type { ParameterDeclaration } from '../parameters';

/**
 * Version of the definition's schema.
 * @see https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
 */
export const DEFINITION_VERSION = '2020-12-01';

/** The types of steps that this library makes and checks. */
export const STEP_TYPES = [
  'Training',
  'Processing',
  'Transform',
  'Tuning',
  'Model',
  'RegisterModel',
  'Lambda',
  'Condition',
  'Fail',
] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One step as JSON; what its `Arguments` hold depends on its type. */
export interface StepDefinition {
  readonly Name: string;
  readonly Type: StepType;
  readonly Arguments: { readonly [key: string]: Json };
  readonly DependsOn?: readonly string[];
  readonly DisplayName?: string;
  readonly Description?: string;
  readonly RetryPolicies?: readonly { readonly [key: string]: Json }[];
  readonly CacheConfig?: { readonly Enabled: boolean; readonly ExpireAfter?: string };
  /** Processing steps only. */
  readonly PropertyFiles?: readonly {
    readonly PropertyFileName: string;
    readonly OutputName: string;
    readonly FilePath: string;
  }[];
  /** Lambda steps only. */
  readonly FunctionArn?: Json;
  /** Lambda steps only. */
  readonly OutputParameters?: readonly { readonly OutputName: string; readonly OutputType: string }[];
}

/** A pipeline definition, as CreatePipeline takes it (as text). */
export interface PipelineDefinition {
  readonly Version: typeof DEFINITION_VERSION;
  readonly Metadata?: { readonly [key: string]: string };
  readonly Parameters?: readonly ParameterDeclaration[];
  readonly PipelineExperimentConfig?: { readonly ExperimentName: Json; readonly TrialName: Json };
  readonly Steps: readonly StepDefinition[];
}

/** The steps of a condition's branch. */
export function branch(step: StepDefinition, name: 'IfSteps' | 'ElseSteps'): readonly StepDefinition[] {
  const steps = step.Type === 'Condition' ? step.Arguments?.[name] : undefined;
  return Array.isArray(steps) ? (steps as unknown as readonly StepDefinition[]) : [];
}
