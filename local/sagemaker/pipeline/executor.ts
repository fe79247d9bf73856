import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { StepDefinition } from '@strata/sagemaker-pipeline';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../settings';
import { decide } from './conditions';
import { ExecutionError, StepFailure, Stopped } from './execution-error';
import { executionVariables, newExecutionId } from './execution-variables';
import { invokeLocally } from './local-function';
import { countSteps, type PlannedStep } from './plan';
import type { PreparedExecution } from './prepare-execution';
import type { Reporter } from './reporter';
import type { StepContext } from './step-context';
import { runLambda } from './steps/lambda';
import { runProcessing } from './steps/processing';
import { createModel, registerModel } from './steps/registry';
import { runTraining } from './steps/training';
import { resolveValue, type Plain, type Scope, type StepResult } from './values';

/** The resources that a run uses. */
export interface ExecutionEnvironment {
  /** Finds the Python of the jobs; called at the first job. */
  readonly python: () => Promise<string>;
  /** Address and client of the local SageMaker; called at the first step that needs it. */
  readonly sagemaker: () => Promise<{ readonly url: string; readonly client: SageMakerClient }>;
  readonly reporter: (totalSteps: number) => Reporter;
  readonly signal: AbortSignal;
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
 * Runs a prepared pipeline on this machine, step after step.
 * @returns how it ended; a failing step ends the run, and its error is the result's
 */
export async function executePipeline(
  prepared: PreparedExecution,
  environment: ExecutionEnvironment,
): Promise<ExecutionResult> {
  const id = newExecutionId();
  const started = new Date();
  const directory = join(
    paths(prepared.directory).executions,
    prepared.name,
    `${started.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${id}`,
  );
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'definition.json'), JSON.stringify(prepared.definition, null, 2));

  const execution = new Execution(prepared, environment, { id, started, directory });
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
    PipelineName: prepared.name,
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
    private readonly prepared: PreparedExecution,
    private readonly environment: ExecutionEnvironment,
    private readonly about: { readonly id: string; readonly started: Date; readonly directory: string },
  ) {
    this.#reporter = environment.reporter(countSteps(prepared.plan));
    this.scope = {
      parameters: prepared.parameters,
      execution: executionVariables(prepared.name, about.id, about.started),
      steps: this.results,
      s3: prepared.s3,
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
    if (this.environment.signal.aborted) throw new Stopped();
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
      const stopped = this.environment.signal.aborted;
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
    const { python, sagemaker, signal } = this.environment;
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
        return invokeLocally(this.prepared.functions.get(arn)!, event, { ...options, arn, sagemakerUrl: url, signal });
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
  // An error of this machine's file system or programs; its stack does not help the user.
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
