import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import { photo } from '../../../apps/harness';

const MAX = 64_000_000;

function code(bytes: Buffer, maxPixels = MAX): string {
  try {
    return readImageMetadata(bytes, maxPixels).type;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.each([
  ['violet.jpg', 'image/jpeg', 256, 256],
  ['pink.jpg', 'image/jpeg', 256, 192],
  ['white.png', 'image/png', 64, 64],
  ['red.webp', 'image/webp', 256, 256],
])('%s', (name, type, width, height) => {
  expect(readImageMetadata(photo(name), MAX)).toEqual({ type, width, height });
});

/** A WebP's header, of one of the two forms that the photos do not have. */
function webp(chunk: string, content: number[]): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF');
  bytes.writeUInt32LE(32, 4);
  bytes.write(`WEBP${chunk}`, 8);
  Buffer.from(content).copy(bytes, 20);
  return bytes;
}

test('WebP without loss, and with extensions', () => {
  expect(readImageMetadata(webp('VP8L', [0x2f, 0x63, 0x40, 0x0c, 0x00]), MAX)).toEqual({
    type: 'image/webp',
    width: 100,
    height: 50,
  });
  expect(readImageMetadata(webp('VP8X', [0, 0, 0, 0, 99, 0, 0, 49, 0, 0]), MAX)).toEqual({
    type: 'image/webp',
    width: 100,
    height: 50,
  });
  expect(code(webp('XXXX', []))).toBe('image_unreadable');
});

test.each(['violet.jpg', 'white.png', 'red.webp'])('%s, cut anywhere, is never taken for whole', (name) => {
  const whole = photo(name);
  const answers = new Set<string>();
  for (let length = 12; length < whole.length; length += 7) answers.add(code(whole.subarray(0, length)));
  expect([...answers]).toEqual(['image_incomplete']);
});

test('a JPEG that goes on behind its end is whole', () => {
  expect(code(Buffer.concat([photo(), Buffer.from('motion photo data of a camera')]))).toBe('image/jpeg');
});

test('a JPEG whose thumbnail ends, but which does not end itself, is not whole', () => {
  const whole = photo();
  const thumbnail = Buffer.concat([
    Buffer.from([0xff, 0xe1, 0x00, 0x08]),
    Buffer.from('Exif'),
    Buffer.from([0xff, 0xd9]),
  ]);
  const withThumbnail = Buffer.concat([whole.subarray(0, 2), thumbnail, whole.subarray(2)]);
  expect(code(withThumbnail)).toBe('image/jpeg');
  expect(code(withThumbnail.subarray(0, withThumbnail.length - 2))).toBe('image_incomplete');
});

test('pixels are limited, however small the file', () => {
  const bomb = Buffer.from(photo('white.png'));
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  expect(() => readImageMetadata(bomb, MAX)).toThrow(
    'the photo has 60000 x 60000 pixels; at most 64000000 in all are allowed',
  );
  expect(code(photo(), 256 * 256)).toBe('image/jpeg');
  expect(code(photo(), 256 * 256 - 1)).toBe('image_too_many_pixels');
  bomb.writeUInt32BE(0, 16);
  expect(code(bomb)).toBe('image_unreadable');
});

test.each([
  ['no photo', Buffer.from('hello, this is text')],
  ['no photo', Buffer.alloc(0)],
  ['of type GIF', Buffer.from('GIF89a......')],
  ['of type PDF', Buffer.from('%PDF-1.7....')],
  ['of type HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0')],
  ['of type AVIF', Buffer.from('\0\0\0\x18ftypavif\0\0\0\0')],
  ['of type TIFF', Buffer.from('II*\0........')],
])('another file is named: %s', (name, bytes) => {
  expect(() => readImageMetadata(bytes, MAX)).toThrow(`the file is ${name}; use a JPEG, PNG or WebP photo`);
});

test('bytes that are changed at random never break it', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1664525 + 1013904223) % 2 ** 32) % below;
  const photos = ['pink.jpg', 'white.png', 'red.webp'].map((name) => photo(name));
  const codes = new Set<string>();
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(photos[round % 3]!);
    for (let change = 0; change < 4; change += 1) bytes[random(Math.min(bytes.length, 700))] = random(256);
    codes.add(code(bytes));
  }
  expect([...codes].filter((each) => !/^image|^unsupported_type$/.test(each))).toEqual([]);
});

const MIB = 1024 * 1024;
const filled = (head: readonly number[], unit: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(head), Buffer.alloc(6 * MIB, Buffer.from(unit))]);
const png = [...photo('white.png').subarray(0, 33)];

test.each<[string, Buffer, string]>([
  ['a JPEG of empty segments', filled([0xff, 0xd8], [0xff, 0xe0, 0x00, 0x02]), 'image_incomplete'],
  ['a JPEG of restart markers', filled([0xff, 0xd8], [0xff, 0xd0]), 'image_incomplete'],
  ['a JPEG of fill bytes', filled([0xff, 0xd8], [0xff]), 'image_incomplete'],
  ['a JPEG of zeros', filled([0xff, 0xd8, 0xff], [0x00]), 'image_unreadable'],
  ['a JPEG of segments without a length', filled([0xff, 0xd8, 0xff, 0xe0], [0x00]), 'image_unreadable'],
  ['a PNG of empty chunks', filled(png, [0x00]), 'image_incomplete'],
  ['a WebP of zeros', filled([...Buffer.from('RIFF\0\0\0\0WEBPVP8 ')], [0x00]), 'image_unreadable'],
])('%s is refused before it can hold up others', (_title, bytes, expected) => {
  const before = process.cpuUsage();
  expect(code(bytes)).toBe(expected);
  // Processor time, so that a busy machine changes little: tens of milliseconds; what it must not be is seconds.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
});

test('fill bytes between the markers of a JPEG are allowed', () => {
  const whole = photo();
  expect(code(Buffer.concat([whole.subarray(0, 2), Buffer.from([0xff, 0xff, 0xff]), whole.subarray(2)]))).toBe(
    'image/jpeg',
  );
});
