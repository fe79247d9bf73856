import { contextOf, HttpError } from '@strata/service-runtime';
import type { Express, Request, RequestHandler } from 'express';
import { refusal } from './was-answers';
import type { WasCall, WasClient } from './was-client';

/** What a request about a job may weigh; files go to the bucket, not through here. */
const MAX_BODY_BYTES = 16 * 1024;
const ROUTES = [
  ['POST', '/jobs/uploads'],
  ['POST', '/jobs'],
  ['GET', '/jobs/:jobId'],
  ['GET', '/jobs/:jobId/rows'],
  ['GET', '/jobs/:jobId/download'],
  ['POST', '/jobs/:jobId/cancel'],
] as const;

export interface JobsRoutesProps {
  readonly was: WasClient;
  readonly timeoutSeconds: number;
  /** In front of what changes something. */
  readonly guard: RequestHandler;
}

/** Passes requests about jobs on to app-was, which knows whether jobs are offered. */
export function addJobsRoutes(app: Express, { was, timeoutSeconds, guard }: JobsRoutesProps): void {
  for (const [method, path] of ROUTES) {
    const forward: RequestHandler = async (request, response) => {
      const { requestId, signal } = contextOf(request);
      const answer = await was.call({
        method,
        path: pathOf(request, path),
        requestId,
        signal,
        timeoutSeconds,
        ...(method === 'POST' && bodyOf(request)),
      });
      if (answer.status < 200 || answer.status > 299 || typeof answer.body !== 'object') throw refusal(answer);
      response.setHeader('Cache-Control', 'no-store');
      response.status(answer.status).json({ ...answer.body, requestId });
    };
    if (method === 'GET') app.get(path, forward);
    else app.post(path, guard, forward);
  }
}

/** The same path, written anew from its parts: nothing that a browser sends becomes another path. */
function pathOf(request: Request, path: string): WasCall['path'] {
  const { jobId } = request.params;
  const made = typeof jobId === 'string' ? path.replace(':jobId', encodeURIComponent(jobId)) : path;
  const query = new URLSearchParams(request.query as Record<string, string>).toString();
  return (query === '' ? made : `${made}?${query}`) as WasCall['path'];
}

function bodyOf(request: Request): Pick<WasCall, 'headers' | 'body'> {
  const length = request.headers['content-length'];
  if (length === undefined || length === '0') return {};
  if (!(Number(length) <= MAX_BODY_BYTES))
    throw new HttpError(413, 'too_large', `the request is too large; at most ${MAX_BODY_BYTES} bytes are allowed`);
  return { body: request, headers: { 'content-type': 'application/json', 'content-length': length } };
}
