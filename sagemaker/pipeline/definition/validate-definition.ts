import { checkGraph } from './check-graph';
import { checkStructure, type Finding } from './check-structure';
import type { PipelineDefinition } from './definition';
import { PipelineDefinitionError } from './pipeline-definition-error';

/**
 * Longest definition that CreatePipeline takes, in characters.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html
 */
const LONGEST_DEFINITION = 1_048_576;

/**
 * Checks any pipeline definition, wherever it comes from: its form, its names and its references.
 *
 * @param pipeline name of the pipeline, for the message
 * @throws PipelineDefinitionError naming everything that is wrong, by step
 */
export function validateDefinition(definition: unknown, pipeline?: string): asserts definition is PipelineDefinition {
  const findings = checkStructure(definition);
  if (findings.length > 0)
    throw new PipelineDefinitionError(
      pipeline,
      findings.map((finding) => describe(definition, finding)),
    );
  const valid = definition as PipelineDefinition;
  const problems = checkGraph(valid);
  const { length } = JSON.stringify(definition);
  const tooLong =
    length > LONGEST_DEFINITION
      ? [`it has ${length} characters, at most ${LONGEST_DEFINITION} are allowed; split the pipeline`]
      : [];
  if (problems.length + tooLong.length > 0) throw new PipelineDefinitionError(pipeline, [...problems, ...tooLong]);
}

/** A finding with its step's or parameter's name in front: `step "Train": Arguments.RoleArn: …`. */
function describe(definition: unknown, { path, message }: Finding): string {
  let value: unknown = definition;
  let rest: (string | number)[] = [];
  let owner = '';
  for (const [i, part] of path.entries()) {
    value = (value as Record<string | number, unknown> | undefined)?.[part];
    rest.push(part);
    const list = path[i - 1];
    const isStep = typeof part === 'number' && (list === 'Steps' || list === 'IfSteps' || list === 'ElseSteps');
    if (!isStep && !(typeof part === 'number' && list === 'Parameters' && i === 1)) continue;
    const { Name } = (value ?? {}) as { readonly Name?: unknown };
    owner =
      `${isStep ? 'step' : 'parameter'} ` +
      `${typeof Name === 'string' ? `"${Name}"` : `without a name (${spell(rest)})`}: `;
    rest = [];
  }
  return `${owner}${rest.length === 0 ? '' : `${spell(rest)}: `}${message}`;
}

function spell(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`)).join('');
}
