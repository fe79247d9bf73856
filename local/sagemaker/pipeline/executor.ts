import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { validateDefinition, type PipelineDefinition, type StepDefinition } from '@strata/sagemaker-pipeline';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sagemakerArn } from '../account';
import { LocalS3 } from '../local-s3';
import { paths } from '../settings';
import { decide } from './conditions';
import { ExecutionError, StepFailure, Stopped } from './execution-error';
import { invokeLocally, type LocalFunction } from './local-function';
import { parameterValues } from './parameters';
import { countSteps, plan, refuseUnrunnable, type PlannedStep } from './plan';
import type { Reporter } from './reporter';
import type { StepContext } from './step-context';
import { runLambda } from './steps/lambda';
import { runProcessing } from './steps/processing';
import { createModel, registerModel } from './steps/registry';
import { runTraining } from './steps/training';
import { NotYetKnown, resolveValue, type Plain, type Scope, type StepResult } from './values';

export interface ExecutionProps {
  /** Name of the pipeline, for `Execution.PipelineName` and for its folder. */
  readonly name: string;
  /** A definition of version 2020-12-01, from wherever. */
  readonly definition: unknown;
  /** Parameters, as text. @default the defaults */
  readonly parameters?: ReadonlyMap<string, string>;
  /** Folder of the local SageMaker. */
  readonly directory: string;
  /** What relative paths in parameters start from. @default the current folder */
  readonly base?: string;
  /** By ARN, the functions that Lambda steps invoke. @default none */
  readonly functions?: ReadonlyMap<string, LocalFunction>;
  /** Finds the Python of the jobs; asked at the first job. */
  readonly python: () => Promise<string>;
  /** Address and client of the local SageMaker; asked at the first step that needs it. */
  readonly sagemaker: () => Promise<{ readonly url: string; readonly client: SageMakerClient }>;
  readonly reporter: (totalSteps: number) => Reporter;
  readonly signal: AbortSignal;
}

export interface PreparedExecution {
  readonly definition: PipelineDefinition;
  readonly plan: readonly PlannedStep[];
  readonly parameters: ReadonlyMap<string, string | number | boolean>;
}

export type StepState = 'Succeeded' | 'Failed' | 'Stopped' | 'Skipped';

export interface ExecutionResult {
  readonly id: string;
  /** The run's folder: logs and folders of each step, and `execution.json`. */
  readonly directory: string;
  readonly steps: readonly {
    readonly name: string;
    readonly type: string;
    readonly state: StepState;
    readonly milliseconds: number;
    readonly note?: string;
  }[];
  /** Undefined when the run succeeded. */
  readonly failure?: ExecutionError;
  /** By step. */
  readonly results: ReadonlyMap<string, StepResult>;
}

/**
 * Checks a definition and its parameters, as far as it can be done before anything runs.
 * @throws ExecutionError with everything that is wrong
 */
export function prepareExecution(
  props: Pick<ExecutionProps, 'name' | 'definition' | 'parameters' | 'functions' | 'directory' | 'base'>,
): PreparedExecution {
  const given = props.definition as { readonly Steps?: unknown };
  if (typeof given !== 'object' || given === null) throw new ExecutionError('the definition is no JSON object');
  refuseUnrunnable(given, new Set(props.functions?.keys()));
  try {
    validateDefinition(given, props.name);
  } catch (error) {
    throw new ExecutionError((error as Error).message);
  }
  const definition = given;
  const parameters = parameterValues(definition, props.parameters ?? new Map());
  requireInputs(definition, {
    parameters,
    execution: executionVariables(props.name, newId(), new Date()),
    steps: new Map(),
    s3: new LocalS3(paths(props.directory).s3, props.base),
  });
  return { definition, plan: plan(definition.Steps), parameters };
}

/**
 * Inputs of S3 that are known already and are not there: better said now than after an hour of training. Branches may
 * not run, and may be given later.
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

/**
 * Runs a pipeline definition on this machine, step after step.
 * @returns how it ended; a failing step ends the run, and its error is the result's
 * @throws ExecutionError when the definition or its parameters are wrong; nothing has run then
 */
export async function executePipeline(props: ExecutionProps): Promise<ExecutionResult> {
  const prepared = prepareExecution(props);
  const id = newId();
  const started = new Date();
  const directory = join(
    paths(props.directory).executions,
    props.name,
    `${started.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${id}`,
  );
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'definition.json'), JSON.stringify(prepared.definition, null, 2));

  const execution = new Execution(props, prepared, { id, started, directory });
  let failure: ExecutionError | undefined;
  try {
    await execution.run(prepared.plan);
  } catch (error) {
    if (!(error instanceof ExecutionError)) throw error;
    failure = error;
  }
  const result: ExecutionResult = {
    id,
    directory,
    steps: execution.finished(prepared.plan),
    failure,
    results: execution.results,
  };
  const record = {
    PipelineName: props.name,
    PipelineExecutionArn: execution.scope.execution['PipelineExecutionArn'],
    PipelineExecutionStatus: failure === undefined ? 'Succeeded' : failure instanceof Stopped ? 'Stopped' : 'Failed',
    FailureReason: failure?.message,
    Parameters: Object.fromEntries(prepared.parameters),
    StartTime: started.toISOString(),
    EndTime: new Date().toISOString(),
    Steps: result.steps.map((step) => ({ ...step, properties: execution.results.get(step.name)?.properties })),
  };
  writeFileSync(join(directory, 'execution.json'), `${JSON.stringify(record, null, 2)}\n`);
  return result;
}

/** As SageMaker's: twelve characters. */
function newId(): string {
  return Array.from({ length: 12 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('');
}

function executionVariables(name: string, id: string, started: Date): Record<string, string> {
  const pipelineArn = sagemakerArn(`pipeline/${name}`);
  return {
    PipelineName: name,
    PipelineArn: pipelineArn,
    PipelineExecutionId: id,
    PipelineExecutionArn: `${pipelineArn}/execution/${id}`,
    StartDateTime: started.toISOString(),
    CurrentDateTime: started.toISOString(),
  };
}

const RUNNERS: Readonly<Record<string, (context: StepContext) => Promise<StepResult>>> = {
  Training: runTraining,
  Processing: runProcessing,
  RegisterModel: registerModel,
  Model: createModel,
  Lambda: runLambda,
};

class Execution {
  readonly results = new Map<string, StepResult>();
  readonly scope: Scope;
  readonly #ended: ExecutionResult['steps'][number][] = [];
  readonly #reporter: Reporter;
  #number = 0;

  constructor(
    private readonly props: ExecutionProps,
    prepared: PreparedExecution,
    private readonly about: { readonly id: string; readonly started: Date; readonly directory: string },
  ) {
    this.#reporter = props.reporter(countSteps(prepared.plan));
    this.scope = {
      parameters: prepared.parameters,
      execution: executionVariables(props.name, about.id, about.started),
      steps: this.results,
      s3: new LocalS3(paths(props.directory).s3, props.base),
    };
  }

  async run(planned: readonly PlannedStep[]): Promise<void> {
    for (const entry of planned) await this.#runStep(entry);
  }

  /** Every step with how it ended; those that never began are Skipped. */
  finished(planned: readonly PlannedStep[]): ExecutionResult['steps'] {
    return planned.flatMap(({ step, ifSteps, elseSteps }) => [
      this.#ended.find(({ name }) => name === step.Name) ?? {
        name: step.Name,
        type: step.Type,
        state: 'Skipped' as const,
        milliseconds: 0,
      },
      ...this.finished(ifSteps),
      ...this.finished(elseSteps),
    ]);
  }

  async #runStep(planned: PlannedStep): Promise<void> {
    if (this.props.signal.aborted) throw new Stopped();
    const { step } = planned;
    const number = (this.#number += 1);
    const began = Date.now();
    this.#reporter.begins(number, step.Name, step.Type);
    const end = (state: StepState, note?: string): void => {
      const milliseconds = Date.now() - began;
      this.#ended.push({
        name: step.Name,
        type: step.Type,
        state,
        milliseconds,
        ...(note === undefined ? {} : { note }),
      });
      this.#reporter.ends(
        number,
        step.Name,
        `${state.toLowerCase()}${note === undefined ? '' : `: ${note}`}`,
        milliseconds,
      );
    };
    let branch: readonly PlannedStep[] = [];
    try {
      if (step.Type === 'Condition') {
        const { holds, text } = decide(
          (step.Arguments as { readonly Conditions?: readonly unknown[] }).Conditions ?? [],
          this.scope,
        );
        branch = holds ? planned.ifSteps : planned.elseSteps;
        this.results.set(step.Name, { properties: { Outcome: holds ? 'true' : 'false' }, propertyFiles: new Map() });
        end('Succeeded', `${text} is ${holds}`);
      } else if (step.Type === 'Fail') {
        throw new StepFailure(
          step.Name,
          String(
            resolveValue(
              (step.Arguments as { readonly ErrorMessage?: unknown }).ErrorMessage ??
                `step "${step.Name}" ends the run`,
              this.scope,
            ),
          ),
        );
      } else {
        const result = await this.#runJob(step);
        this.results.set(step.Name, result);
        end('Succeeded', noteOf(step, result));
      }
    } catch (error) {
      const stopped = this.props.signal.aborted;
      end(stopped ? 'Stopped' : 'Failed');
      if (stopped) throw new Stopped();
      throw error instanceof ExecutionError && !(error instanceof StepFailure)
        ? new StepFailure(step.Name, `step "${step.Name}": ${error.message}`)
        : asFailure(step, error);
    }
    await this.run(branch);
  }

  async #runJob(step: StepDefinition): Promise<StepResult> {
    const directory = join(this.about.directory, step.Name);
    mkdirSync(directory, { recursive: true });
    const resolved = resolveValue(step.Arguments, this.scope) as Record<string, Plain>;
    const { functions = new Map<string, LocalFunction>(), python, sagemaker, signal } = this.props;
    const context: StepContext = {
      step,
      arguments: resolved,
      directory,
      executionId: this.about.id,
      s3: this.scope.s3,
      sagemaker: async () => (await sagemaker()).client,
      python,
      invokeFunction: async (arn, event, options) => {
        const { url } = await sagemaker();
        return invokeLocally(functions.get(arn)!, event, { ...options, arn, sagemakerUrl: url, signal });
      },
      onLine: (line) => this.#reporter.line(line),
      onBar: this.#reporter.bar,
      signal,
    };
    return RUNNERS[step.Type]!(context);
  }
}

function asFailure(step: StepDefinition, error: unknown): Error {
  if (error instanceof ExecutionError) return error;
  // A file system or a program of this machine that does not play along; the stack says nothing to who runs a pipeline.
  return error instanceof Error && 'code' in error
    ? new StepFailure(step.Name, `step "${step.Name}": ${error.message}`)
    : (error as Error);
}

/** What is worth reading of a result, in one line. */
function noteOf(step: StepDefinition, { properties }: StepResult): string | undefined {
  if (step.Type === 'RegisterModel')
    return `${String(properties['ModelPackageArn'])}, ${String(properties['ModelApprovalStatus'])}`;
  if (step.Type === 'Model') return String(properties['ModelName']);
  if (step.Type === 'Lambda')
    return (
      Object.entries(properties['OutputParameters'] ?? {})
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ') || undefined
    );
  return undefined;
}
