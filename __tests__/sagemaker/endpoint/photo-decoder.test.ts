import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { PROBE } from '../../../app-was/readiness';
import { JpegDecoder } from '../../../sagemaker/endpoint/jpeg-decoder';
import { PhotoDecoder } from '../../../sagemaker/endpoint/photo-decoder';
import type { Pixels } from '../../../sagemaker/endpoint/pixels';
import { photoPath } from '../../apps/harness';

const preprocessing = {
  formatVersion: 1,
  input: 'uint8 RGB, NHWC',
  orientation: 'exif',
  alpha: 'white',
  reduceAbovePixels: 512,
  reduceToPixels: 256,
} as const;
const byLibvips = new PhotoDecoder({ preprocessing });
const decode = (bytes: Buffer, decoder = byLibvips): Promise<Pixels> =>
  decoder.decode(bytes, readImageMetadata(bytes, 64_000_000));

const flowers = process.env['STRATA_FLOWERS'] ?? resolve(__dirname, '../../../../shared/flowers');
let jpeg: JpegDecoder | undefined;
beforeAll(async () => {
  jpeg = await JpegDecoder.load();
});

async function pixel(bytes: Buffer, x = 0, y = 0): Promise<number[]> {
  const { data, width } = await decode(bytes);
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

const create = (channels: 3 | 4, background: sharp.Color): sharp.Sharp =>
  sharp({ create: { width: 20, height: 10, channels, background } });

test('size and order of the pixels', async () => {
  const { data, width, height } = await decode(await create(3, { r: 10, g: 20, b: 30 }).png().toBuffer());
  expect([width, height, data.length, ...data.subarray(0, 6)]).toEqual([20, 10, 600, 10, 20, 30, 10, 20, 30]);
});

test("app-was's readiness probe is a photo that the endpoint decodes", async () => {
  const { data, width, height } = await decode(PROBE);
  expect([width, height, ...data.subarray(-3)]).toEqual([32, 32, 60, 140, 70]);
});

test('transparency is white, also half of it', async () => {
  expect(await pixel(await create(4, { r: 200, g: 0, b: 0, alpha: 0 }).png().toBuffer())).toEqual([255, 255, 255]);
  const [red, green, blue] = await pixel(await create(4, { r: 200, g: 0, b: 0, alpha: 0.5 }).png().toBuffer());
  for (const [value, expected] of [
    [red, 227],
    [green, 127],
    [blue, 127],
  ])
    expect(Math.abs(value! - expected!)).toBeLessThanOrEqual(2);
});

test('greyscale, 16 bits, palette and CMYK become three channels of 8 bits', async () => {
  const grey = await create(3, { r: 80, g: 80, b: 80 }).greyscale().toColourspace('b-w').png().toBuffer();
  expect((await sharp(grey).metadata()).channels).toBe(1);
  expect(await pixel(grey)).toEqual([80, 80, 80]);
  expect(await pixel(await create(3, { r: 80, g: 160, b: 240 }).toColourspace('rgb16').png().toBuffer())).toEqual([
    80, 160, 240,
  ]);
  expect(await pixel(await create(3, { r: 80, g: 160, b: 240 }).png({ palette: true }).toBuffer())).toEqual([
    80, 160, 240,
  ]);
  const greyAndAlpha = await create(4, { r: 80, g: 80, b: 80, alpha: 0 }).toColourspace('b-w').png().toBuffer();
  expect(await pixel(greyAndAlpha)).toEqual([255, 255, 255]);
  const { data, width, height } = await decode(
    await create(3, { r: 200, g: 30, b: 30 }).toColourspace('cmyk').jpeg().toBuffer(),
  );
  expect(data.length).toBe(width * height * 3);
  expect(data[0]).toBeGreaterThan(data[1]! + 100);
});

/** Where a pixel of the file is shown, by orientation, in a picture of `w` x `h`: TIFF 6.0, tag Orientation. */
const shown: readonly ((x: number, y: number, w: number, h: number) => readonly [number, number])[] = [
  (x, y) => [x, y],
  (x, y, w) => [w - 1 - x, y],
  (x, y, w, h) => [w - 1 - x, h - 1 - y],
  (x, y, _w, h) => [x, h - 1 - y],
  (x, y) => [y, x],
  (x, y, w) => [w - 1 - y, x],
  (x, y, w, h) => [w - 1 - y, h - 1 - x],
  (x, y, _w, h) => [y, h - 1 - x],
];

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i turns the photo upright', async (orientation) => {
  const upright = await sharp(photoPath()).resize(20, 10, { fit: 'fill' }).raw().toBuffer();
  const [width, height] = orientation > 4 ? [10, 20] : [20, 10];
  const stored = Buffer.alloc(600);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [column, row] = shown[orientation - 1]!(x, y, 20, 10);
      upright.copy(stored, (y * width + x) * 3, (row * 20 + column) * 3, (row * 20 + column) * 3 + 3);
    }
  }
  const bytes = await sharp(stored, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  const pixels = await decode(bytes);
  expect([pixels.width, pixels.height]).toEqual([20, 10]);
  expect(Buffer.compare(Buffer.from(pixels.data), upright)).toBe(0);
});

test('only what is above the limit is made smaller, by its shorter side', async () => {
  const sized = async (width: number, height: number, orientation?: number): Promise<number[]> => {
    const image = sharp(photoPath()).resize(width, height, { fit: 'fill' });
    const pixels = await decode(
      await (orientation === undefined ? image : image.withMetadata({ orientation })).jpeg().toBuffer(),
    );
    return [pixels.width, pixels.height];
  };
  expect(await sized(512, 700)).toEqual([512, 700]);
  expect(await sized(513, 700)).toEqual([256, 349]);
  expect(await sized(1600, 800)).toEqual([512, 256]);
  expect(await sized(1600, 800, 6)).toEqual([256, 512]);
});

test('an animation is its first frame', async () => {
  const frames = await sharp(
    [await create(3, '#ff0000').png().toBuffer(), await create(3, '#00ff00').png().toBuffer()],
    { join: { animated: true } },
  )
    .webp({ lossless: true })
    .toBuffer();
  expect((await sharp(frames).metadata()).pages).toBe(2);
  expect(await pixel(frames)).toEqual([255, 0, 0]);
});

test('a colour profile is applied', async () => {
  const vivid = await create(3, { r: 250, g: 20, b: 20 }).withIccProfile('p3').png().toBuffer();
  const stripped = await sharp(await sharp(vivid, { ignoreIcc: true }).raw().toBuffer(), {
    raw: { width: 20, height: 10, channels: 3 },
  })
    .png()
    .toBuffer();
  expect(await pixel(vivid)).not.toEqual(await pixel(stripped));
  const [red, green] = await pixel(vivid);
  expect(Math.abs(red! - 250) + Math.abs(green! - 20)).toBeLessThanOrEqual(12);
});

test('a damaged photo is refused with what the decoder says', async () => {
  const png = await sharp(photoPath()).png().toBuffer();
  png.fill(0x55, 200, 600);
  await expect(decode(png)).rejects.toMatchObject({
    status: 422,
    code: 'image_unreadable',
    message: expect.stringMatching(/^the photo cannot be decoded: ./),
  });
});

const hasLibrary = ['/usr/lib', '/lib', '/usr/local/lib'].some(
  (base) =>
    existsSync(base) && ['', ...readdirSync(base)].some((name) => existsSync(join(base, name, 'libturbojpeg.so.0'))),
);
const withLibrary = hasLibrary || process.env['CI'] === 'true' ? test : test.skip;

withLibrary(
  `both decoders of JPEGs give the same pixels${hasLibrary ? '' : ' (needs libturbojpeg.so.0; Debian: apt-get install libturbojpeg0)'}`,
  async () => {
    const source = sharp(photoPath());
    const made = await Promise.all([
      source.clone().jpeg({ quality: 40 }).toBuffer(),
      source.clone().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      source.clone().jpeg({ progressive: true }).toBuffer(),
      source.clone().greyscale().jpeg().toBuffer(),
      source.clone().resize(97, 61, { fit: 'fill' }).jpeg().toBuffer(),
      source.clone().resize(1, 1).jpeg().toBuffer(),
    ]);
    const found = existsSync(flowers)
      ? readdirSync(flowers, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.jpg'))
          .filter((_name, index) => index % 40 === 0)
          .map((name) => readFileSync(join(flowers, name)))
      : [];
    for (const bytes of [...made, ...found]) {
      const [own, other] = [jpeg?.decode(bytes), await decode(bytes)];
      expect([own?.width, own?.height]).toEqual([other.width, other.height]);
      expect(Buffer.compare(own!.data, other.data)).toBe(0);
    }
  },
);

test('what the fast decoder leaves to the other one: EXIF, profiles, CMYK, damage', async () => {
  const source = sharp(photoPath());
  const left = await Promise.all([
    source.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    source.clone().withIccProfile('p3').jpeg().toBuffer(),
    source.clone().toColourspace('cmyk').jpeg().toBuffer(),
  ]);
  const plain = await source.clone().jpeg().toBuffer();
  const damaged = Buffer.from(plain);
  // An end in the middle of the scan, where data should follow.
  damaged.writeUInt16BE(0xffd9, 4000);
  for (const bytes of [...left, damaged, Buffer.from('no photo')]) expect(jpeg?.decode(bytes)).toBeUndefined();
  expect(jpeg?.decode(plain)?.width).toBe(jpeg === undefined ? undefined : 256);
});
