import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import { account } from '../account';
import { AwsError } from '../aws-error';
import type { Endpoints } from '../control/endpoints';
import type { LocalS3 } from '../local-s3';
import type { Invoker } from './invoke';

/** The SageMaker runtime's InvokeEndpointAsync: the request is an object in S3, and so is the answer. */
export class AsyncInvoker {
  readonly #underWay = new Map<string, Set<Promise<void>>>();

  constructor(
    private readonly endpoints: Endpoints,
    private readonly invoker: Invoker,
    private readonly s3: LocalS3,
  ) {}

  /** @throws AwsError when the endpoint is none for asynchronous inference, or the input is not there */
  accept(
    endpoint: string,
    headers: IncomingHttpHeaders,
  ): { readonly headers: OutgoingHttpHeaders; readonly body: object } {
    const record = this.endpoints.record(endpoint);
    if (record === undefined)
      throw new AwsError('ValidationError', `Endpoint ${endpoint} of account ${account.accountId} not found.`);
    const config = record.deployed?.config.AsyncInferenceConfig;
    if (config === undefined)
      throw new AwsError(
        'ValidationError',
        `Endpoint ${endpoint} is not an asynchronous endpoint: its configuration has no AsyncInferenceConfig.`,
      );
    const input = headers['x-amzn-sagemaker-inputlocation'];
    if (typeof input !== 'string') throw new AwsError('ValidationError', 'InputLocation is missing.');
    const source = this.#path(input);
    if (!existsSync(source)) throw new AwsError('ValidationError', `There is no object at ${input}.`);
    const outputs = config.OutputConfig?.S3OutputPath;
    if (outputs === undefined)
      throw new AwsError('ValidationError', `Endpoint ${endpoint} has no S3OutputPath in its AsyncInferenceConfig.`);
    const given = headers['x-amzn-sagemaker-inference-id'];
    const id = typeof given === 'string' ? given : randomUUID();
    const output = `${outputs.replace(/\/$/, '')}/${id}.out`;
    const failure = `${(config.OutputConfig?.S3FailurePath ?? outputs).replace(/\/$/, '')}/${id}-error.out`;
    const underWay = this.#underWay.get(endpoint) ?? new Set();
    this.#underWay.set(endpoint, underWay);
    // As on AWS, a request waits until the container has a place for it.
    const limit = config.ClientConfig?.MaxConcurrentInvocationsPerInstance ?? 1;
    const run: Promise<void> = this.#turn(underWay, limit)
      .then(() => this.#run(endpoint, headers, { source, output: this.#path(output), failure: this.#path(failure) }))
      .finally(() => underWay.delete(run));
    underWay.add(run);
    return {
      headers: { 'x-amzn-sagemaker-outputlocation': output, 'x-amzn-sagemaker-failurelocation': failure },
      body: { InferenceId: id },
    };
  }

  async #turn(underWay: ReadonlySet<Promise<void>>, limit: number): Promise<void> {
    const before = [...underWay];
    if (before.length >= limit) await before[before.length - limit];
  }

  async #run(
    endpoint: string,
    headers: IncomingHttpHeaders,
    job: { readonly source: string; readonly output: string; readonly failure: string },
  ): Promise<void> {
    try {
      const { body } = await this.invoker.invoke({
        endpoint,
        headers: {
          ...headers,
          'content-type': headers['x-amzn-sagemaker-content-type'] as string | undefined,
          accept: headers['x-amzn-sagemaker-accept'] as string | undefined,
        },
        body: await readFile(job.source),
      });
      await write(job.output, body);
    } catch (error) {
      await write(job.failure, Buffer.from((error as Error).message));
    }
  }

  #path(uri: string): string {
    try {
      return this.s3.path(uri);
    } catch (error) {
      throw new AwsError('ValidationError', (error as Error).message);
    }
  }
}

/** Written atomically: an S3 object is complete or absent. */
async function write(file: string, body: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, body);
  await rename(`${file}.part`, file);
}
