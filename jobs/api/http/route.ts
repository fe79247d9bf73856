import { isOutage } from '@strata/worker-runtime/jobs';
import type * as z from 'zod';

import type { ApiContext } from '../context';
import { ApiError } from './api-error';
import type { HttpAnswer, HttpEvent } from './event';
import { tenantOf } from './tenant-of';

export interface Call {
  readonly event: HttpEvent;
  readonly tenant: string;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export type Route = (context: ApiContext, call: Call) => Promise<Reply>;

/** When a paused database may be there: Aurora takes about 15 s to resume. */
const RESUME_SECONDS = 10;

/** A function of an HTTP API: finds the route, answers in JSON, and says of each failure what to do. */
export function httpHandler(
  context: ApiContext,
  routes: Readonly<Record<string, Route>>,
): (event: HttpEvent) => Promise<HttpAnswer> {
  return async (event) => {
    try {
      const route = routes[event.routeKey];
      if (route === undefined) throw new ApiError(404, 'not_found', `there is no ${event.routeKey}`);
      const { status, body } = await route(context, { event, tenant: tenantOf(event, context.settings.tenant) });
      return answer(status, body);
    } catch (error) {
      const known = error instanceof ApiError ? error : unexpected(error);
      const after = known.retryAfterSeconds;
      return answer(
        known.status,
        { error: { code: known.code, message: known.message } },
        after === undefined ? {} : { 'retry-after': String(after) },
      );
    }
  };
}

function unexpected(error: unknown): ApiError {
  console.error(error);
  const isDatabase = !(error as { $metadata?: unknown }).$metadata && isOutage(error);
  return isDatabase
    ? new ApiError(503, 'database_unavailable', 'the database is starting; repeat the request', RESUME_SECONDS)
    : new ApiError(502, 'unavailable', 'AWS did not answer; repeat the request', 1);
}

function answer(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** @throws ApiError 400 that names the field */
export function readBody<T>(event: HttpEvent, schema: z.ZodType<T>): T {
  const text = event.isBase64Encoded === true ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'bad_request', 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError(400, 'bad_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}
