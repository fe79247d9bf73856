import type { PipelineDefinition } from '@strata/sagemaker-pipeline';
import { ExecutionError } from './execution-error';

export type ParameterValue = string | number | boolean;
type Declaration = NonNullable<PipelineDefinition['Parameters']>[number];

/**
 * The value of each parameter: what was given, as the declared type, or the default.
 *
 * @param given as text, the way a command line has it
 * @throws ExecutionError with everything that is wrong: names that are not declared, values of another type, values
 *   that are missing
 */
export function parameterValues(
  definition: PipelineDefinition,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, ParameterValue> {
  const declared = definition.Parameters ?? [];
  const problems: string[] = [];
  for (const name of given.keys()) {
    if (!declared.some(({ Name }) => Name === name))
      problems.push(
        `${name}: there is no such parameter; use ` +
          `${declared.map(({ Name }) => Name).join(', ') || 'none: the pipeline has no parameters'}`,
      );
  }
  const values = new Map<string, ParameterValue>();
  for (const parameter of declared) {
    const text = given.get(parameter.Name);
    if (text === undefined) {
      if (parameter.DefaultValue === undefined)
        problems.push(`${parameter.Name}: is missing and has no default; give it by --parameter ${parameter.Name}=…`);
      else values.set(parameter.Name, parameter.DefaultValue);
      continue;
    }
    const value = asType(text, parameter);
    if (value === undefined) problems.push(`${parameter.Name}: "${text}" is not ${EXPECTED[parameter.Type]}`);
    else if (parameter.EnumValues !== undefined && !parameter.EnumValues.includes(String(value)))
      problems.push(`${parameter.Name}: "${text}" is not allowed; use one of ${parameter.EnumValues.join(', ')}`);
    else values.set(parameter.Name, value);
  }
  if (problems.length > 0)
    throw new ExecutionError(
      `${problems.length} problem${problems.length === 1 ? '' : 's'} with the ` +
        `parameters:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  return values;
}

const EXPECTED: Readonly<Record<Declaration['Type'], string>> = {
  String: 'text (SageMaker takes no empty one)',
  Integer: 'a whole number',
  Float: 'a number',
  Boolean: 'true or false',
};

function asType(text: string, { Type }: Declaration): ParameterValue | undefined {
  switch (Type) {
    case 'String':
      return text === '' ? undefined : text;
    case 'Integer':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'Float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'Boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
    default:
      return undefined;
  }
}
