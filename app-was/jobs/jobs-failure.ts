import { JobsApiError } from '@strata/jobs-client';
import { HttpError } from '@strata/service-runtime';

/** Statuses that say something of the request itself. */
const OF_THE_REQUEST = [400, 404, 409, 413, 415, 429];
/** After how many seconds a request may succeed where nobody says when. */
const RETRY_SECONDS = 5;
const UNAVAILABLE = 'jobs are not taken at the moment; try again';

/**
 * Turns what the jobs layer's API refused into the error that the client sees: what is wrong with the request as the API
 * says it, anything else without names of roles, functions and hosts, which the log has.
 */
export function jobsFailure(cause: unknown): unknown {
  if (!(cause instanceof JobsApiError)) return cause;
  const { status, code, message, retryAfterSeconds } = cause;
  if (OF_THE_REQUEST.includes(status) && code !== 'refused')
    return new HttpError(status, code, message, { cause, retryAfterSeconds });
  // What API Gateway itself refuses: too many requests a second, all callers together.
  if (status === 429)
    return new HttpError(429, 'too_many_requests', 'many people ask right now; try again', {
      cause,
      retryAfterSeconds: retryAfterSeconds ?? 1,
    });
  return new HttpError(503, status === 503 && code !== 'refused' ? code : 'jobs_unavailable', UNAVAILABLE, {
    cause,
    retryAfterSeconds: retryAfterSeconds ?? (status === 401 || status === 403 ? 60 : RETRY_SECONDS),
  });
}
