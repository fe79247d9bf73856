import { HttpError } from '@strata/service-runtime';
import { tooManyImages } from './tensorflow-request';

/**
 * The files of a multipart form, in order, regardless of their field names. The parser is Node.js's own.
 * @throws HttpError 400 when the form is malformed or has no file, 413 when it has too many.
 */
export async function readFormPhotos(body: Uint8Array, contentType: string, maxImages: number): Promise<Uint8Array[]> {
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new HttpError(400, 'request_malformed', 'the request cannot be understood: the form is not well formed', {
      cause,
    });
  }
  const files = [...form.values()].filter((value) => typeof value !== 'string');
  if (files.length === 0) throw new HttpError(400, 'file_missing', 'the form has no file');
  if (files.length > maxImages) throw tooManyImages(files.length, maxImages);
  return Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
}

/**
 * Whether a body starts like a photo in one of the supported formats. Its first bytes decide, not its content type.
 */
export function isPhoto(body: Uint8Array): boolean {
  const starts = (at: number, text: string): boolean =>
    body.length >= at + text.length &&
    [...text].every((character, index) => body[at + index] === character.charCodeAt(0));
  return starts(0, '\xff\xd8\xff') || starts(0, '\x89PNG\r\n\x1a\n') || (starts(0, 'RIFF') && starts(8, 'WEBP'));
}
