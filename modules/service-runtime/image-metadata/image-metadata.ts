import { HttpError } from '../index';

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

// Why not image-size: version 2.1 looks at the header alone, so that half a photo passes for a whole one; it refuses
// JPEGs with fill bytes between markers, which T.81 allows; and a JPEG of 6 MiB made of empty segments keeps its loop
// busy for 6 s, during which the service answers no request. Here each byte is read once.

/** What a file says of itself in its first bytes and by its structure. */
export interface ImageMetadata {
  readonly type: ImageType;
  /** Width in pixels, before any rotation that the photo asks for. */
  readonly width: number;
  readonly height: number;
}

/**
 * Reads type and size of a photo from its content, without decoding it.
 * @throws HttpError 415 when it is no JPEG, PNG or WebP, 422 when it is one but broken off or unreadable, 413 when it
 *   has too many pixels.
 */
export function readImageMetadata(bytes: Buffer, maxPixels: number): ImageMetadata {
  const metadata = readMetadata(bytes);
  if (metadata.width === 0 || metadata.height === 0) throw unreadable();
  if (metadata.width * metadata.height > maxPixels) {
    throw new HttpError(
      413,
      'image_too_many_pixels',
      `the photo has ${metadata.width} x ${metadata.height} pixels; at most ${maxPixels} in all are allowed`,
      {
        details: { width: metadata.width, height: metadata.height, maxPixels },
      },
    );
  }
  return metadata;
}

function readMetadata(bytes: Buffer): ImageMetadata {
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return readJpeg(bytes);
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPng(bytes);
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return readWebp(bytes);
  const found = otherType(bytes);
  throw new HttpError(
    415,
    'unsupported_type',
    `the file is ${found === undefined ? 'no photo' : `of type ${found}`}; use a JPEG, PNG or WebP photo`,
    {
      ...(found === undefined ? {} : { details: { found } }),
    },
  );
}

/**
 * ITU-T T.81, annex B: markers with lengths, the frame header among them, then the scans up to the end-of-image marker.
 */
function readJpeg(bytes: Buffer): ImageMetadata {
  let size: { width: number; height: number } | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw unreadable();
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker === 0xd8 || marker === 0xd9 || marker === 0x00) throw unreadable();
    else {
      const length = bytes.readUInt16BE(at + 2);
      if (length < 2) throw unreadable();
      const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
      if (isFrame && at + 9 <= bytes.length)
        size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
      if (marker === 0xda) {
        if (size === undefined) throw unreadable();
        // Cameras append data of their own, so the end need not be at the end; a thumbnail's end is before the scan.
        if (bytes.lastIndexOf('ffd9', undefined, 'hex') < at + 2 + length) throw brokenOff();
        return { type: 'image/jpeg', ...size };
      }
      at += 2 + length;
    }
  }
  throw brokenOff();
}

/** `IEND` as a number: text for each chunk would cost a file of empty chunks half a second. */
const IEND = 0x49454e44;

/** W3C PNG, section 5: chunks with lengths, IHDR first, IEND last. */
function readPng(bytes: Buffer): ImageMetadata {
  if (bytes.length < 33) throw brokenOff();
  if (ascii(bytes, 12, 4) !== 'IHDR' || bytes.readUInt32BE(8) !== 13) throw unreadable();
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.readUInt32BE(at + 4) === IEND)
      return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  throw brokenOff();
}

/** RFC 9649: a RIFF container, its first chunk lossy (VP8), lossless (VP8L) or extended (VP8X). */
function readWebp(bytes: Buffer): ImageMetadata {
  if (bytes.length < 30 || bytes.readUInt32LE(4) + 8 > bytes.length) throw brokenOff();
  const type = 'image/webp';
  switch (ascii(bytes, 12, 4)) {
    case 'VP8 ':
      if (!startsWith(bytes, 23, [0x9d, 0x01, 0x2a])) throw unreadable();
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      if (bytes[20] !== 0x2f) throw unreadable();
      const bits = bytes.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      throw unreadable();
  }
}

/** What people try besides, so that the answer can name it. */
function otherType(bytes: Buffer): string | undefined {
  if (ascii(bytes, 4, 4) === 'ftyp') {
    const brand = ascii(bytes, 8, 4);
    if (/^(heic|heix|hevc|heim|heis|mif1|msf1)$/.test(brand)) return 'HEIC';
    return /^avi[fs]$/.test(brand) ? 'AVIF' : 'video';
  }
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return 'GIF';
  if (ascii(bytes, 0, 5) === '%PDF-') return 'PDF';
  if (/^(II\*\0|MM\0\*)$/.test(ascii(bytes, 0, 4))) return 'TIFF';
  if (ascii(bytes, 0, 2) === 'BM' && bytes.length >= 26 && bytes.readUInt32LE(2) === bytes.length) return 'BMP';
  return undefined;
}

function startsWith(bytes: Buffer, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}

function ascii(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length);
}

function unreadable(): HttpError {
  return new HttpError(422, 'image_unreadable', 'the photo cannot be read; its content does not follow its format');
}

function brokenOff(): HttpError {
  return new HttpError(422, 'image_incomplete', 'the photo is incomplete; it breaks off before its end');
}
