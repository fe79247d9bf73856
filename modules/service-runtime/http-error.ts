/**
 * An error that is sent to the client: a status, a code for programs and a sentence for people. Nothing else reaches
 * the client.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Details of the error, such as a limit. */
  readonly details?: Readonly<Record<string, string | number>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly retryAfterSeconds?: number;
      readonly details?: Readonly<Record<string, string | number>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }
}

/** The JSON form of an error, the same for every service and route. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, string | number>>;
  };
  readonly requestId?: string;
}

export function errorBody(error: HttpError, requestId?: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    requestId,
  };
}
