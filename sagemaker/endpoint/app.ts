import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import {
  Admission,
  contextOf,
  Counter,
  createServiceApp,
  CUSTOM_ATTRIBUTES_HEADER,
  Gauge,
  Histogram,
  HttpError,
  type ServiceParts,
} from '@strata/service-runtime';
import type { Express, Request, Response } from 'express';
import { AnswerWriter } from './answer';
import { usableCores } from './cores';
import { InferencePool } from './inference-pool';
import type { Probabilities, RequestPhoto } from './inference-task';
import { readModelFolder } from './model-folder';
import { version } from './package.json';
import { BodyReader, deadline } from './request-body';
import { isPhoto, readFormPhotos } from './request-photos';
import type { Settings } from './settings';
import { ofPhoto } from './tensorflow-request';

const MiB = 1024 * 1024;

/**
 * The inference container's app: SageMaker's hosting contract in front of the model.
 *
 * Contract: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @throws StartError when the model folder is not what it should be.
 */
export function createApp(
  { settings, logger, metrics, lifecycle }: ServiceParts<Settings>,
  onBroken: (error: Error) => void,
): Express {
  const folder = readModelFolder(settings.MODEL_DIR);
  const model = {
    ...folder,
    name: settings.MODEL_NAME ?? folder.name,
    version: settings.MODEL_VERSION ?? folder.version,
  };
  const answers = new AnswerWriter(model);
  const workers = settings.WORKERS ?? Math.max(1, Math.floor(usableCores() / settings.THREADS_PER_WORKER));
  const started = performance.now();
  const pool = new InferencePool({
    workers,
    data: {
      model: folder,
      threads: settings.THREADS_PER_WORKER,
      jpegLibrary: settings.TURBOJPEG_LIBRARY,
      limits: { maxImages: settings.MAX_IMAGES_PER_REQUEST, maxPixels: settings.MAX_IMAGE_PIXELS },
    },
    onReady: (details) => {
      const milliseconds = Math.round(performance.now() - started);
      logger.info(
        {
          model: { name: model.name, version: model.version },
          classes: model.labels.length,
          workers,
          ...details,
          milliseconds,
        },
        'the model is ready',
      );
    },
    onBroken,
  });
  const admission = new Admission({
    maxInFlight: settings.MAX_IN_FLIGHT,
    maxBytes: settings.MAX_BUFFERED_BYTES,
    maxWaiting: settings.MAX_WAITING,
    maxWaitSeconds: settings.MAX_WAIT_SECONDS,
  });
  const bodies = new BodyReader(settings.MAX_BODY_BYTES);

  const registers = [metrics.registry];
  const photos = new Counter({ name: 'photos_total', help: 'Photos classified', labelNames: ['label'], registers });
  const buckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2];
  const stages = new Histogram({
    name: 'photo_seconds',
    help: 'Time for one photo, by stage',
    labelNames: ['stage'],
    buckets,
    registers,
  });
  new Gauge({
    name: 'requests_in_flight',
    help: 'Requests being worked on',
    registers,
    collect() {
      this.set(admission.inFlight);
    },
  });
  new Gauge({
    name: 'requests_waiting',
    help: 'Requests waiting for a place',
    registers,
    collect() {
      this.set(admission.waiting);
    },
  });
  new Gauge({
    name: 'tasks_waiting',
    help: 'Photos waiting for a worker',
    registers,
    collect() {
      this.set(pool.waiting);
    },
  });

  const classify = async (photo: RequestPhoto, signal: AbortSignal): Promise<readonly number[]> => {
    const result = await (photo.kind === 'pixels'
      ? pool.run({ kind: 'pixels', pixels: photo.pixels }, signal)
      : classifyFile(photo.bytes, signal));
    stages.observe({ stage: 'decode' }, result.decodeSeconds);
    stages.observe({ stage: 'model' }, result.modelSeconds);
    photos.inc({ label: model.labels[result.probabilities.indexOf(Math.max(...result.probabilities))]!.label });
    return result.probabilities;
  };

  const classifyFile = (bytes: Uint8Array, signal: AbortSignal): Promise<Probabilities> => {
    if (bytes.length > settings.MAX_IMAGE_BYTES) {
      throw new HttpError(
        413,
        'file_too_large',
        `the photo is too large; at most ${settings.MAX_IMAGE_BYTES} bytes are allowed`,
        { details: { maxBytes: settings.MAX_IMAGE_BYTES } },
      );
    }
    const metadata = readImageMetadata(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      settings.MAX_IMAGE_PIXELS,
    );
    return pool.run({ kind: 'photo', bytes, metadata }, signal);
  };

  /** All photos of a request, shared among the workers; a failure says which of them it is about. */
  const classifyAll = (
    list: string,
    all: readonly RequestPhoto[],
    signal: AbortSignal,
  ): Promise<(readonly number[])[]> =>
    Promise.all(
      all.map((photo, index) =>
        classify(photo, signal).catch((error: unknown) => {
          throw error instanceof HttpError && error !== signal.reason ? ofPhoto(list, index, error) : error;
        }),
      ),
    );

  const answer = async (request: Request, body: Buffer, signal: AbortSignal): Promise<string> => {
    const type = request.headers['content-type'] ?? '';
    if (/^multipart\/form-data\s*;/i.test(type)) {
      const files = await readFormPhotos(body, type, settings.MAX_IMAGES_PER_REQUEST);
      return answers.photos(
        await classifyAll(
          'files',
          files.map((bytes) => ({ kind: 'file', bytes })),
          signal,
        ),
      );
    }
    if (/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type) && !isPhoto(body)) {
      const { format, photos: all } = await pool.run({ kind: 'json', bytes: body }, signal);
      return answers.tensorFlow(format, await classifyAll(format, all, signal));
    }
    return answers.photos([await classify({ kind: 'file', bytes: body }, signal)]);
  };

  const invoke = async (request: Request, response: Response): Promise<void> => {
    const attributes = request.headers[CUSTOM_ATTRIBUTES_HEADER];
    if (typeof attributes === 'string') {
      contextOf(request).log.debug({ customAttributes: attributes.slice(0, 1024) }, 'custom attributes');
      // The container's answer carries them on to the caller.
      response.setHeader(CUSTOM_ATTRIBUTES_HEADER, attributes.slice(0, 1024));
    }
    if (request.accepts('application/json') === false)
      throw new HttpError(406, 'not_acceptable', 'answers are application/json; leave Accept out, or name that');
    if (!pool.isReady)
      throw new HttpError(503, 'model_loading', 'the model is still being loaded; try again in a moment', {
        retryAfterSeconds: 2,
      });
    const time = deadline(request, settings.REQUEST_TIMEOUT_SECONDS);
    let release: (() => void) | undefined;
    try {
      release = await admission.acquire(bodies.expectedBytes(request), time.signal);
      const text = await answer(request, await bodies.read(request, response, time.signal), time.signal);
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Content-Length', Buffer.byteLength(text));
      response.end(text);
    } finally {
      release?.();
      time.done();
    }
  };

  return createServiceApp({
    logger,
    metrics,
    lifecycle,
    routes: (app) => {
      app.get('/ping', (_request, response) => {
        const status = lifecycle.draining ? 'stopping' : pool.isReady ? 'ready' : 'loading';
        response.status(status === 'ready' ? 200 : 503).json({ status });
      });
      // What a batch transform asks before it begins; the product of the first and the last must not exceed 100.
      app.get('/execution-parameters', (_request, response) => {
        const MaxPayloadInMB = Math.min(100, Math.max(1, Math.floor(settings.MAX_IMAGE_BYTES / MiB)));
        response.json({
          MaxConcurrentTransforms: Math.max(1, Math.min(workers * 2, Math.floor(100 / MaxPayloadInMB))),
          BatchStrategy: 'SINGLE_RECORD',
          MaxPayloadInMB,
        });
      });
      app.get('/', (_request, response) => {
        response.json({
          service: 'model-endpoint',
          version,
          model: { name: model.name, version: model.version },
          labels: model.labels.map(({ label }) => label),
          routes: ['GET /ping', 'GET /execution-parameters', 'POST /invocations'],
        });
      });
      app.post('/invocations', invoke);
    },
  });
}
