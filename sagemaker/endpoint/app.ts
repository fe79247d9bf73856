import { Admission, createServiceApp, type ServiceParts } from '@strata/service-runtime';
import type { Express } from 'express';
import { AnswerWriter } from './answer';
import { executionParameters } from './batch-transform';
import { Classifier } from './classifier';
import { usableCores } from './cores';
import { InferencePool } from './inference-pool';
import { Invocations } from './invocations';
import { photoMetrics, registerLoadGauges } from './metrics';
import { readModelFolder, type ModelFolder } from './model-folder';
import { version } from './package.json';
import type { Settings } from './settings';

type Parts = ServiceParts<Settings>;

/**
 * The inference container's app: SageMaker's hosting contract in front of the model. Requests go through
 * `Invocations` to the `Classifier`, which has the photos classified by the workers of the `InferencePool`.
 *
 * Contract: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 *
 * @param onBroken called when the model cannot be served any more
 * @throws StartError when the model folder is not what it should be.
 */
export function createApp(parts: Parts, onBroken: (error: Error) => void): Express {
  const { settings, logger, metrics, lifecycle } = parts;
  const model = readModel(settings);
  const workers = settings.WORKERS ?? Math.max(1, Math.floor(usableCores() / settings.THREADS_PER_WORKER));
  const pool = startPool(parts, model, workers, onBroken);
  const admission = new Admission({
    maxInFlight: settings.MAX_IN_FLIGHT,
    maxBytes: settings.MAX_BUFFERED_BYTES,
    maxWaiting: settings.MAX_WAITING,
    maxWaitSeconds: settings.MAX_WAIT_SECONDS,
  });
  const classifier = new Classifier({ pool, labels: model.labels, metrics: photoMetrics(metrics), limits: settings });
  const invocations = new Invocations({ settings, pool, classifier, admission, answers: new AnswerWriter(model) });
  registerLoadGauges(metrics, { admission, pool });

  return createServiceApp({
    logger,
    metrics,
    lifecycle,
    routes: (app) => {
      app.get('/ping', (_request, response) => {
        const status = lifecycle.draining ? 'stopping' : pool.isReady ? 'ready' : 'loading';
        response.status(status === 'ready' ? 200 : 503).json({ status });
      });
      app.get('/execution-parameters', (_request, response) => {
        response.json(executionParameters(settings, workers));
      });
      app.get('/', (_request, response) => {
        response.json(description(model));
      });
      app.post('/invocations', (request, response) => invocations.handle(request, response));
    },
  });
}

/** The model's folder; the settings may name the model and its version otherwise. */
function readModel({ MODEL_DIR, MODEL_NAME, MODEL_VERSION }: Settings): ModelFolder {
  const folder = readModelFolder(MODEL_DIR);
  return { ...folder, name: MODEL_NAME ?? folder.name, version: MODEL_VERSION ?? folder.version };
}

function startPool(
  { settings, logger }: Parts,
  model: ModelFolder,
  workers: number,
  onBroken: (error: Error) => void,
): InferencePool {
  const started = performance.now();
  return new InferencePool({
    workers,
    data: {
      model,
      threads: settings.THREADS_PER_WORKER,
      jpegLibrary: settings.TURBOJPEG_LIBRARY,
      limits: { maxImages: settings.MAX_IMAGES_PER_REQUEST, maxPixels: settings.MAX_IMAGE_PIXELS },
    },
    onReady: (ready) => {
      const { name, version: modelVersion, labels } = model;
      const milliseconds = Math.round(performance.now() - started);
      logger.info(
        { model: { name, version: modelVersion }, classes: labels.length, workers, ...ready, milliseconds },
        'the model is ready',
      );
    },
    onBroken,
  });
}

/** What `GET /` answers. */
function description({ name, version: modelVersion, labels }: ModelFolder) {
  return {
    service: 'model-endpoint',
    version,
    model: { name, version: modelVersion },
    labels: labels.map(({ label }) => label),
    routes: ['GET /ping', 'GET /execution-parameters', 'POST /invocations'],
  };
}
