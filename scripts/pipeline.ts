import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../local/python';
import { runCommand, UserError } from '../local/toolchain';
import { ExecutionError, Stopped } from '../local/sagemaker/pipeline/execution-error';
import { executePipeline, type ExecutionResult } from '../local/sagemaker/pipeline/executor';
import { prepareExecution } from '../local/sagemaker/pipeline/prepare-execution';
import type { LocalFunction } from '../local/sagemaker/pipeline/local-function';
import { countSteps, planText } from '../local/sagemaker/pipeline/plan';
import { duration, Reporter } from '../local/sagemaker/pipeline/reporter';
import { LocalConnection } from '../local/sagemaker/project/connect';
import { deployFunction } from '../local/sagemaker/project/deploy-function';
import { local } from '../local/sagemaker/project/local-values';
import { modelEndpointCommand } from '../local/sagemaker/project/model-endpoint';
import { projectPipelines, stageTrainingCode } from '../local/sagemaker/project/pipelines';
import { readPipelineArguments, type PipelineArguments } from './pipeline-arguments';

// Runs a SageMaker pipeline on this machine. Usage: npm run pipeline -- --help

const HELP = `Usage: npm run pipeline -- <pipeline> [options]

Runs a SageMaker pipeline definition on this machine, without AWS: training and evaluation really run, the condition
decides, the model is registered and deployed to the local SageMaker (.strata/sagemaker).

<pipeline> is one of the project's, or a file with a definition of version 2020-12-01:
  AppMlPipeline-Train    trains
  AppMlPipeline-Model    trains, and creates a model
  AppMlPipeline-Deploy   trains, evaluates, and deploys a model that is accurate enough

Options:
  --parameter <Name>=<value>   a parameter of the pipeline; again for each. S3 URIs may be folders of this machine
  --<parameter-name> <value>   the same, such as --train-data ./photos --epoch 5 --accuracy-threshold 0.95
  --function <ARN>=<file.js>   code for a Lambda step of a definition of your own; it exports "handler"
  --list                       the pipelines and their parameters
  --dry-run                    checks all that can be checked before a run, and prints the order of the steps
  --help                       this text
`;

const root = resolve(__dirname, '..');

async function main(): Promise<number> {
  const given = readPipelineArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const directory = resolve(root, process.env['STRATA_SAGEMAKER_DIRECTORY'] ?? '.strata/sagemaker');
  const pipelines = projectPipelines();
  if (given.list) {
    for (const [name, definition] of pipelines) process.stdout.write(`${name}\n${parameterTable(definition)}\n`);
    return 0;
  }
  try {
    return await run(given, directory, pipelines);
  } catch (error) {
    if (error instanceof ExecutionError) throw new UserError(error.message);
    throw error;
  }
}

async function run(
  given: PipelineArguments,
  directory: string,
  pipelines: ReturnType<typeof projectPipelines>,
): Promise<number> {
  // npm runs scripts in the folder of package.json; paths that a person types are meant from where they typed them.
  const base = process.env['INIT_CWD'] ?? process.cwd();
  if (given.pipeline === undefined)
    throw new UserError(`name a pipeline: ${[...pipelines.keys()].join(', ')}, or a file with a definition\n\n${HELP}`);
  const known = pipelines.get(given.pipeline);
  const { name, definition } =
    known === undefined
      ? readDefinition(resolve(base, given.pipeline), given.pipeline, [...pipelines.keys()])
      : { name: given.pipeline, definition: known as unknown };
  const functions = new Map<string, LocalFunction>(
    given.functions.map(([arn, file]) => [arn, { file: requireFile(resolve(base, file), `--function ${arn}`) }]),
  );
  if (known !== undefined) {
    stageTrainingCode(root, directory);
    functions.set(local.deployFunctionArn, deployFunction());
  }
  const parameters = given.parametersOf(definition);
  const prepared = prepareExecution({ name, definition, parameters, functions, directory, base });
  if (given.dryRun) {
    process.stdout.write(
      `${name}: ${countSteps(prepared.plan)} steps, in this ` +
        `order\n${planText(prepared.plan)}\nParameters\n${valueTable(prepared.parameters)}`,
    );
    return 0;
  }

  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const abort = new AbortController();
  let signals = 0;
  const stop = (): void => {
    signals += 1;
    if (signals > 1) return;
    say('\nstopping: the job under way is told to end');
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const connection = new LocalConnection({ directory, command: modelEndpointCommand(root), onEvent: say });
  try {
    process.stdout.write(`${name}\n${valueTable(prepared.parameters)}\n`);
    const result = await executePipeline(prepared, {
      python: async () => (await ensurePythonEnvironment({ root, progress: say })).python,
      sagemaker: () => connection.connect(),
      reporter: (total) => new Reporter(process.stdout, total),
      signal: abort.signal,
    });
    return summary(result, base, connection.isOwn);
  } finally {
    await connection.close();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

function summary(result: ExecutionResult, base: string, isOwn: boolean): number {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const width = Math.max(...result.steps.map(({ name }) => name.length));
  say('');
  for (const { name, state, milliseconds, note } of result.steps) {
    say(
      `  ${name.padEnd(width)}  ${state.padEnd(9)}  ${state === 'Skipped' ? '' : duration(milliseconds).padStart(10)}${note === undefined ? '' : `  ${note}`}`.trimEnd(),
    );
  }
  say(`\nEverything of this run is in ${relative(base, result.directory)}`);
  const { failure } = result;
  if (failure instanceof Stopped) {
    process.stderr.write('\nThe run was stopped. What is deployed stays as it was.\n');
    return 130;
  }
  if (failure !== undefined) {
    process.stderr.write(`\n${failure.message}\n`);
    return 1;
  }
  const deployed = [...result.results.values()].find(
    ({ properties }) =>
      (properties['OutputParameters'] as { readonly endpointName?: unknown } | undefined)?.endpointName !== undefined,
  );
  if (deployed !== undefined && isOwn)
    say('The endpoint is kept: npm run apps, or npm start, serves it and shows the page.');
  return 0;
}

function readDefinition(
  file: string,
  given: string,
  known: readonly string[],
): { readonly name: string; readonly definition: unknown } {
  if (!existsSync(file))
    throw new UserError(
      `"${given}" is neither a pipeline nor a file; use one of ${known.join(', ')}, or a file with a definition`,
    );
  try {
    const definition: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return {
      name:
        file
          .replace(/^.*[\\/]/, '')
          .replace(/\.json$/, '')
          .replace(/[^A-Za-z0-9-]+/g, '-')
          .replace(/^-+|-+$/g, '') || 'pipeline',
      definition,
    };
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function requireFile(file: string, what: string): string {
  if (!existsSync(file)) throw new UserError(`${what}: there is no ${file}`);
  return file;
}

function parameterTable(
  definition: ReturnType<typeof projectPipelines> extends ReadonlyMap<string, infer Definition> ? Definition : never,
): string {
  return (definition.Parameters ?? [])
    .map(({ Name, Type, DefaultValue, EnumValues, Description }) =>
      `  ${Name.padEnd(24)} ${Type.padEnd(8)} ${String(DefaultValue ?? '(none)').padEnd(44)} ${EnumValues?.join(' | ') ?? Description ?? ''}`.trimEnd(),
    )
    .join('\n');
}

function valueTable(values: ReadonlyMap<string, string | number | boolean>): string {
  return [...values].map(([name, value]) => `  ${name.padEnd(24)} ${String(value)}\n`).join('');
}

if (require.main === module) runCommand(main);
