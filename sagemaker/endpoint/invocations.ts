import { contextOf, CUSTOM_ATTRIBUTES_HEADER, HttpError, type Admission } from '@strata/service-runtime';
import type { Request, Response } from 'express';
import type { AnswerWriter } from './answer';
import type { Classifier } from './classifier';
import type { InferencePool } from './inference-pool';
import { BodyReader, deadline } from './request-body';
import { isPhoto, readFormPhotos } from './request-photos';
import type { Settings } from './settings';

/** SageMaker's limit for the header, in characters (`InvokeEndpoint` in its API reference). */
const MAX_ATTRIBUTES_LENGTH = 1024;

export interface InvocationsProps {
  readonly settings: Settings;
  readonly pool: InferencePool;
  readonly classifier: Classifier;
  readonly admission: Admission;
  readonly answers: AnswerWriter;
}

/** Answers `POST /invocations`. */
export class Invocations {
  readonly #props: InvocationsProps;
  readonly #bodies: BodyReader;

  constructor(props: InvocationsProps) {
    this.#props = props;
    this.#bodies = new BodyReader(props.settings.MAX_BODY_BYTES);
  }

  /**
   * Waits for admission, reads the body, classifies its photos and sends the answer.
   * @throws HttpError when the request cannot be answered
   */
  async handle(request: Request, response: Response): Promise<void> {
    const { settings, admission } = this.#props;
    returnCustomAttributes(request, response);
    this.#refuseEarly(request);
    const time = deadline(request, settings.REQUEST_TIMEOUT_SECONDS);
    let release: (() => void) | undefined;
    try {
      release = await admission.acquire(this.#bodies.expectedBytes(request), time.signal);
      const text = await this.#answer(request, await this.#bodies.read(request, response, time.signal), time.signal);
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Content-Length', Buffer.byteLength(text));
      response.end(text);
    } finally {
      release?.();
      time.done();
    }
  }

  /** Rejects requests that can be rejected without reading the body. */
  #refuseEarly(request: Request): void {
    if (request.accepts('application/json') === false)
      throw new HttpError(406, 'not_acceptable', 'answers are application/json; leave Accept out, or name that');
    if (!this.#props.pool.isReady)
      throw new HttpError(503, 'model_loading', 'the model is still being loaded; try again in a moment', {
        retryAfterSeconds: 2,
      });
  }

  /** The answer's text, by the form of the body: a form with files, TensorFlow Serving's JSON, or one photo. */
  async #answer(request: Request, body: Buffer, signal: AbortSignal): Promise<string> {
    const type = request.headers['content-type'] ?? '';
    if (/^multipart\/form-data\s*;/i.test(type)) return this.#answerForm(body, type, signal);
    // Callers send photos as application/json, too: what the body starts with decides.
    if (/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type) && !isPhoto(body))
      return this.#answerJson(body, signal);
    const { answers, classifier } = this.#props;
    return answers.photos([await classifier.classify({ kind: 'file', bytes: body }, signal)]);
  }

  async #answerForm(body: Buffer, contentType: string, signal: AbortSignal): Promise<string> {
    const { answers, classifier, settings } = this.#props;
    const files = await readFormPhotos(body, contentType, settings.MAX_IMAGES_PER_REQUEST);
    const photos = files.map((bytes) => ({ kind: 'file', bytes }) as const);
    return answers.photos(await classifier.classifyAll('files', photos, signal));
  }

  async #answerJson(body: Buffer, signal: AbortSignal): Promise<string> {
    const { answers, classifier, pool } = this.#props;
    const { format, photos } = await pool.run({ kind: 'json', bytes: body }, signal);
    return answers.tensorFlow(format, await classifier.classifyAll(format, photos, signal));
  }
}

/** The container's answer returns them to the caller. */
function returnCustomAttributes(request: Request, response: Response): void {
  const attributes = request.headers[CUSTOM_ATTRIBUTES_HEADER];
  if (typeof attributes !== 'string') return;
  const customAttributes = attributes.slice(0, MAX_ATTRIBUTES_LENGTH);
  contextOf(request).log.debug({ customAttributes }, 'custom attributes');
  response.setHeader(CUSTOM_ATTRIBUTES_HEADER, customAttributes);
}
