import { DEFINITION_VERSION, type Json, type PipelineDefinition } from './definition/definition';
import { PipelineDefinitionError } from './definition/pipeline-definition-error';
import { validateDefinition } from './definition/validate-definition';
import { executionVariables, isReference, type Primitive, type Value } from './expressions';
import type { Parameter } from './parameters';
import type { Step } from './steps/step';

export interface ExperimentConfig {
  readonly experimentName: Value<string>;
  readonly trialName: Value<string>;
}

export interface PipelineProps {
  /** @default none */
  readonly parameters?: readonly Parameter<Primitive>[];
  /** In any order: what a step refers to runs before it. Steps of a condition's branches are not repeated here. */
  readonly steps: readonly Step[];
  /**
   * The experiment and trial that each execution's jobs are listed under; `false` for none.
   * @default the pipeline's name, and the execution's id
   */
  readonly experimentConfig?: ExperimentConfig | false;
  /** Notes in the definition itself, by key. @default none */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A SageMaker pipeline as data. */
export class Pipeline {
  /**
   * @param name 1 to 256 letters, digits and hyphens, as CreatePipeline takes it
   * @throws PipelineDefinitionError when the name is none
   */
  constructor(
    readonly name: string,
    private readonly props: PipelineProps,
  ) {
    // A token of cdktf is checked by AWS, when it is known.
    if (!name.includes('${') && !/^[A-Za-z0-9](-*[A-Za-z0-9]){0,255}$/.test(name)) {
      throw new PipelineDefinitionError(name, [
        'it is not a valid pipeline name; use 1 to 256 letters, digits and hyphens, beginning and ending with a ' +
          'letter or digit',
      ]);
    }
  }

  /**
   * The definition as plain JSON, which `JSON.stringify` turns into what CreatePipeline takes. Values that hold tokens
   * of cdktf stay as they are.
   *
   * @throws PipelineDefinitionError naming everything that is wrong, by step
   */
  toDefinition(): PipelineDefinition {
    const { parameters = [], steps, experimentConfig, metadata } = this.props;
    const experiment = experimentConfig ?? {
      experimentName: executionVariables.PipelineName,
      trialName: executionVariables.PipelineExecutionId,
    };
    const definition = render({
      Version: DEFINITION_VERSION,
      ...(metadata === undefined ? {} : { Metadata: metadata }),
      Parameters: parameters.map(({ declaration }) => declaration),
      ...(experiment === false
        ? {}
        : { PipelineExperimentConfig: { ExperimentName: experiment.experimentName, TrialName: experiment.trialName } }),
      Steps: steps.map((step) => step.entry()),
    });
    validateDefinition(definition, this.name);
    return definition;
  }
}

/** Writes references out and leaves out what is undefined. */
function render(value: unknown): Json {
  if (isReference(value)) return value.toJSON() as Json;
  if (Array.isArray(value)) return value.map(render);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, render(inner)]),
  );
}
