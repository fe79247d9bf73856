import { HttpError } from '@strata/service-runtime';

/** The fields we read from SDK errors; `OriginalStatusCode` is the container's own status when the model failed. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly OriginalStatusCode?: number;
  readonly code?: string;
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|ModelNotReady)/;
const BROKEN = /^(ECONNRESET|EPIPE)$/;
const REFUSED =
  /^(AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|MissingAuthentication|IncompleteSignature|InvalidClientToken|CredentialsProvider|SignatureDoesNotMatch)/;

/**
 * Turns a failed endpoint call into the error that the client sees. The cause goes to the log only: clients must not
 * learn the names of roles, endpoints and hosts.
 *
 * Errors of the call: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export function endpointFailure(cause: unknown, timedOut: boolean): HttpError {
  const error = cause as SdkError;
  const name = error?.name ?? '';
  const status = error?.$metadata?.httpStatusCode;
  // The SDK reports a reset connection as a timeout, too.
  if (timedOut || (name === 'TimeoutError' && !BROKEN.test(error.code ?? ''))) {
    return new HttpError(504, 'model_timeout', 'the model took too long to answer; try again', {
      cause,
      retryAfterSeconds: 5,
    });
  }
  if (name === 'ModelError') {
    const original = error.OriginalStatusCode ?? 500;
    if ([400, 413, 415, 422].includes(original))
      return new HttpError(422, 'image_refused', 'the model cannot read this photo', { cause });
    if (original === 429 || original === 503) return busy(cause);
    return new HttpError(502, 'model_error', 'the model failed on this photo; try again', {
      cause,
      retryAfterSeconds: 5,
    });
  }
  if (THROTTLED.test(name) || status === 429) return busy(cause);
  if (REFUSED.test(name) || status === 401 || status === 403) {
    return new HttpError(503, 'model_unavailable', 'the model cannot be used at the moment', {
      cause,
      retryAfterSeconds: 60,
    });
  }
  if (isMissing(error, name))
    return new HttpError(503, 'model_missing', 'there is no model yet', { cause, retryAfterSeconds: 60 });
  if (name === 'SyntaxError' && !(status !== undefined && status >= 500))
    return new HttpError(502, 'model_answer_invalid', 'the model gave an answer that cannot be understood', { cause });
  return new HttpError(503, 'model_unavailable', 'the model cannot be used at the moment', {
    cause,
    retryAfterSeconds: 10,
  });
}

/** InvokeEndpoint has no dedicated error for this: "Endpoint image-classifier of account 111122223333 not found." */
function isMissing(error: SdkError, name: string): boolean {
  return (/^Validation/.test(name) && /not found/i.test(error.message)) || /^ResourceNotFound/.test(name);
}

function busy(cause: unknown): HttpError {
  return new HttpError(503, 'model_busy', 'the model is busy; try again in a moment', { cause, retryAfterSeconds: 2 });
}
