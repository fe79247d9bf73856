import type { HttpError } from '@strata/service-runtime';
import { parseTensorFlowRequest } from '../../../sagemaker/endpoint/tensorflow-request';

const limits = { maxImages: 3, maxPixels: 100 };
const parse = (body: unknown) =>
  parseTensorFlowRequest(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), limits);
const b64 = Buffer.from('photo').toString('base64');

function pixels(body: unknown): number[] {
  const [photo] = parse(body).photos;
  return photo?.kind === 'pixels' ? [photo.pixels.width, photo.pixels.height, ...photo.pixels.data] : [];
}

test.each<[string, unknown, 'instances' | 'inputs', number]>([
  ['base64 by row', { instances: [{ b64 }, { b64 }] }, 'instances', 2],
  ['base64 by row, under the name of an input', { instances: [{ image_bytes: { b64 } }] }, 'instances', 1],
  ['base64 by column', { inputs: [{ b64 }, { b64 }] }, 'inputs', 2],
  ['base64 by column, under the name of an input', { inputs: { images: [{ b64 }] } }, 'inputs', 1],
  ['one photo by column', { inputs: { b64 } }, 'inputs', 1],
  ['the usual signature', { signature_name: 'serving_default', instances: [{ b64 }] }, 'instances', 1],
])('%s', (_what, body, format, count) => {
  const request = parse(body);
  expect([request.format, request.photos.length]).toEqual([format, count]);
  for (const photo of request.photos)
    expect(photo.kind === 'file' && Buffer.from(photo.bytes).toString()).toBe('photo');
});

test('rows of pixels: colours, grey, fractions', () => {
  expect(
    pixels({
      instances: [
        [
          [
            [1, 2, 3],
            [4, 5, 255],
          ],
        ],
      ],
    }),
  ).toEqual([2, 1, 1, 2, 3, 4, 5, 255]);
  expect(pixels({ instances: [[[[7], [200]]]] })).toEqual([2, 1, 7, 7, 7, 200, 200, 200]);
  expect(pixels({ instances: [[[7, 200]]] })).toEqual([2, 1, 7, 7, 7, 200, 200, 200]);
  expect(pixels({ instances: [[[[0, 0.5, 1]]]] })).toEqual([1, 1, 0, 128, 255]);
  expect(pixels({ instances: [{ input_1: [[[0, 0.5, 1]]] }] })).toEqual([1, 1, 0, 128, 255]);
});

test('a column of pixels is a batch, or one photo', () => {
  const one = [[[1, 2, 3]]];
  expect(parse({ inputs: [one, one] }).photos).toHaveLength(2);
  expect(parse({ inputs: one }).photos).toHaveLength(1);
});

test.each<[string, unknown, number, RegExp]>([
  ['no JSON', '{"instances"', 400, /it is not JSON/],
  ['bytes that are no UTF-8', '\u0000', 400, /it is not JSON/],
  ['a list', [1], 400, /must be an object with "instances" or "inputs", and is a list/],
  ['neither', {}, 400, /give the photos in "instances" or in "inputs", and not in both/],
  ['both', { instances: [{ b64 }], inputs: [{ b64 }] }, 400, /not in both/],
  ['no list', { instances: { b64 } }, 400, /"instances" must be a list with at least one photo, and is an object/],
  ['no photos', { instances: [] }, 400, /is an empty list/],
  ['no photos by column', { inputs: [] }, 400, /"inputs" must hold at least one photo, and is an empty list/],
  [
    'a text',
    { instances: ['abc'] },
    400,
    /instances\[0\]: .* a photo must be \{"b64": "\.\.\."\} or rows of pixels, and is "abc"/,
  ],
  [
    'no base64',
    { instances: [{ b64 }, { b64: '###' }] },
    400,
    /instances\[1\]: .* "b64" must be a photo's bytes in base64, and is "###"/,
  ],
  [
    'two inputs',
    { instances: [{ a: { b64 }, b: { b64 } }] },
    400,
    /the model has one input, and the request names "a", "b"/,
  ],
  [
    'another signature',
    { signature_name: 'regress', instances: [{ b64 }] },
    400,
    /signature_name "regress" is unknown/,
  ],
  ['rows of different lengths', { instances: [[[[1, 2, 3]], []]] }, 400, /every row must have 1 pixels/],
  ['two channels', { instances: [[[[1, 2]]]] }, 400, /a pixel must have 3 channels, or 1 of grey; one has 2/],
  ['a negative channel', { instances: [[[[1, 2, -1]]]] }, 400, /from 0 to 255, or from 0 to 1; one is -1/],
  ['a channel above 255', { instances: [[[[1, 2, 256]]]] }, 400, /one is 256/],
  ['a channel that is no number', { instances: [[[[1, 2, null]]]] }, 400, /one is null/],
  ['too many photos', { instances: [{ b64 }, { b64 }, { b64 }, { b64 }] }, 413, /4 photos; at most 3/],
  [
    'too many pixels',
    { instances: [Array.from({ length: 11 }, () => Array.from({ length: 10 }, () => 1))] },
    413,
    /10 x 11 pixels; at most 100/,
  ],
])('%s', (_what, body, status, message) => {
  let error: HttpError | undefined;
  try {
    parse(body);
  } catch (thrown) {
    error = thrown as HttpError;
  }
  expect(error?.status).toBe(status);
  expect(error?.message).toMatch(message);
});
