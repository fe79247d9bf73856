import { HttpError } from '@strata/service-runtime';
import type { WasAnswer } from './was-client';

/**
 * The codes that app-was answers with; docs/apps.md lists them. One that is not of this form comes from something else.
 */
const CODE = /^[a-z]+(_[a-z]+)*$/;

/** The failure that app-was reported, as app-web's own. What is not of the agreed form is not passed on. */
export function refusal({ status, body, retryAfter }: WasAnswer): HttpError {
  const error = (body as { error?: { code?: unknown; message?: unknown; details?: unknown } } | null)?.error;
  if (
    status < 400 ||
    status > 599 ||
    typeof error?.code !== 'string' ||
    !CODE.test(error.code) ||
    typeof error.message !== 'string'
  ) {
    return new HttpError(502, 'was_answer_invalid', 'app-was gave an answer that cannot be understood', {
      cause: new Error(`status ${status} without an error of the agreed form`),
    });
  }
  const seconds = Number(retryAfter);
  return new HttpError(status, error.code, error.message, {
    ...(Number.isInteger(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
    ...(isFacts(error.details) ? { details: error.details } : {}),
  });
}

function isFacts(details: unknown): details is Record<string, string | number> {
  return (
    typeof details === 'object' &&
    details !== null &&
    Object.values(details).every((value) => typeof value === 'string' || typeof value === 'number')
  );
}

/**
 * The result that app-was gave.
 * @throws HttpError 502 when there is none that a page could show.
 */
export function resultOf({ body }: WasAnswer): object {
  const result = (body as { result?: Record<string, unknown> } | null)?.result;
  if (
    typeof result !== 'object' ||
    result === null ||
    typeof result['name'] !== 'string' ||
    typeof result['acc'] !== 'number'
  ) {
    throw new HttpError(502, 'was_answer_invalid', 'app-was gave an answer that cannot be understood', {
      cause: new Error('no result of the agreed form'),
    });
  }
  return result;
}
