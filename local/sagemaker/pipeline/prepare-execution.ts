import { validateDefinition, type PipelineDefinition, type StepDefinition } from '@strata/sagemaker-pipeline';
import { existsSync } from 'node:fs';
import { LocalS3 } from '../local-s3';
import { paths } from '../settings';
import { ExecutionError } from './execution-error';
import { executionVariables, newExecutionId } from './execution-variables';
import type { LocalFunction } from './local-function';
import { parameterValues } from './parameters';
import { plan, refuseUnrunnable, type PlannedStep } from './plan';
import { NotYetKnown, resolveValue, type Scope } from './values';

/** What to run. */
export interface ExecutionProps {
  /** Name of the pipeline, for `Execution.PipelineName` and for its folder. */
  readonly name: string;
  /** A definition of version 2020-12-01, from any source. */
  readonly definition: unknown;
  /** Parameters, as text. @default the defaults */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Folder of the local SageMaker. */
  readonly directory: string;
  /** What relative paths in parameters start from. @default the current folder */
  readonly base?: string;
  /** By ARN, the functions that Lambda steps invoke. @default none */
  readonly functions?: ReadonlyMap<string, LocalFunction>;
}

/** What to run, checked; for `executePipeline`. */
export interface PreparedExecution {
  readonly name: string;
  readonly definition: PipelineDefinition;
  readonly plan: readonly PlannedStep[];
  readonly parameters: ReadonlyMap<string, string | number | boolean>;
  /** Folder of the local SageMaker. */
  readonly directory: string;
  readonly s3: LocalS3;
  /** By ARN, the functions that Lambda steps invoke. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
}

/**
 * Checks a definition and its parameters, as far as it can be done before anything runs.
 * @throws ExecutionError with everything that is wrong
 */
export function prepareExecution(props: ExecutionProps): PreparedExecution {
  const { name, directory, functions = new Map<string, LocalFunction>() } = props;
  const given = props.definition as { readonly Steps?: unknown };
  if (typeof given !== 'object' || given === null) throw new ExecutionError('the definition is not a JSON object');
  refuseUnrunnable(given, new Set(functions.keys()));
  try {
    validateDefinition(given, name);
  } catch (error) {
    throw new ExecutionError((error as Error).message);
  }
  const definition = given;
  const parameters = parameterValues(definition, props.parameters ?? new Map());
  const s3 = new LocalS3(paths(directory).s3, props.base);
  requireInputs(definition, {
    parameters,
    execution: executionVariables(name, newExecutionId(), new Date()),
    steps: new Map(),
    s3,
  });
  return { name, definition, plan: plan(definition.Steps), parameters, directory, s3, functions };
}

/**
 * Reports S3 inputs that are already known and missing: better now than after an hour of training. Branches are left
 * out: they may not run, and their inputs may still be created.
 */
function requireInputs(definition: PipelineDefinition, scope: Scope): void {
  const problems = definition.Steps.flatMap((step) =>
    inputUris(step).flatMap(([what, uri]) => {
      try {
        const value = String(resolveValue(uri, scope));
        const path = scope.s3.path(value);
        return existsSync(path)
          ? []
          : [`step "${step.Name}": ${what} is "${value}", and there is no ${path}${adviceOf(uri)}`];
      } catch (error) {
        return error instanceof NotYetKnown ? [] : [`step "${step.Name}": ${what}: ${(error as Error).message}`];
      }
    }),
  );
  if (problems.length > 0)
    throw new ExecutionError(
      `${problems.length} input${problems.length === 1 ? '' : 's'} cannot be ` +
        `found:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
}

function adviceOf(uri: unknown): string {
  const name = /^Parameters\.(.+)$/.exec((uri as { readonly Get?: string } | null)?.Get ?? '')?.[1];
  return name === undefined ? '' : `; name a folder by --parameter ${name}=…`;
}

function inputUris(step: StepDefinition): (readonly [string, unknown])[] {
  const { InputDataConfig = [], ProcessingInputs = [] } = step.Arguments as unknown as {
    readonly InputDataConfig?: readonly {
      readonly ChannelName?: string;
      readonly DataSource?: { readonly S3DataSource?: { readonly S3Uri?: unknown } };
    }[];
    readonly ProcessingInputs?: readonly {
      readonly InputName?: string;
      readonly S3Input?: { readonly S3Uri?: unknown };
    }[];
  };
  const channels =
    step.Type === 'Training'
      ? InputDataConfig.map(
          ({ ChannelName, DataSource }) => [`channel "${ChannelName}"`, DataSource?.S3DataSource?.S3Uri] as const,
        )
      : [];
  const inputs =
    step.Type === 'Processing'
      ? ProcessingInputs.map(({ InputName, S3Input }) => [`input "${InputName}"`, S3Input?.S3Uri] as const)
      : [];
  return [...channels, ...inputs].filter(([, uri]) => uri !== undefined);
}
