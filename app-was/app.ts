import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import {
  Admission,
  contextOf,
  Counter,
  createServiceApp,
  Gauge,
  HttpError,
  readImageIdentity,
  type ServiceParts,
} from '@strata/service-runtime';
import type { Express, Request, Response } from 'express';
import { chooseLanguage, classification } from './classification';
import { ModelEndpoint } from './endpoint';
import { expectedBytes, readUpload } from './image-upload';
import { openJobsApi } from './jobs/jobs-api';
import { addJobsRoutes, JOBS_ROUTES } from './jobs/jobs-routes';
import { version } from './package.json';
import { EndpointReadiness } from './readiness';
import type { Settings } from './settings';

/**
 * app-was, the web application server (WAS): takes photos and returns the names of the flowers in them, and takes files
 * of comments as jobs.
 */
export function createApp({ settings, logger, metrics, lifecycle }: ServiceParts<Settings>): Express {
  const endpoint = new ModelEndpoint(settings);
  const readiness = new EndpointReadiness(endpoint);
  const admission = new Admission({
    maxInFlight: settings.MAX_IN_FLIGHT,
    maxBytes: settings.MAX_BUFFERED_BYTES,
    maxWaiting: settings.MAX_WAITING,
    maxWaitSeconds: settings.MAX_WAIT_SECONDS,
  });
  const limits = { maxBytes: settings.MAX_IMAGE_BYTES, idleSeconds: settings.UPLOAD_IDLE_SECONDS };
  const image = readImageIdentity(process.env);
  const jobs = openJobsApi(settings);

  const registers = [metrics.registry];
  const calls = new Counter({
    name: 'endpoint_calls_total',
    help: 'Photos sent to the endpoint, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const sent = new Counter({
    name: 'endpoint_sent_bytes_total',
    help: 'Bytes of photos sent to the endpoint',
    registers,
  });
  new Gauge({
    name: 'photos_in_flight',
    help: 'Photos being worked on',
    registers,
    collect() {
      this.set(admission.inFlight);
    },
  });
  new Gauge({
    name: 'photos_waiting',
    help: 'Photos waiting for a slot',
    registers,
    collect() {
      this.set(admission.waiting);
    },
  });
  new Gauge({
    name: 'photos_held_bytes',
    help: 'Bytes reserved for photos',
    registers,
    collect() {
      this.set(admission.bytes);
    },
  });

  const classify = async (request: Request, response: Response): Promise<void> => {
    const { requestId, signal } = contextOf(request);
    const release = await admission.acquire(expectedBytes(request, limits), signal);
    try {
      const photo = await readUpload(request, limits, signal);
      const metadata = readImageMetadata(photo, settings.MAX_IMAGE_PIXELS);
      sent.inc(photo.length);
      const answer = await endpoint.classify({ image: photo, type: metadata.type, requestId, signal });
      readiness.note({ ok: true, model: answer.model });
      calls.inc({ outcome: 'ok' });
      response.setHeader('Cache-Control', 'no-store');
      response.json({
        result: classification(answer, chooseLanguage(request.acceptsLanguages()), {
          ...metadata,
          bytes: photo.length,
        }),
        requestId,
      });
    } catch (error) {
      if (error instanceof HttpError && error.code.startsWith('model_')) calls.inc({ outcome: error.code });
      throw error;
    } finally {
      release();
    }
  };

  return createServiceApp({
    logger,
    metrics,
    lifecycle,
    routes: (app) => {
      app.get('/', (_request, response) => {
        response.json({
          service: 'app-was',
          version,
          routes: [
            'GET /health',
            'GET /ready',
            'GET /version',
            'POST /classify/image',
            ...(jobs === undefined ? [] : JOBS_ROUTES),
          ],
        });
      });
      app.get('/health', (_request, response) => {
        response.json({ message: 'WAS-Connected' });
      });
      app.get('/version', async (_request, response) => {
        response.json({ service: 'app-was', version, image: (await image) ?? null });
      });
      app.get('/ready', async (request, response) => {
        response.setHeader('Cache-Control', 'no-store');
        if (lifecycle.draining) {
          response.status(503).json({ ready: false, draining: true });
          return;
        }
        const state = await readiness.state(contextOf(request).requestId);
        response.status(state.ok ? 200 : 503).json({ ready: state.ok, checks: { endpoint: state } });
      });
      app.post('/classify/image', classify);
      addJobsRoutes(app, jobs, settings.JOBS_KIND);
    },
  });
}
