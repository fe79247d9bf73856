import { HttpError } from '@strata/service-runtime';
import type { ImageFacts } from '@strata/image-facts';
import sharp from 'sharp';
import type { Preprocessing } from './model-folder';

// One photo is decoded by one thread: the cores are shared among photos, not within one. Nothing is decoded twice, so nothing is kept.
sharp.concurrency(1);
sharp.cache(false);

/** Pixels as the model's graph takes them: rows of red, green, blue. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a photo as training does: turned as its EXIF orientation says, in sRGB, transparency on white, the first frame of an animation,
 * and made smaller only where the model's preprocessing.json says so.
 * @throws HttpError 422 when it is damaged.
 */
export async function decodePhoto(bytes: Uint8Array, facts: ImageFacts, preprocessing: Preprocessing): Promise<Pixels> {
  // "error" and not "warning": what a decoder only remarks on is no reason to refuse a photo; Pillow takes it too.
  let image = sharp(bytes, { autoOrient: true, failOn: 'error', limitInputPixels: facts.width * facts.height });
  if (Math.min(facts.width, facts.height) > preprocessing.reduceAbovePixels) image = reduce(image, preprocessing);
  if (facts.type !== 'image/jpeg') image = image.flatten({ background: '#ffffff' });
  try {
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    return { data: threeChannels(data, info.channels), width: info.width, height: info.height };
  } catch (cause) {
    throw new HttpError(422, 'image_unreadable', `the photo cannot be decoded: ${firstLine(cause)}`, { cause });
  }
}

/** Makes pixels smaller as a decoded photo of their size would be. */
export async function reducePixels(pixels: Pixels, preprocessing: Preprocessing): Promise<Pixels> {
  const { data, width, height } = pixels;
  if (Math.min(width, height) <= preprocessing.reduceAbovePixels) return pixels;
  const reduced = await reduce(sharp(data, { raw: { width, height, channels: 3 } }), preprocessing).raw().toBuffer({ resolveWithObject: true });
  return { data: reduced.data, width: reduced.info.width, height: reduced.info.height };
}

/** By a triangle filter over all source pixels, as Pillow's BILINEAR. */
function reduce(image: sharp.Sharp, { reduceToPixels }: Preprocessing): sharp.Sharp {
  return image.resize({ width: reduceToPixels, height: reduceToPixels, fit: 'outside', kernel: 'linear' });
}

/** A greyscale photo stays one channel in the decoder. */
function threeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return data;
  if (channels !== 1) throw new Error(`${channels} channels`);
  const colours = new Uint8Array(data.length * 3);
  for (let from = 0, to = 0; from < data.length; from += 1, to += 3) colours.fill(data[from]!, to, to + 3);
  return colours;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!.slice(0, 200);
}
