import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPython } from '../../../local/python';
import {
  executePipeline,
  type ExecutionEnvironment,
  type ExecutionResult,
} from '../../../local/sagemaker/pipeline/executor';
import { prepareExecution, type ExecutionProps } from '../../../local/sagemaker/pipeline/prepare-execution';
import { Reporter, type ReporterStream } from '../../../local/sagemaker/pipeline/reporter';
import { LocalHarness } from './harness';

export type Json = Record<string, unknown>;

/** What a run showed. */
export class Screen implements ReporterStream {
  text = '';
  constructor(readonly isTTY = false) {}
  write(text: string): void {
    this.text += text;
  }
}

export interface RunOptions extends Partial<Omit<ExecutionProps, 'parameters'> & ExecutionEnvironment> {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
}

/** Runs pipeline definitions on a local SageMaker of the test's own. */
export class PipelineHarness extends LocalHarness {
  /** Puts a file into the local S3. */
  object(uri: string, content: string): string {
    const file = join(this.directory, 's3', uri.replace('s3://', ''));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return uri;
  }

  /** Packs a training program as SageMaker's toolkit takes it. */
  source(program: string, key = 'sourcedir.tar.gz'): string {
    const folder = mkdtempSync(join(this.directory, 'source-'));
    writeFileSync(join(folder, 'train.py'), program);
    const archive = join(folder, 'sourcedir.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'train.py']);
    const target = join(this.directory, 's3/code', key);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(archive, target);
    rmSync(folder, { recursive: true });
    return `s3://code/${key}`;
  }

  async execute(definition: Json, options: RunOptions = {}): Promise<ExecutionResult & { readonly screen: string }> {
    const screen = new Screen(options.tty);
    const { parameters = {}, tty: _tty, ...rest } = options;
    const prepared = prepareExecution({
      name: 'Test',
      definition,
      directory: this.directory,
      ...rest,
      parameters: new Map(Object.entries(parameters)),
    });
    const result = await executePipeline(prepared, {
      python: async () => (await findPython()).path,
      sagemaker: async () => ({ url: this.sagemaker.url, client: this.control satisfies SageMakerClient }),
      reporter: (total) => new Reporter(screen, total),
      signal: new AbortController().signal,
      ...rest,
    });
    return { ...result, screen: screen.text };
  }
}

export const pipeline = (Steps: readonly Json[], Parameters: readonly Json[] = []): Json => ({
  Version: '2020-12-01',
  Parameters,
  Steps,
});

/** A training step; its hyperparameters are given beside the toolkit's own. */
export function training(
  source: string,
  more: { readonly name?: string; readonly hyperparameters?: Json; readonly arguments?: Json } = {},
): Json {
  return {
    Name: more.name ?? 'Train',
    Type: 'Training',
    Arguments: {
      RoleArn: 'arn:aws:iam::000000000000:role/jobs',
      AlgorithmSpecification: {
        TrainingImage: 'pytorch',
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'accuracy', Regex: 'accuracy=([0-9.]+)' }],
      },
      HyperParameters: {
        sagemaker_program: '"train.py"',
        sagemaker_submit_directory: JSON.stringify(source),
        ...more.hyperparameters,
      },
      OutputDataConfig: { S3OutputPath: 's3://models/trained' },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      ...more.arguments,
    },
  };
}

export function processing(
  more: {
    readonly name?: string;
    readonly entry?: readonly string[];
    readonly inputs?: readonly Json[];
    readonly outputs?: readonly Json[];
    readonly rest?: Json;
  } = {},
): Json {
  return {
    Name: more.name ?? 'Evaluate',
    Type: 'Processing',
    Arguments: {
      RoleArn: 'arn:aws:iam::000000000000:role/jobs',
      AppSpecification: {
        ImageUri: 'python',
        ContainerEntrypoint: more.entry ?? ['python3', '/opt/ml/processing/code/run.py'],
      },
      ProcessingInputs: more.inputs ?? [],
      ProcessingOutputConfig: { Outputs: more.outputs ?? [] },
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 } },
    },
    ...more.rest,
  };
}

export const input = (name: string, uri: unknown, path = `/opt/ml/processing/${name}`): Json => ({
  InputName: name,
  S3Input: { S3Uri: uri, LocalPath: path, S3DataType: 'S3Prefix', S3InputMode: 'File' },
});
export const output = (name: string, uri: unknown): Json => ({
  OutputName: name,
  S3Output: { S3Uri: uri, LocalPath: `/opt/ml/processing/${name}`, S3UploadMode: 'EndOfJob' },
});
