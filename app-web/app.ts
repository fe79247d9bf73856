import {
  Admission,
  contextOf,
  createServiceApp,
  HttpError,
  readImageIdentity,
  type ServiceParts,
} from '@strata/service-runtime';
import type { Express, Request, RequestHandler, Response } from 'express';
import { addJobsRoutes } from './jobs-routes';
import { version } from './package.json';
import { PageAssets } from './page-assets';
import { refusal, resultOf } from './was-answers';
import { WasClient, type WasAnswer, type WasCall } from './was-client';
import type { Settings } from './settings';

/** What a form may weigh besides its photo. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

/** The app-web service: the pages, and the way from them to app-was. */
export function createApp({
  settings,
  logger,
  metrics,
  lifecycle,
  pageFolder,
}: ServiceParts<Settings> & { readonly pageFolder: string }): Express {
  const { JOBS_UPLOAD_ORIGIN: uploadOrigin } = settings;
  const assets = new PageAssets(pageFolder, {
    version,
    maxBytes: settings.MAX_IMAGE_BYTES,
    offersJobs: uploadOrigin !== undefined,
  });
  const was = new WasClient(settings.APP_WAS_URL, settings.MAX_IN_FLIGHT + 64);
  const image = readImageIdentity(process.env);
  const admission = new Admission({
    maxInFlight: settings.MAX_IN_FLIGHT,
    maxBytes: Infinity,
    maxWaiting: 0,
    maxWaitSeconds: 1,
  });

  const ask = (path: WasCall['path'], request: Request): Promise<WasAnswer> => {
    const { requestId, signal } = contextOf(request);
    return was.call({ method: 'GET', path, requestId, signal, timeoutSeconds: settings.WAS_TIMEOUT_SECONDS });
  };

  const classify = async (request: Request, response: Response): Promise<void> => {
    const { requestId, signal } = contextOf(request);
    const headers = uploadHeaders(request, settings.MAX_IMAGE_BYTES);
    const release = await admission.acquire(0, signal);
    try {
      const answer = await was.call({
        method: 'POST',
        path: '/classify/image',
        headers,
        requestId,
        signal,
        body: request,
        timeoutSeconds: settings.WAS_TIMEOUT_SECONDS,
      });
      if (answer.status !== 200) throw refusal(answer);
      response.setHeader('Cache-Control', 'no-store');
      response.json({ result: resultOf(answer), requestId });
    } finally {
      release();
    }
  };

  return createServiceApp({
    logger,
    metrics,
    lifecycle,
    connectOrigins: uploadOrigin === undefined ? [] : [uploadOrigin],
    routes: (app) => {
      app.get('/', (request, response) => assets.sendPage('index', request, response));
      app.get('/was/check', (request, response) => assets.sendPage('connection', request, response));
      app.get('/assets/:name', (request, response, next) => {
        if (!assets.sendFile(request.params.name, request, response)) next();
      });
      app.get('/health', (_request, response) => {
        response.json({ message: 'WEB-Connected' });
      });
      app.get('/version', async (_request, response) => {
        response.json({ service: 'app-web', version, image: (await image) ?? null });
      });
      app.get('/ready', async (request, response) => {
        response.setHeader('Cache-Control', 'no-store');
        if (lifecycle.draining) {
          response.status(503).json({ ready: false, draining: true });
          return;
        }
        const problem = await ask('/health', request).then(healthy, (error: unknown) =>
          error instanceof HttpError ? error.code : 'internal',
        );
        response.status(problem === undefined ? 200 : 503).json({
          ready: problem === undefined,
          checks: { 'app-was': problem === undefined ? { ok: true } : { ok: false, code: problem } },
        });
      });
      app.get('/was/health', async (request, response) => {
        response.setHeader('Cache-Control', 'no-store');
        const answer = await ask('/health', request);
        if (healthy(answer) !== undefined) throw refusal(answer);
        response.json({ 'was-health': { message: 'WAS-Connected' } });
      });
      app.get('/was/ready', async (request, response) => {
        response.setHeader('Cache-Control', 'no-store');
        const { status, body } = await ask('/ready', request);
        if ((status !== 200 && status !== 503) || typeof body !== 'object')
          throw refusal({ status, body, retryAfter: undefined });
        response.status(status).json(body);
      });
      app.post('/classify/image', sameOriginOnly('photos are'), classify);
      if (uploadOrigin !== undefined)
        app.get('/comments', (request, response) => assets.sendPage('comments', request, response));
      addJobsRoutes(app, { was, timeoutSeconds: settings.WAS_TIMEOUT_SECONDS, guard: sameOriginOnly('files are') });
    },
  });
}

/** The code of what is wrong with app-was's health; undefined where nothing is. */
function healthy({ status, body }: WasAnswer): string | undefined {
  return status === 200 && (body as { message?: unknown } | null)?.message === 'WAS-Connected'
    ? undefined
    : 'was_answer_invalid';
}

/** The headers of an upload that app-was needs, checked as far as headers go. */
function uploadHeaders(request: Request, maxBytes: number): Record<string, string> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type))
    throw new HttpError(415, 'not_a_form', 'send the photo as multipart/form-data, in the field "file"');
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > maxBytes + FORM_OVERHEAD_BYTES) {
    throw new HttpError(413, 'file_too_large', `the file is too large; at most ${maxBytes} bytes are allowed`, {
      details: { maxBytes },
    });
  }
  const language = request.headers['accept-language'];
  return {
    'content-type': type,
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(language === undefined ? {} : { 'accept-language': language }),
  };
}

/**
 * Another site's page must not spend this site's model and workers. Browsers say where a request comes from; other
 * clients need not.
 */
function sameOriginOnly(what: string): RequestHandler {
  return (request, _response, next) => {
    if (request.headers['sec-fetch-site'] === 'cross-site')
      throw new HttpError(403, 'cross_site', `${what} taken from this site only`);
    next();
  };
}
