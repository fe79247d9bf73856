import { Failure } from './answer';

const READ_BY_THE_SERVICE = ['image/jpeg', 'image/png', 'image/webp'];

/** Wide enough for every model, and far below every limit. */
const REDUCED_EDGE = 2048;

/**
 * Prepares a photo for the upload: unchanged where possible. A photo that is too large, or in a format that only this
 * device reads (HEIC), is redrawn as a JPEG.
 */
export async function preparePhoto(file: File, maxBytes: number): Promise<Blob> {
  if (READ_BY_THE_SERVICE.includes(file.type) && file.size <= maxBytes) return file;
  const drawn = await draw(file).catch(() => undefined);
  if (drawn !== undefined && drawn.size <= maxBytes) return drawn;
  if (file.size > maxBytes) throw new Failure('file_too_large');
  return file;
}

async function draw(file: File): Promise<Blob | undefined> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, REDUCED_EDGE / Math.max(picture.width, picture.height));
  const canvas = scaled(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
  picture.close();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', 0.9));
}

/** A small square of the photo's middle, as a data URL. */
export async function thumbnail(photo: Blob, edge: number): Promise<string> {
  const picture = await createImageBitmap(photo, { imageOrientation: 'from-image' });
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement('canvas');
  canvas.width = edge;
  canvas.height = edge;
  canvas
    .getContext('2d')
    ?.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, edge, edge);
  picture.close();
  return canvas.toDataURL('image/jpeg', 0.8);
}

function scaled(picture: ImageBitmap, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
