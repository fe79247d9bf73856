import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { account, sagemakerArn } from '../../account';
import { StepFailure } from '../execution-error';
import { runJob } from '../job-process';
import { jobEnvironment, relocate } from '../machine';
import { jobFailure, jobName, type StepContext } from '../step-context';
import type { Plain, StepResult } from '../values';

const run = promisify(execFile);

interface TrainingArguments {
  readonly AlgorithmSpecification?: {
    readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly HyperParameters?: Readonly<Record<string, Plain>>;
  readonly InputDataConfig?: readonly {
    readonly ChannelName: string;
    readonly DataSource: { readonly S3DataSource?: { readonly S3Uri: string; readonly S3DataType?: string } };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
  readonly ResourceConfig?: { readonly InstanceType?: string; readonly InstanceCount?: number };
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number };
  readonly CheckpointConfig?: { readonly S3Uri: string; readonly LocalPath?: string };
  readonly Environment?: Readonly<Record<string, string>>;
}

/**
 * Folders of a training container, below `/opt/ml`.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
function folders(ml: string) {
  return {
    code: join(ml, 'code'),
    config: join(ml, 'input/config'),
    data: join(ml, 'input/data'),
    model: join(ml, 'model'),
    output: join(ml, 'output'),
    outputData: join(ml, 'output/data'),
    intermediate: join(ml, 'output/intermediate'),
    checkpoints: join(ml, 'checkpoints'),
  };
}

/**
 * Runs a training job in script mode, as SageMaker's training toolkit does in its images.
 * https://github.com/aws/sagemaker-training-toolkit
 */
export async function runTraining(context: StepContext): Promise<StepResult> {
  const request = context.arguments as unknown as TrainingArguments;
  const count = request.ResourceConfig?.InstanceCount ?? 1;
  if (count > 1) throw fail(context, `it asks for ${count} instances; this machine is one`);
  const ml = join(context.directory, 'ml');
  const paths = folders(ml);
  for (const path of [paths.code, paths.config, paths.data, paths.model, paths.outputData, paths.intermediate])
    mkdirSync(path, { recursive: true });

  const hyperparameters = readHyperparameters(context, request.HyperParameters ?? {});
  await provideCode(context, hyperparameters.get('sagemaker_submit_directory'), paths.code);
  const channels = (request.InputDataConfig ?? []).map((channel) => provideChannel(context, channel, paths.data));
  if (request.CheckpointConfig !== undefined)
    link(
      context.s3.path(request.CheckpointConfig.S3Uri),
      relocate(request.CheckpointConfig.LocalPath ?? '/opt/ml/checkpoints', ml),
    );
  const user = [...hyperparameters].filter(
    ([name]) => !name.startsWith('sagemaker_') && name !== '_tuning_objective_metric',
  );
  writeFileSync(join(paths.config, 'hyperparameters.json'), JSON.stringify(request.HyperParameters ?? {}, null, 2));

  const program = String(hyperparameters.get('sagemaker_program'));
  if (!existsSync(join(paths.code, program)))
    throw fail(
      context,
      `hyperparameter sagemaker_program is "${program}", and there is no such file in the source archive`,
    );
  const python = await context.python();
  const words = user.flatMap(([name, value]) => [name.length === 1 ? `-${name}` : `--${name}`, word(value)]);
  const metrics = new MetricReader(request.AlgorithmSpecification?.MetricDefinitions ?? []);
  const logFile = join(context.directory, 'log.txt');
  const started = Date.now();
  const TrainingJobName = jobName(context);
  const variables = {
    AWS_REGION: account.region,
    TRAINING_JOB_NAME: TrainingJobName,
    TRAINING_JOB_ARN: sagemakerArn(`training-job/${TrainingJobName}`),
    PYTHONPATH: paths.code,
    ...(context.onBar === undefined ? {} : { STRATA_PROGRESS_BAR: '1' }),
    ...toolkitVariables({
      ml,
      program,
      user,
      words,
      channels,
      checkpoints: request.CheckpointConfig?.LocalPath,
      instanceType: request.ResourceConfig?.InstanceType ?? 'local',
    }),
    ...Object.fromEntries(
      Object.entries(request.Environment ?? {}).map(([name, value]) => [name, relocate(value, ml)]),
    ),
  };
  const limit = new AbortController();
  const seconds = request.StoppingCondition?.MaxRuntimeInSeconds;
  const timer = seconds === undefined ? undefined : setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const end = await runJob({
      program: python,
      arguments: [program, ...words],
      directory: paths.code,
      environment: jobEnvironment(python, variables),
      logFile,
      onLine: (line) => {
        metrics.read(line);
        context.onLine(line);
      },
      onBar: context.onBar,
      signal: AbortSignal.any([context.signal, limit.signal]),
    });
    if (end.code !== 0) throw jobFailure(context, end, logFile, readFailure(paths.output));
  } catch (error) {
    if (limit.signal.aborted && !context.signal.aborted)
      throw fail(context, `it was stopped after ${seconds} s, its MaxRuntimeInSeconds`);
    throw error;
  } finally {
    clearTimeout(timer);
  }

  const results = `${request.OutputDataConfig.S3OutputPath.replace(/\/$/, '')}/${TrainingJobName}/output`;
  if (readdirSync(paths.model).length === 0)
    throw fail(context, `it ended well and left no model in SM_MODEL_DIR. Everything it wrote is in ${logFile}`);
  await pack(paths.model, context.s3.path(`${results}/model.tar.gz`));
  if (readdirSync(paths.outputData).length > 0)
    await pack(paths.outputData, context.s3.path(`${results}/output.tar.gz`));
  return {
    properties: {
      ...context.arguments,
      TrainingJobName,
      TrainingJobArn: variables.TRAINING_JOB_ARN,
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      TrainingTimeInSeconds: Math.round((Date.now() - started) / 1000),
      ModelArtifacts: { S3ModelArtifacts: `${results}/model.tar.gz` },
      FinalMetricDataList: metrics.last(),
    },
    propertyFiles: new Map(),
  };
}

function fail(context: StepContext, message: string): StepFailure {
  return new StepFailure(context.step.Name, `step "${context.step.Name}": ${message}`);
}

/** Values are text for the API; script mode writes JSON into them. */
function readHyperparameters(context: StepContext, given: Readonly<Record<string, Plain>>): Map<string, Plain> {
  return new Map(
    Object.entries(given)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => {
        if (typeof value !== 'string')
          throw fail(
            context,
            `hyperparameter "${name}" is ${JSON.stringify(value)}; SageMaker takes text: use Std:Join to ` +
              'turn a number into it',
          );
        try {
          return [name, JSON.parse(value) as Plain];
        } catch {
          return [name, value];
        }
      }),
  );
}

/** A value as a word of the command line, as Python would write it. */
function word(value: Plain): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function provideCode(context: StepContext, submitDirectory: Plain | undefined, code: string): Promise<void> {
  if (typeof submitDirectory !== 'string')
    throw fail(context, 'hyperparameter sagemaker_submit_directory is missing; give the S3 URI of sourcedir.tar.gz');
  const archive = context.s3.path(submitDirectory);
  if (!existsSync(archive))
    throw fail(
      context,
      `hyperparameter sagemaker_submit_directory is "${submitDirectory}", and there is no ${archive}`,
    );
  try {
    await run('tar', ['-xzf', archive, '-C', code]);
  } catch (error) {
    throw fail(context, `"${submitDirectory}" cannot be unpacked: ${(error as Error).message}`);
  }
}

function provideChannel(
  context: StepContext,
  channel: NonNullable<TrainingArguments['InputDataConfig']>[number],
  data: string,
): { readonly name: string; readonly path: string } {
  const { ChannelName: name, DataSource } = channel;
  const source = DataSource.S3DataSource;
  if (source === undefined || (source.S3DataType ?? 'S3Prefix') !== 'S3Prefix')
    throw fail(
      context,
      `channel "${name}" is of type ${source?.S3DataType ?? Object.keys(DataSource).join(', ')}; only ` +
        'S3Prefix runs here',
    );
  const from = context.s3.path(source.S3Uri);
  if (!existsSync(from)) throw fail(context, `channel "${name}" is "${source.S3Uri}", and there is no ${from}`);
  const path = join(data, name);
  if (statSync(from).isDirectory()) link(from, path);
  else {
    mkdirSync(path, { recursive: true });
    symlinkSync(from, join(path, basename(from)));
  }
  return { name, path };
}

/**
 * A folder of S3 as it appears in the container. It is linked, not copied: data sets are large, and checkpoints go
 * straight to where they belong.
 */
function link(source: string, target: string): void {
  mkdirSync(source, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target, 'junction');
}

/** https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md */
function toolkitVariables(job: {
  readonly ml: string;
  readonly program: string;
  readonly user: readonly (readonly [string, Plain])[];
  readonly words: readonly string[];
  readonly channels: readonly { readonly name: string; readonly path: string }[];
  readonly checkpoints: string | undefined;
  readonly instanceType: string;
}): Record<string, string> {
  const paths = folders(job.ml);
  const hyperparameters = Object.fromEntries(job.user);
  const hosts = {
    SM_CURRENT_HOST: 'algo-1',
    SM_HOSTS: '["algo-1"]',
    SM_NETWORK_INTERFACE_NAME: 'lo',
    SM_CURRENT_INSTANCE_TYPE: job.instanceType,
  };
  return {
    ...hosts,
    SM_MODEL_DIR: paths.model,
    SM_OUTPUT_DIR: paths.output,
    SM_OUTPUT_DATA_DIR: paths.outputData,
    SM_OUTPUT_INTERMEDIATE_DIR: paths.intermediate,
    SM_INPUT_DIR: join(job.ml, 'input'),
    SM_INPUT_CONFIG_DIR: paths.config,
    SM_CHECKPOINT_DIR: relocate(job.checkpoints ?? '/opt/ml/checkpoints', job.ml),
    SM_MODULE_DIR: paths.code,
    SM_MODULE_NAME: job.program.replace(/\.py$/, ''),
    SM_NUM_CPUS: String(availableParallelism()),
    SM_NUM_GPUS: '0',
    SM_LOG_LEVEL: '20',
    SM_CHANNELS: JSON.stringify(job.channels.map(({ name }) => name).sort()),
    ...Object.fromEntries(job.channels.map(({ name, path }) => [`SM_CHANNEL_${name.toUpperCase()}`, path])),
    SM_HPS: JSON.stringify(hyperparameters),
    ...Object.fromEntries(job.user.map(([name, value]) => [`SM_HP_${name.toUpperCase()}`, word(value)])),
    SM_USER_ARGS: JSON.stringify(job.words),
    SM_TRAINING_ENV: JSON.stringify({
      channel_input_dirs: Object.fromEntries(job.channels.map(({ name, path }) => [name, path])),
      current_host: 'algo-1',
      hosts: ['algo-1'],
      hyperparameters,
      model_dir: paths.model,
      output_data_dir: paths.outputData,
    }),
  };
}

/** What the job gave as its reason: the file that DescribeTrainingJob's FailureReason comes from. */
function readFailure(output: string): string | undefined {
  const file = join(output, 'failure');
  return existsSync(file) ? readFileSync(file, 'utf8').slice(0, 1024) : undefined;
}

async function pack(folder: string, archive: string): Promise<void> {
  mkdirSync(dirname(archive), { recursive: true });
  await run('tar', ['-czf', archive, '-C', folder, '.']);
}

/** Finds the metrics in what a job writes, by its own metric definitions; the last value of each counts. */
class MetricReader {
  readonly #values = new Map<string, { readonly value: number; readonly time: number }>();
  readonly #definitions: readonly { readonly name: string; readonly expression: RegExp }[];

  constructor(definitions: readonly { readonly Name: string; readonly Regex: string }[]) {
    this.#definitions = definitions.map(({ Name, Regex }) => ({ name: Name, expression: new RegExp(Regex) }));
  }

  read(line: string): void {
    for (const { name, expression } of this.#definitions) {
      const value = Number(expression.exec(line)?.[1]);
      if (Number.isFinite(value)) this.#values.set(name, { value, time: Date.now() / 1000 });
    }
  }

  last(): Plain[] {
    return [...this.#values].map(([MetricName, { value, time }]) => ({ MetricName, Value: value, Timestamp: time }));
  }
}
