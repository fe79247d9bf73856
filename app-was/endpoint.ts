import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ImageType } from '@strata/service-runtime/image-metadata';
import { HttpError } from '@strata/service-runtime';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { endpointFailure } from './endpoint-failure';
import { readModelAnswer, type ModelAnswer } from './model-answer';
import type { Settings } from './settings';
import { boundResponses } from './bounded-responses';

/** Answers are a few kilobytes. The limit keeps an endless one from filling the memory. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface EndpointRequest {
  readonly image: Buffer;
  readonly type: ImageType;
  readonly requestId: string;
  /** Cancels the request when it aborts. */
  readonly signal: AbortSignal;
}

/** The model behind a SageMaker endpoint. */
export class ModelEndpoint {
  readonly #client: SageMakerRuntimeClient;
  readonly #name: string;
  readonly #timeoutSeconds: number;

  constructor(settings: Settings) {
    const agent = {
      keepAlive: true,
      keepAliveMsecs: 10_000,
      maxSockets: settings.MAX_IN_FLIGHT,
      maxFreeSockets: settings.MAX_IN_FLIGHT,
      scheduling: 'lifo',
    } as const;
    this.#name = settings.SAGEMAKER_ENDPOINT_NAME;
    this.#timeoutSeconds = settings.ENDPOINT_TIMEOUT_SECONDS;
    this.#client = new SageMakerRuntimeClient({
      region: settings.AWS_REGION,
      // The SDK's standard mode: exponential waits with full jitter, and a retry budget that runs out when
      // every call fails.
      retryMode: 'standard',
      maxAttempts: settings.ENDPOINT_ATTEMPTS,
      requestHandler: boundResponses(
        new NodeHttpHandler({
          connectionTimeout: 2_000,
          requestTimeout: settings.ENDPOINT_ATTEMPT_TIMEOUT_SECONDS * 1000,
          throwOnRequestTimeout: true,
          httpAgent: new HttpAgent(agent),
          httpsAgent: new HttpsAgent(agent),
        }),
        MAX_ANSWER_BYTES,
      ),
    });
  }

  /**
   * Sends a photo's bytes unchanged and reads the answer.
   * @throws HttpError one of those listed in docs/apps.md, for every failure.
   */
  async classify(request: EndpointRequest): Promise<ModelAnswer> {
    const { requestId, signal } = request;
    const late = new AbortController();
    const deadline = setTimeout(() => late.abort(), this.#timeoutSeconds * 1000);
    try {
      signal.throwIfAborted();
      const { Body } = await this.#client.send(
        new InvokeEndpointCommand({
          EndpointName: this.#name,
          Body: request.image,
          ContentType: request.type,
          Accept: 'application/json',
          // Identifies the request in the endpoint's logs and in captured data.
          InferenceId: requestId,
          CustomAttributes: `request-id=${requestId}`,
        }),
        { abortSignal: AbortSignal.any([signal, late.signal]) },
      );
      return readModelAnswer(Body);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof HttpError ? error : endpointFailure(error, late.signal.aborted);
    } finally {
      clearTimeout(deadline);
    }
  }
}
