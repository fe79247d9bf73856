/** A pipeline's definition is wrong. The message names the pipeline and, in each line, the step. */
export class PipelineDefinitionError extends Error {
  /** What is wrong, one entry each. */
  readonly errors: readonly string[];

  constructor(pipeline: string | undefined, errors: readonly string[]) {
    const which = pipeline === undefined ? 'the pipeline definition' : `pipeline "${pipeline}"`;
    super(
      errors.length === 1
        ? `${which}: ${errors[0]}`
        : `${which} has ${errors.length} problems:\n${errors.map((error) => `  - ${error}`).join('\n')}`,
    );
    this.name = 'PipelineDefinitionError';
    this.errors = errors;
  }
}
