import {
  DescribeEndpointCommand,
  SageMakerClient,
  type DescribeEndpointCommandOutput,
  type ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type InvokeEndpointCommandInput,
} from '@aws-sdk/client-sagemaker-runtime';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalSageMaker, type LocalSageMakerProps } from '../../../local/sagemaker';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const role = 'arn:aws:iam::000000000000:role/test';
export const image = '000000000000.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';

/** What the tests' container does: its model file, and how slow it is. */
export interface FakeModel {
  readonly answer?: unknown;
  readonly broken?: string;
  readonly status?: number;
  readonly startMilliseconds?: number;
  readonly answerMilliseconds?: number;
  readonly keepAliveMilliseconds?: number;
}

export interface Answer {
  readonly answer: unknown;
  readonly bytes: number;
  readonly headers: Record<string, string>;
  readonly variable?: string;
  readonly pid: number;
}

/** A local SageMaker with the tests' own container, and the real SDK's clients for it. */
export class LocalHarness {
  readonly directory = mkdtempSync(join(tmpdir(), 'strata-sagemaker-test-'));
  readonly events: string[] = [];
  #sagemaker: LocalSageMaker | undefined;
  #control: SageMakerClient | undefined;
  #runtime: SageMakerRuntimeClient | undefined;

  async start(props: Partial<LocalSageMakerProps> = {}): Promise<void> {
    this.#sagemaker = await LocalSageMaker.start({
      directory: this.directory,
      command: async () => ({ program: process.execPath, arguments: [join(__dirname, 'container.mjs')] }),
      onEvent: (text) => this.events.push(text),
      ...props,
    });
    const options = { region: 'ap-northeast-2', endpoint: this.#sagemaker.url, credentials, maxAttempts: 1 };
    this.#control = new SageMakerClient(options);
    this.#runtime = new SageMakerRuntimeClient(options);
  }

  get sagemaker(): LocalSageMaker {
    return this.#sagemaker!;
  }

  get control(): SageMakerClient {
    return this.#control!;
  }

  get runtime(): SageMakerRuntimeClient {
    return this.#runtime!;
  }

  /** Stops the server; what it keeps stays. */
  async stop(): Promise<void> {
    await this.#sagemaker?.close();
    this.#control?.destroy();
    this.#runtime?.destroy();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A model.tar.gz in the local S3. */
  modelArchive(key: string, model: FakeModel): string {
    const folder = mkdtempSync(join(this.directory, 'model-'));
    writeFileSync(join(folder, 'model.json'), JSON.stringify(model));
    const archive = join(this.directory, 's3/models', key);
    mkdirSync(dirname(archive), { recursive: true });
    execFileSync('tar', ['-czf', archive, '-C', folder, '.']);
    rmSync(folder, { recursive: true });
    return `s3://models/${key}`;
  }

  async invoke(input: Partial<InvokeEndpointCommandInput> = {}): Promise<Answer> {
    const { Body } = await this.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'flowers',
        Body: Buffer.from('photo'),
        ContentType: 'image/jpeg',
        ...input,
      }),
    );
    return JSON.parse(Buffer.from(Body).toString()) as Answer;
  }

  /** Waits until an endpoint has come to rest. */
  async settled(name = 'flowers'): Promise<DescribeEndpointCommandOutput> {
    for (;;) {
      const endpoint = await this.control.send(new DescribeEndpointCommand({ EndpointName: name }));
      if (!['Creating', 'Updating'].includes(endpoint.EndpointStatus ?? '')) return endpoint;
      await pause(20);
    }
  }
}

export function variant(more: Partial<ProductionVariant> = {}): ProductionVariant {
  return { VariantName: 'AllTraffic', ModelName: 'one', InitialInstanceCount: 1, InstanceType: 'ml.m5.large', ...more };
}

/** What an SDK's error says. */
export async function failure(
  promise: Promise<unknown>,
): Promise<{ readonly name: string; readonly message: string; readonly status: number | undefined }> {
  try {
    await promise;
  } catch (cause) {
    const error = cause as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }
  throw new Error('it did not fail');
}
