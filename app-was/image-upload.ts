import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { HttpError } from '@strata/service-runtime';
import type { IncomingMessage } from 'node:http';

/** The form field that holds the photo. */
export const FILE_FIELD = 'file';

/** How many bytes a form may add to its photo: boundaries, part headers, small fields. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

export interface UploadLimits {
  /** Largest photo in bytes. */
  readonly maxBytes: number;
  /** How long the upload may stall. */
  readonly idleSeconds: number;
}

/**
 * How many bytes to reserve for a request, judging by its headers alone.
 * @throws HttpError 415 when it is not a form, 413 when its Content-Length is too large.
 */
export function expectedBytes(request: IncomingMessage, limits: UploadLimits): number {
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'not_a_form', `send the photo as multipart/form-data, in the field "${FILE_FIELD}"`);
  }
  const announced =
    request.headers['content-length'] === undefined ? undefined : Number(request.headers['content-length']);
  if (announced === undefined || Number.isNaN(announced)) return limits.maxBytes;
  if (announced > limits.maxBytes + FORM_OVERHEAD_BYTES) throw tooLarge(limits.maxBytes);
  return Math.min(announced, limits.maxBytes);
}

/**
 * Reads the photo from a form into memory, never to disk.
 * @throws HttpError 400 when the form is malformed or does not contain exactly one photo, 408 when it stalls, 413 when
 *   the photo is too large.
 */
export function readUpload(request: IncomingMessage, limits: UploadLimits, signal: AbortSignal): Promise<Buffer> {
  const capacity = expectedBytes(request, limits);
  let busboy: BusboyInstance;
  try {
    busboy = new Busboy({
      headers: request.headers as { 'content-type': string },
      limits: {
        files: 1,
        fileSize: limits.maxBytes,
        fields: 16,
        fieldSize: 1024,
        fieldNameSize: 100,
        parts: 17,
        headerPairs: 32,
      },
    });
  } catch (cause) {
    return Promise.reject(malformed(cause));
  }

  return new Promise((resolve, reject) => {
    // Neither zeroed nor touched before data arrives: a client that announces a size and never sends it costs no memory.
    const photo = Buffer.allocUnsafeSlow(capacity);
    let length = 0;
    let files = 0;
    let settled = false;

    const settle = (action: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(idle);
      request.off('data', onData).off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      action();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail(signal.reason);
    const idle = setTimeout(
      () => fail(new HttpError(408, 'upload_stalled', 'the upload stood still for too long; try again')),
      limits.idleSeconds * 1000,
    );
    let received = 0;
    const onData = (chunk: Buffer): void => {
      idle.refresh();
      received += chunk.length;
      if (received > limits.maxBytes + FORM_OVERHEAD_BYTES) fail(tooLarge(limits.maxBytes));
      else busboy.write(chunk);
    };
    const onEnd = (): void => {
      busboy.end();
      // For the same reason, the end of the form may never be reported.
      setTimeout(() => fail(malformed(new Error('the form does not end'))), 250).unref();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });

    busboy.on('file', (field, stream) => {
      stream.on('error', (cause) => fail(malformed(cause)));
      if (field !== FILE_FIELD) {
        stream.resume();
        return;
      }
      files += 1;
      stream.on('data', (chunk: Buffer) => {
        if (settled) return;
        if (length + chunk.length > capacity) return fail(tooLarge(limits.maxBytes));
        length += chunk.copy(photo, length);
      });
      stream.on('limit', () => fail(tooLarge(limits.maxBytes)));
    });
    for (const event of ['filesLimit', 'partsLimit', 'fieldsLimit'] as const) {
      busboy.on(event, () => fail(new HttpError(400, 'form_too_large', 'the form has too many parts; send one photo')));
    }
    // Stays attached: busboy may report more than one error.
    busboy.on('error', (cause: unknown) => fail(malformed(cause)));
    busboy.on('finish', () => {
      if (files === 0) fail(new HttpError(400, 'file_missing', `the form has no photo in its field "${FILE_FIELD}"`));
      else if (length === 0) fail(new HttpError(400, 'file_empty', 'the file is empty'));
      else settle(() => resolve(photo.subarray(0, length)));
    });
    request.once('error', (cause) => fail(malformed(cause)));
    // Not piped: the parser can stop reading for good in the middle of a malformed part. The form's maximum size bounds
    // what it has not read yet.
    request.on('data', onData).on('end', onEnd);
  });
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, 'file_too_large', `the file is too large; at most ${maxBytes} bytes are allowed`, {
    details: { maxBytes },
  });
}

function malformed(cause: unknown): HttpError {
  return new HttpError(400, 'form_malformed', 'the form is not well formed', { cause });
}
