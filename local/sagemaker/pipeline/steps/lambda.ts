import { join } from 'node:path';
import { StepFailure, Stopped } from '../execution-error';
import type { StepContext } from '../step-context';
import type { Plain, StepResult } from '../values';

const TYPES: Readonly<Record<string, (value: Plain) => boolean>> = {
  String: (value) => typeof value === 'string',
  Integer: (value) => Number.isInteger(value),
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
};

/**
 * Invokes a function with the step's arguments as its event, and reads the outputs that the step declares from its
 * answer.
 */
export async function runLambda(context: StepContext): Promise<StepResult> {
  const { step } = context;
  let answer: Plain;
  try {
    answer = await context.invokeFunction(String(step.FunctionArn), context.arguments, {
      logFile: join(context.directory, 'log.txt'),
      onLine: context.onLine,
    });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    throw new StepFailure(step.Name, `step "${step.Name}": the function failed: ${(error as Error).message}`);
  }
  const given =
    typeof answer === 'object' && answer !== null && !Array.isArray(answer)
      ? (answer as { readonly [key: string]: Plain })
      : {};
  const outputs: Record<string, Plain> = {};
  for (const { OutputName, OutputType } of step.OutputParameters ?? []) {
    const value = given[OutputName];
    if (value === undefined || TYPES[OutputType]?.(value) !== true) {
      throw new StepFailure(
        step.Name,
        `step "${step.Name}": the function answered ${JSON.stringify(answer)}; its output "${OutputName}" ` +
          `should be of type ${OutputType}`,
      );
    }
    outputs[OutputName] = value;
  }
  return { properties: { OutputParameters: outputs }, propertyFiles: new Map() };
}
