import type { ImageMetadata } from '@strata/service-runtime/image-metadata';
import { HttpError } from '@strata/service-runtime';
import type { ModelFolder } from './model-folder';
import type { Pixels } from './pixels';

/** A worker's task. Its bytes are transferred, not copied. */
export type Task =
  | { readonly kind: 'photo'; readonly bytes: Uint8Array; readonly metadata: ImageMetadata }
  | { readonly kind: 'pixels'; readonly pixels: Pixels }
  | { readonly kind: 'json'; readonly bytes: Uint8Array };

/** A photo in a request: a file, or pixels that the caller decoded. */
export type RequestPhoto =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'pixels'; readonly pixels: Pixels };

/** The contents of a request in TensorFlow Serving's format. */
export interface TensorFlowRequest {
  /** By row (`instances`) or by column (`inputs`); the answer uses the same format. */
  readonly format: 'instances' | 'inputs';
  readonly photos: readonly RequestPhoto[];
}

/** What a worker returns for each kind of task. */
export interface Results {
  readonly photo: Probabilities;
  readonly pixels: Probabilities;
  readonly json: TensorFlowRequest;
}

export interface Probabilities {
  readonly probabilities: readonly number[];
  /** Seconds spent on decoding, and on the model. */
  readonly decodeSeconds: number;
  readonly modelSeconds: number;
}

export interface WorkerData {
  readonly model: ModelFolder;
  readonly threads: number;
  /** See `TURBOJPEG_LIBRARY` in settings.ts. */
  readonly jpegLibrary?: string;
  readonly limits: { readonly maxImages: number; readonly maxPixels: number };
}

export interface TaskMessage {
  readonly id: number;
  readonly task: Task;
}

export type WorkerMessage =
  | { readonly kind: 'ready'; readonly jpegDecoder: string }
  | { readonly kind: 'fatal'; readonly message: string }
  | { readonly kind: 'done'; readonly id: number; readonly result: Results[Task['kind']] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

/** An error as it is sent between threads, which drops its class. */
export interface Failure {
  readonly http?: {
    readonly status: number;
    readonly code: string;
    readonly details?: Readonly<Record<string, string | number>>;
  };
  readonly message: string;
}

export function toFailure(error: unknown): Failure {
  if (!(error instanceof HttpError))
    return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { status, code, details, message } = error;
  return { http: { status, code, details }, message };
}

export function fromFailure({ http, message }: Failure): Error {
  return http === undefined
    ? new Error(message)
    : new HttpError(http.status, http.code, message, { details: http.details });
}
