import { HttpError } from '@strata/service-runtime';
import type { ImageMetadata } from '@strata/service-runtime/image-metadata';
import sharp from 'sharp';
import type { JpegDecoder } from './jpeg-decoder';
import type { Preprocessing } from './model-folder';
import type { Pixels } from './pixels';

// Each photo is decoded by one thread: photos run in parallel, the decoding of one photo does not. No photo is decoded
// twice, so nothing is cached.
sharp.concurrency(1);
sharp.cache(false);

/** Decodes photos as training does. */
export class PhotoDecoder {
  readonly #preprocessing: Preprocessing;
  readonly #jpeg: JpegDecoder | undefined;

  constructor(props: {
    readonly preprocessing: Preprocessing;
    /** Takes the JPEGs that are only to be decoded. @default libvips decodes everything */
    readonly jpeg?: JpegDecoder;
  }) {
    this.#preprocessing = props.preprocessing;
    this.#jpeg = props.jpeg;
  }

  /**
   * A photo's pixels: turned as its EXIF orientation says, in sRGB, transparency on white, the first frame of an
   * animation, and made smaller only where the model's preprocessing.json says so.
   * @throws HttpError 422 when it is damaged.
   */
  async decode(bytes: Uint8Array, metadata: ImageMetadata): Promise<Pixels> {
    const isLarge = this.#isLarge(metadata);
    const plain = metadata.type === 'image/jpeg' && !isLarge ? this.#jpeg?.decode(bytes) : undefined;
    if (plain !== undefined) return plain;
    // "error", not "warning": a decoder's warning is no reason to refuse a photo. Pillow accepts it, too.
    let image = sharp(bytes, { autoOrient: true, failOn: 'error', limitInputPixels: metadata.width * metadata.height });
    if (isLarge) image = this.#reduce(image);
    if (metadata.type !== 'image/jpeg') image = image.flatten({ background: '#ffffff' });
    try {
      const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
      return { data: threeChannels(data, info.channels), width: info.width, height: info.height };
    } catch (cause) {
      throw new HttpError(422, 'image_unreadable', `the photo cannot be decoded: ${firstLine(cause)}`, { cause });
    }
  }

  /** Pixels that were sent decoded, downscaled as a photo of their size would be. */
  async reduce(pixels: Pixels): Promise<Pixels> {
    if (!this.#isLarge(pixels)) return pixels;
    const { data, width, height } = pixels;
    const reduced = await this.#reduce(sharp(data, { raw: { width, height, channels: 3 } }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data: reduced.data, width: reduced.info.width, height: reduced.info.height };
  }

  #isLarge({ width, height }: { readonly width: number; readonly height: number }): boolean {
    return Math.min(width, height) > this.#preprocessing.reduceAbovePixels;
  }

  /** By a triangle filter over all source pixels, as Pillow's BILINEAR. */
  #reduce(image: sharp.Sharp): sharp.Sharp {
    const { reduceToPixels } = this.#preprocessing;
    return image.resize({ width: reduceToPixels, height: reduceToPixels, fit: 'outside', kernel: 'linear' });
  }
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
