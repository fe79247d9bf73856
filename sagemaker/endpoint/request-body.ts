import { contextOf, HttpError } from '@strata/service-runtime';
import express, { type Request, type Response } from 'express';

/** Reads request bodies into memory, regardless of their content type. */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #read: ReturnType<typeof express.raw>;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#read = express.raw({ type: () => true, limit: maxBytes, inflate: false });
  }

  /**
   * How many bytes to reserve for a request, judging by its headers alone.
   * @throws HttpError 413 when its Content-Length is too large.
   */
  expectedBytes(request: Request): number {
    const announced =
      request.headers['content-length'] === undefined ? Number.NaN : Number(request.headers['content-length']);
    if (announced > this.#maxBytes) throw tooLarge(this.#maxBytes);
    return Number.isNaN(announced) ? this.#maxBytes : announced;
  }

  /**
   * @throws HttpError 400 when the body is empty or breaks off, 413 when it is too large, 415 when it is compressed;
   *   the signal's reason when it aborts before the body's end.
   */
  async read(request: Request, response: Response, signal: AbortSignal): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#read(request, response, (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        if (error === undefined || error === null) resolve();
        else reject(this.#refusal(error as { readonly type?: string }));
      });
    });
    const body: unknown = request.body;
    if (Buffer.isBuffer(body) && body.length > 0) return body;
    throw new HttpError(400, 'body_empty', 'the request has no body; send a photo, or JSON with photos in it');
  }

  #refusal(error: { readonly type?: string }): HttpError {
    switch (error.type) {
      case 'entity.too.large':
        return tooLarge(this.#maxBytes);
      case 'encoding.unsupported':
        return new HttpError(
          415,
          'unsupported_encoding',
          'a compressed body (Content-Encoding) is not taken; photos are compressed already',
        );
      default:
        return new HttpError(400, 'body_incomplete', 'the request breaks off before its end', { cause: error });
    }
  }
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, 'body_too_large', `the request is too large; at most ${maxBytes} bytes are allowed`, {
    details: { maxBytes },
  });
}

/** Aborts at the request's deadline, or earlier if its client goes away. Call `done` when it is answered. */
export function deadline(request: Request, seconds: number): { readonly signal: AbortSignal; done(): void } {
  const { signal: gone } = contextOf(request);
  const controller = new AbortController();
  const timer = setTimeout(
    () =>
      controller.abort(
        new HttpError(503, 'timeout', `the request was not done within ${seconds} s; try again`, {
          retryAfterSeconds: 5,
        }),
      ),
    seconds * 1000,
  );
  return { signal: AbortSignal.any([gone, controller.signal]), done: () => clearTimeout(timer) };
}
