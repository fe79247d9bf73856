import { HttpError } from '@strata/service-runtime';
import type { RequestPhoto, TensorFlowRequest } from './inference-task';
import type { Pixels } from './pixels';

interface Limits {
  readonly maxImages: number;
  readonly maxPixels: number;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The only signature that the model has; TensorFlow's own name for it. */
const SIGNATURE = 'serving_default';

/**
 * Reads a request in TensorFlow Serving's form: photos by row in `instances` or by column in `inputs`, each one a file
 * in base64 (`{"b64": "..."}`) or rows of pixels, with channels from 0 to 255 or from 0 to 1.
 *
 * Form: https://www.tensorflow.org/tfx/serving/api_rest#predict_api
 * @throws HttpError 400 when the request is malformed, 413 when there are too many photos or pixels.
 */
export function parseTensorFlowRequest(bytes: Uint8Array, limits: Limits): TensorFlowRequest {
  const { instances, inputs, signature_name: signature } = parseObject(bytes);
  if (signature !== undefined && signature !== SIGNATURE && signature !== '')
    throw malformed(`signature_name ${quote(signature)} is unknown; leave it out, or use "${SIGNATURE}"`);
  if ((instances === undefined) === (inputs === undefined))
    throw malformed('give the photos in "instances" or in "inputs", and not in both');
  if (instances !== undefined) {
    if (!isList(instances) || instances.length === 0)
      throw malformed(`"instances" must be a list with at least one photo, and is ${describe(instances)}`);
    checkCount(instances.length, limits);
    return {
      format: 'instances',
      photos: instances.map((value, index) => inRequest('instances', index, () => readPhoto(value, limits))),
    };
  }
  const batch = readColumn(inputs!);
  checkCount(batch.length, limits);
  return {
    format: 'inputs',
    photos: batch.map((value, index) => inRequest('inputs', index, () => readPhoto(value, limits))),
  };
}

/** Says which of several photos a failure is about. */
export function inRequest<T>(list: string, index: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof HttpError ? ofPhoto(list, index, error) : error;
  }
}

export function ofPhoto(list: string, index: number, error: HttpError): HttpError {
  return new HttpError(error.status, error.code, `${list}[${index}]: ${error.message}`, {
    cause: error.cause,
    retryAfterSeconds: error.retryAfterSeconds,
    details: { ...error.details, index },
  });
}

function parseObject(bytes: Uint8Array): { readonly [key: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  if (!isObject(value)) throw malformed(`it must be an object with "instances" or "inputs", and is ${describe(value)}`);
  return value;
}

/** The photos of a column: a list of them, the only input by its name, or one photo alone. */
function readColumn(value: Json): readonly Json[] {
  if (isObject(value)) return isEncoded(value) ? [value] : readColumn(onlyValue(value));
  if (!isList(value) || value.length === 0)
    throw malformed(`"inputs" must hold at least one photo, and is ${describe(value)}`);
  return depth(value) === 3 ? [value] : value;
}

function readPhoto(value: Json, limits: Limits): RequestPhoto {
  if (isEncoded(value)) {
    const { b64 } = value;
    if (typeof b64 !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(b64))
      throw malformed(`"b64" must be a photo's bytes in base64, and is ${describe(b64!)}`);
    // A copy: small buffers share a memory pool, which cannot be transferred to another thread.
    return { kind: 'file', bytes: new Uint8Array(Buffer.from(b64, 'base64')) };
  }
  if (isObject(value)) return readPhoto(onlyValue(value), limits);
  if (isList(value)) return { kind: 'pixels', pixels: readPixels(value, limits) };
  throw malformed(`a photo must be {"b64": "..."} or rows of pixels, and is ${describe(value)}`);
}

/** Rows of pixels, each one a number or a list of one (grey) or three (red, green, blue). */
function readPixels(rows: readonly Json[], { maxPixels }: Limits): Pixels {
  const height = rows.length;
  const width = isList(rows[0]) ? rows[0].length : 0;
  if (height === 0 || width === 0) throw malformed('rows of pixels must be lists, and none may be empty');
  if (height * width > maxPixels) {
    throw new HttpError(
      413,
      'image_too_many_pixels',
      `the photo has ${width} x ${height} pixels; at most ${maxPixels} in all are allowed`,
      { details: { width, height, maxPixels } },
    );
  }
  const values = new Float32Array(height * width * 3);
  let largest = 0;
  let at = 0;
  for (const row of rows) {
    if (!isList(row) || row.length !== width)
      throw malformed(`every row must have ${width} pixels, as the first one has`);
    for (const pixel of row) {
      const channels = isList(pixel) ? pixel : [pixel];
      if (channels.length !== 1 && channels.length !== 3)
        throw malformed(`a pixel must have 3 channels, or 1 of grey; one has ${channels.length}`);
      for (let channel = 0; channel < 3; channel += 1) {
        const number = channels[channels.length === 1 ? 0 : channel];
        if (typeof number !== 'number' || !(number >= 0 && number <= 255))
          throw malformed(`a channel must be a number from 0 to 255, or from 0 to 1; one is ${describe(number!)}`);
        if (number > largest) largest = number;
        values[at++] = number;
      }
    }
  }
  // Nothing above 1: the caller has divided by 255, as Keras' image functions do.
  const scale = largest <= 1 ? 255 : 1;
  return { data: Uint8Array.from(values, (value) => Math.round(value * scale)), width, height };
}

function checkCount(count: number, { maxImages }: Limits): void {
  if (count > maxImages) throw tooManyImages(count, maxImages);
}

export function tooManyImages(count: number, maxImages: number): HttpError {
  return new HttpError(413, 'too_many_images', `the request has ${count} photos; at most ${maxImages} are allowed`, {
    details: { count, maxImages },
  });
}

function onlyValue(value: { readonly [key: string]: Json }): Json {
  const keys = Object.keys(value);
  if (keys.length !== 1)
    throw malformed(
      `the model has one input, and the request names ${
        keys.length === 0
          ? 'none'
          : keys
              .map((key) => `"${key.slice(0, 40)}"`)
              .join(', ')
              .slice(0, 200)
      }`,
    );
  return value[keys[0]!]!;
}

function isEncoded(value: Json): value is { readonly b64: Json } {
  return isObject(value) && 'b64' in value;
}

function depth(value: Json): number {
  return isList(value) && value.length > 0 ? 1 + depth(value[0]!) : 0;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}

function describe(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (isList(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return 'an object';
  return quote(value);
}

function quote(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function malformed(what: string, cause?: unknown): HttpError {
  return new HttpError(400, 'request_malformed', `the request cannot be understood: ${what}`, { cause });
}
