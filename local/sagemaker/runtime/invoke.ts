import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { account } from '../account';
import { AwsError } from '../aws-error';
import type { Endpoints } from '../control/endpoints';
import { ContainerInvocationError, type Container, type ContainerAnswer } from '../hosting/container';
import type { Variant } from '../hosting/variant';
import type { Settings } from '../settings';

/** What the container gets to see of the request. */
const PASSED_ON = [
  'content-type',
  'accept',
  'x-amzn-sagemaker-custom-attributes',
  'x-amzn-sagemaker-inference-id',
  'x-amzn-sagemaker-target-model',
];

export interface Invocation {
  readonly endpoint: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface InvocationAnswer {
  readonly variant: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The SageMaker runtime's InvokeEndpoint. Errors:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export class Invoker {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly settings: Settings,
  ) {}

  /** @throws AwsError ValidationError when there is no such endpoint, or when it does not serve */
  #variant({ endpoint, headers }: Pick<Invocation, 'endpoint' | 'headers'>): Variant {
    const record = this.endpoints.record(endpoint);
    const host = this.endpoints.host(endpoint);
    if (record === undefined || host === undefined)
      throw new AwsError('ValidationError', `Endpoint ${endpoint} of account ${account.accountId} not found.`);
    if (!host.isServing)
      throw new AwsError(
        'ValidationError',
        `Endpoint ${endpoint} of account ${account.accountId} is not in service: its status is ` +
          `${record.EndpointStatus}.`,
      );
    const target = headers['x-amzn-sagemaker-target-variant'];
    if (typeof target === 'string') {
      const variant = host.variant(target);
      if (variant === undefined)
        throw new AwsError('ValidationError', `Variant ${target} of endpoint ${endpoint} not found.`);
      return variant;
    }
    const chosen = host.choose();
    if (chosen === undefined)
      throw new AwsError('ValidationError', `Endpoint ${endpoint} has no variant with a weight above 0.`);
    return chosen;
  }

  /** Largest body that an endpoint takes, in bytes. */
  maxPayloadBytes(endpoint: string): number {
    const serverless =
      this.endpoints
        .record(endpoint)
        ?.deployed?.config.ProductionVariants?.some(({ ServerlessConfig }) => ServerlessConfig !== undefined) === true;
    return serverless ? this.settings.maxServerlessPayloadBytes : this.settings.maxPayloadBytes;
  }

  /** @throws AwsError as SageMaker answers it */
  async invoke(invocation: Invocation): Promise<InvocationAnswer> {
    const variant = this.#variant(invocation);
    const container = ready(variant);
    const limit = variant.props.variant.ServerlessConfig?.MaxConcurrency;
    if (limit !== undefined && container.inFlight >= limit)
      throw new AwsError(
        'ThrottlingException',
        `Rate exceeded: ${limit} requests are under way, the MaxConcurrency of variant ${variant.name}.`,
        429,
      );
    const headers = passedOn(invocation.headers);
    for (const shadow of this.endpoints.host(invocation.endpoint)?.shadows(variant) ?? []) {
      // Its answer is dropped; its log shows the duration and any error.
      void shadow.container?.invoke(headers, invocation.body).catch(() => undefined);
    }
    const answer = await send(container, headers, invocation.body, variant);
    if (answer.status < 200 || answer.status > 299) throw modelError(answer, container);
    const { 'content-type': type = 'application/octet-stream', 'x-amzn-sagemaker-custom-attributes': attributes } =
      answer.headers;
    return {
      variant: variant.name,
      body: answer.body,
      headers: {
        'content-type': type,
        'x-amzn-invoked-production-variant': variant.name,
        ...(attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': attributes }),
      },
    };
  }
}

function ready(variant: Variant): Container {
  if (variant.container === undefined)
    throw new AwsError(
      'ServiceUnavailable',
      `The container of variant ${variant.name} is being started again; try again.`,
      503,
    );
  return variant.container;
}

function passedOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

async function send(
  container: Container,
  headers: OutgoingHttpHeaders,
  body: Buffer,
  variant: Variant,
): Promise<ContainerAnswer> {
  try {
    return await container.invoke(headers, body);
  } catch (error) {
    if (!(error instanceof ContainerInvocationError)) throw error;
    if (error.reason === 'timeout') {
      const message =
        'Your invocation timed out while waiting for a response from container primary. Review the latency ' +
        'metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';
      throw failedModel(0, message, `Received server error (0) from primary with message "${message}"`, container);
    }
    throw new AwsError(
      'ServiceUnavailable',
      `The container of variant ${variant.name} broke the connection: ${error.message}`,
      503,
    );
  }
}

function modelError({ status, body }: ContainerAnswer, container: Container): AwsError {
  const original = body.toString('utf8');
  const kind = status >= 400 && status < 500 ? 'client' : 'server';
  return failedModel(
    status,
    original,
    `Received ${kind} error (${status}) from primary with message "${original.slice(0, 1000)}". See ` +
      `${container.logFile} for more information.`,
    container,
  );
}

function failedModel(status: number, OriginalMessage: string, message: string, container: Container): AwsError {
  return new AwsError('ModelError', message, 424, {
    OriginalStatusCode: status,
    OriginalMessage,
    LogStreamArn: `file://${container.logFile}`,
  });
}
