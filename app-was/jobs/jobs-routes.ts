import type { JobsClient } from '@strata/jobs-client';
import { contextOf, HttpError } from '@strata/service-runtime';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import * as z from 'zod';
import { jobsFailure } from './jobs-failure';

/** Job ids are 128 random bits: who has not been told one does not find it, and nobody is told a list of them. */
const JOB_ID = /^[\w-]{22}$/;
/** Longest that a question waits for news: less than API Gateway waits for a function. */
const MAX_WAIT_SECONDS = 20;
const MAX_ROWS = 500;

const upload = z.strictObject({ contentType: z.string().min(1).max(100) });
const submit = z.strictObject({ jobId: z.string().regex(JOB_ID, 'use the jobId that POST /jobs/uploads answered') });

export const JOBS_ROUTES = [
  'POST /jobs/uploads',
  'POST /jobs',
  'GET /jobs/:jobId',
  'GET /jobs/:jobId/rows',
  'GET /jobs/:jobId/download',
  'POST /jobs/:jobId/cancel',
];

/** The way to the jobs layer. Without one, every route answers that jobs are not offered. */
export function addJobsRoutes(app: Express, jobs: JobsClient | undefined, kind: string): void {
  if (jobs === undefined) {
    app.all(['/jobs', '/jobs/*path'], () => {
      throw new HttpError(404, 'jobs_not_offered', 'jobs are not offered here: this environment has no jobs layer');
    });
    return;
  }
  type Answer = (request: Request, signal: AbortSignal) => Promise<{ readonly status?: number; readonly body: object }>;
  const route =
    (answer: Answer): RequestHandler =>
    async (request, response: Response) => {
      const { signal, requestId } = contextOf(request);
      try {
        const { status = 200, body } = await answer(request, signal);
        response.setHeader('Cache-Control', 'no-store');
        response.status(status).json({ ...body, requestId });
      } catch (error) {
        signal.throwIfAborted();
        throw jobsFailure(error);
      }
    };
  const json = express.json({ limit: '16kb' });

  app.post(
    '/jobs/uploads',
    json,
    route(async (request, signal) => {
      const { contentType } = bodyOf(request, upload);
      return { status: 201, body: { ...(await jobs.createUpload(contentType, { signal })) } };
    }),
  );
  app.post(
    '/jobs',
    json,
    route(async (request, signal) => {
      const { jobId } = bodyOf(request, submit);
      await jobs.submitUploaded({ jobId, kind, signal });
      return { status: 202, body: { jobId } };
    }),
  );
  app.get(
    '/jobs/:jobId',
    route(async (request, signal) => {
      const waitSeconds = numberOf(request, 'wait', { min: 0, max: MAX_WAIT_SECONDS, default: 0 });
      return { body: { job: await jobs.get(jobIdOf(request), { waitSeconds, signal }) } };
    }),
  );
  app.get(
    '/jobs/:jobId/rows',
    route(async (request, signal) => {
      const after = numberOf(request, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER, default: 0 });
      const limit = numberOf(request, 'limit', { min: 1, max: MAX_ROWS, default: 100 });
      return { body: { ...(await jobs.rowPage(jobIdOf(request), { after, limit, signal })) } };
    }),
  );
  app.get(
    '/jobs/:jobId/download',
    route(async (request, signal) => ({ body: { ...(await jobs.download(jobIdOf(request), { signal })) } })),
  );
  app.post(
    '/jobs/:jobId/cancel',
    route(async (request, signal) => ({ body: { job: await jobs.cancel(jobIdOf(request), { signal }) } })),
  );
}

function jobIdOf(request: Request): string {
  const { jobId } = request.params;
  if (typeof jobId === 'string' && JOB_ID.test(jobId)) return jobId;
  throw new HttpError(404, 'not_found', 'there is no such job');
}

function bodyOf<T>(request: Request, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError(400, 'bad_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

function numberOf(
  request: Request,
  name: string,
  { min, max, ...range }: { readonly min: number; readonly max: number; readonly default: number },
): number {
  const text = request.query[name] ?? String(range.default);
  if (typeof text === 'string' && /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max)
    return Number(text);
  const shown = JSON.stringify(text).slice(0, 50);
  throw new HttpError(400, 'bad_request', `${name}: ${shown} is not allowed; use a whole number from ${min} to ${max}`);
}
