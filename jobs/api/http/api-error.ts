/** An answer that is not what the client asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** After how many seconds the same request may succeed. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
