import { cpSync, existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { account, sagemakerArn } from '../../account';
import { StepFailure } from '../execution-error';
import { runJob } from '../job-process';
import { jobEnvironment, relocate } from '../machine';
import { jobFailure, jobName, type StepContext } from '../step-context';
import type { Plain, StepResult } from '../values';

interface ProcessingArguments {
  readonly AppSpecification: {
    readonly ContainerEntrypoint: readonly string[];
    readonly ContainerArguments?: readonly string[];
  };
  readonly ProcessingInputs?: readonly {
    readonly InputName: string;
    readonly S3Input: { readonly S3Uri: string; readonly LocalPath: string };
  }[];
  readonly ProcessingOutputConfig?: {
    readonly Outputs: readonly {
      readonly OutputName: string;
      readonly S3Output: { readonly S3Uri: string; readonly LocalPath: string };
    }[];
  };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number };
}

/** Runs a processing job: inputs where its arguments expect them, its own command, outputs to where they belong. */
export async function runProcessing(context: StepContext): Promise<StepResult> {
  const request = context.arguments as unknown as ProcessingArguments;
  const ml = join(context.directory, 'ml');
  const inputs = request.ProcessingInputs ?? [];
  const outputs = request.ProcessingOutputConfig?.Outputs ?? [];
  for (const { InputName, S3Input } of inputs)
    provide(
      context,
      `input "${InputName}"`,
      S3Input,
      ml,
      inputs.map((input) => input.S3Input.LocalPath),
    );
  for (const { S3Output } of outputs) mkdirSync(inside(context, S3Output.LocalPath, ml), { recursive: true });

  const python = await context.python();
  const [program = 'python3', ...entry] = request.AppSpecification.ContainerEntrypoint;
  const words = [...entry, ...(request.AppSpecification.ContainerArguments ?? [])].map((word) => relocate(word, ml));
  const variables = Object.fromEntries(
    Object.entries(request.Environment ?? {}).map(([name, value]) => [name, relocate(value, ml)]),
  );
  const logFile = join(context.directory, 'log.txt');
  const end = await runJob({
    program: /^python/.test(program) ? python : program,
    arguments: words,
    directory: ml,
    environment: jobEnvironment(python, { AWS_REGION: account.region, ...variables }),
    logFile,
    onLine: context.onLine,
    onBar: context.onBar,
    signal: context.signal,
  });
  if (end.code !== 0) throw jobFailure(context, end, logFile);
  for (const { S3Output } of outputs) {
    const target = context.s3.path(S3Output.S3Uri);
    mkdirSync(target, { recursive: true });
    cpSync(inside(context, S3Output.LocalPath, ml), target, { recursive: true });
  }

  const files = (context.step.PropertyFiles ?? []).map(({ PropertyFileName, OutputName, FilePath }) => {
    const output = outputs.find((candidate) => candidate.OutputName === OutputName);
    return [PropertyFileName, `${output?.S3Output.S3Uri.replace(/\/$/, '')}/${FilePath}`] as const;
  });
  const ProcessingJobName = jobName(context);
  return {
    properties: {
      ...context.arguments,
      ProcessingJobName,
      ProcessingJobArn: sagemakerArn(`processing-job/${ProcessingJobName}`),
      ProcessingJobStatus: 'Completed',
    } as { readonly [key: string]: Plain },
    propertyFiles: new Map(files),
  };
}

/** Puts an input where the job expects it. A folder is linked, not copied: data sets are large. */
function provide(
  context: StepContext,
  what: string,
  input: { readonly S3Uri: string; readonly LocalPath: string },
  ml: string,
  all: readonly string[],
): void {
  const source = context.s3.path(input.S3Uri);
  if (!existsSync(source))
    throw new StepFailure(
      context.step.Name,
      `step "${context.step.Name}": ${what} is "${input.S3Uri}", and there is no ${source}`,
    );
  const target = inside(context, input.LocalPath, ml);
  if (statSync(source).isFile()) {
    mkdirSync(target, { recursive: true });
    cpSync(source, join(target, basename(source)));
  } else if (all.some((path) => path.startsWith(`${input.LocalPath.replace(/\/$/, '')}/`))) {
    // Another input lies inside of this one: what is written there must not end up in the source.
    cpSync(source, target, { recursive: true });
  } else {
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(source, target, 'junction');
  }
}

function inside(context: StepContext, path: string, ml: string): string {
  if (!/^\/opt\/ml\/processing(\/|$)/.test(path))
    throw new StepFailure(
      context.step.Name,
      `step "${context.step.Name}": LocalPath "${path}" is not allowed; SageMaker takes paths below /opt/ml/processing`,
    );
  return relocate(path, ml);
}
