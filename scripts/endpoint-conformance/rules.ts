import sharp from 'sharp';
import type { Client } from './client';
import { areAlike, holds, modelAnswer, probabilitiesOf, refused, rowsOf } from './expectations';

export interface Rule {
  /** Whose rule it is. */
  readonly from: 'SageMaker' | 'app-was' | 'photos' | 'TensorFlow Serving' | 'several photos' | 'failures' | 'load';
  readonly text: string;
  readonly check: (client: Client, photo: Photo) => Promise<void>;
}

/** The photo that the rules are tried with, as a JPEG that is neither turned nor larger than 512 pixels. */
export interface Photo {
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Different encodings of a photo differ by a little noise; another picture by much more. */
const SAME_PICTURE = 0.1;
const SAME_PIXELS = 0.001;

const request = (id: string): Record<string, string> => ({
  'content-type': 'image/jpeg',
  'x-amzn-sagemaker-custom-attributes': `request-id=${id}`,
});
const jpeg = { 'content-type': 'image/jpeg' };
const octets = { 'content-type': 'application/octet-stream' };
const base64 = (bytes: Buffer): { readonly b64: string } => ({ b64: bytes.toString('base64') });

/** What an endpoint of this project must do. */
export const rules: readonly Rule[] = [
  {
    from: 'SageMaker',
    text: 'GET /ping answers 200 within 2 s',
    check: async (client) => {
      const { status, milliseconds } = await client.get('/ping');
      holds(status === 200, `answered ${status}`);
      holds(milliseconds < 2000, `took ${milliseconds.toFixed(0)} ms`);
    },
  },
  {
    from: 'SageMaker',
    text: 'POST /invocations answers 200 for a photo, within 60 s',
    check: async (client, photo) => {
      const answer = await client.invoke(photo.jpeg, jpeg);
      holds(answer.status === 200, `answered ${answer.status}: ${answer.text.slice(0, 200)}`);
      holds(answer.milliseconds < 60_000, `took ${answer.milliseconds.toFixed(0)} ms`);
    },
  },
  {
    from: 'SageMaker',
    text: 'custom attributes of a request come back with its answer',
    check: async (client, photo) => {
      const { headers } = await client.invoke(photo.jpeg, request('1-67891233-abcdef012345678912345678'));
      const back = headers['x-amzn-sagemaker-custom-attributes'];
      holds(back === 'request-id=1-67891233-abcdef012345678912345678', `the header that came back is ${String(back)}`);
    },
  },
  {
    from: 'SageMaker',
    text: 'GET /execution-parameters tells a batch transform how to send photos',
    check: async (client) => {
      const { status, json } = await client.get('/execution-parameters');
      const {
        MaxConcurrentTransforms: concurrent,
        BatchStrategy: strategy,
        MaxPayloadInMB: payload,
      } = (json ?? {}) as Record<string, unknown>;
      holds(status === 200, `answered ${status}`);
      holds(
        strategy === 'SINGLE_RECORD',
        `BatchStrategy is ${String(strategy)}; photos cannot be joined to one record`,
      );
      holds(
        Number.isInteger(concurrent) && Number.isInteger(payload) && Number(concurrent) >= 1 && Number(payload) >= 1,
        `answered ${JSON.stringify(json)}`,
      );
      holds(Number(concurrent) * Number(payload) <= 100, 'MaxConcurrentTransforms x MaxPayloadInMB is above 100');
    },
  },
  {
    from: 'app-was',
    text: 'the answer has the form of docs/apps.md: model, labels, one prediction',
    check: async (client, photo) =>
      void modelAnswer(await client.invoke(photo.jpeg, { ...jpeg, accept: 'application/json' })),
  },
  {
    from: 'app-was',
    text: 'probabilities sum up to 1, and label and probability name the likeliest',
    check: async (client, photo) => {
      const answer = await client.invoke(photo.jpeg, jpeg);
      const { labels, predictions } = modelAnswer(answer);
      const { probabilities } = predictions[0]!;
      const sum = probabilities.reduce((total, value) => total + value, 0);
      holds(Math.abs(sum - 1) < 0.001, `they sum up to ${sum}`);
      const { label, probability } = (answer.json as { predictions: [{ label?: unknown; probability?: unknown }] })
        .predictions[0];
      const highest = Math.max(...probabilities);
      if (label !== undefined)
        holds(label === labels[probabilities.indexOf(highest)]!.label, `label is ${JSON.stringify(label)}`);
      if (probability !== undefined)
        holds(probability === highest, `probability is ${JSON.stringify(probability)}, the highest is ${highest}`);
    },
  },
  {
    from: 'app-was',
    text: 'the same photo gets the same answer again',
    check: async (client, photo) => {
      const [first, second] = [await client.invoke(photo.jpeg, jpeg), await client.invoke(photo.jpeg, jpeg)];
      holds(first.text === second.text, 'the answers differ');
    },
  },
  {
    from: 'app-was',
    text: 'a green square of 32 x 32 pixels, with which app-was asks whether the endpoint is ready, is answered',
    check: async (client) => {
      const square = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#00ff00' } })
        .png()
        .toBuffer();
      modelAnswer(await client.invoke(square, { 'content-type': 'image/png' }));
    },
  },
  ...(['png', 'webp'] as const).map((format): Rule => ({
    from: 'photos',
    text: `${format === 'png' ? 'PNG' : 'WebP'} is taken, and means what the JPEG means`,
    check: async (client, photo) => {
      const other = await sharp(photo.jpeg).toFormat(format, { lossless: true }).toBuffer();
      areAlike(
        probabilitiesOf(await client.invoke(photo.jpeg, jpeg)),
        probabilitiesOf(await client.invoke(other, { 'content-type': `image/${format}` })),
        SAME_PIXELS,
        format,
      );
    },
  })),
  {
    from: 'photos',
    text: 'a photo is known by its content, whatever Content-Type says or when it is missing',
    check: async (client, photo) => {
      const expected = probabilitiesOf(await client.invoke(photo.jpeg, jpeg));
      for (const headers of [
        octets,
        { 'content-type': 'image/png' },
        { 'content-type': 'application/x-image' },
        { 'content-type': 'application/json' },
        {},
      ]) {
        areAlike(expected, probabilitiesOf(await client.invoke(photo.jpeg, headers)), 0, JSON.stringify(headers));
      }
    },
  },
  {
    from: 'photos',
    text: 'a photo is turned as its EXIF orientation says',
    check: async (client, photo) => {
      const pixels = await sharp(photo.jpeg).resize(200, 120, { fit: 'fill' }).png().toBuffer();
      const upright = probabilitiesOf(await client.invoke(pixels, octets));
      // Turned to the left, with the orientation that turns it back: 6 asks for a quarter to the right.
      const turned = await sharp(pixels)
        .rotate(270)
        .withMetadata({ orientation: 6 })
        .webp({ lossless: true })
        .toBuffer();
      areAlike(upright, probabilitiesOf(await client.invoke(turned, octets)), SAME_PIXELS, 'orientation 6');
    },
  },
  {
    from: 'photos',
    text: 'what is transparent is white',
    check: async (client, photo) => {
      const hole = await sharp({
        create: {
          width: photo.width,
          height: Math.ceil(photo.height / 2),
          channels: 4,
          background: { r: 0, g: 0, b: 0, alpha: 1 },
        },
      })
        .png()
        .toBuffer();
      const transparent = await sharp(photo.jpeg)
        .ensureAlpha()
        .composite([{ input: hole, blend: 'dest-out', top: 0, left: 0 }])
        .png()
        .toBuffer();
      const white = await sharp(transparent).flatten({ background: '#ffffff' }).png().toBuffer();
      areAlike(
        probabilitiesOf(await client.invoke(white, octets)),
        probabilitiesOf(await client.invoke(transparent, octets)),
        SAME_PIXELS,
        'transparent',
      );
    },
  },
  {
    from: 'photos',
    text: 'greyscale, CMYK, 16 bits and animations are taken',
    check: async (client, photo) => {
      const grey = await sharp(photo.jpeg).greyscale().jpeg().toBuffer();
      const cmyk = await sharp(photo.jpeg).toColourspace('cmyk').jpeg().toBuffer();
      const deep = await sharp(photo.jpeg).toColourspace('rgb16').png().toBuffer();
      const frames = await sharp([photo.jpeg, await sharp(photo.jpeg).negate().png().toBuffer()], {
        join: { animated: true },
      })
        .webp({ lossless: true })
        .toBuffer();
      const expected = probabilitiesOf(await client.invoke(photo.jpeg, octets));
      probabilitiesOf(await client.invoke(grey, octets));
      probabilitiesOf(await client.invoke(cmyk, octets));
      areAlike(expected, probabilitiesOf(await client.invoke(deep, octets)), SAME_PICTURE, '16 bits');
      areAlike(
        expected,
        probabilitiesOf(await client.invoke(frames, octets)),
        SAME_PIXELS,
        'an animation is its first frame',
      );
    },
  },
  {
    from: 'photos',
    text: 'a photo of 12 megapixels is taken, and means what a small one means',
    check: async (client, photo) => {
      const large = await sharp(photo.jpeg).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
      const small = await sharp(photo.jpeg).resize(400, 300, { fit: 'fill' }).png().toBuffer();
      areAlike(
        probabilitiesOf(await client.invoke(small, octets)),
        probabilitiesOf(await client.invoke(large, jpeg)),
        SAME_PICTURE,
        '4000 x 3000',
      );
    },
  },
  {
    from: 'TensorFlow Serving',
    text: '{"instances": [{"b64": "..."}]} is answered by {"predictions": [[...]]}',
    check: async (client, photo) => {
      const expected = probabilitiesOf(await client.invoke(photo.jpeg, jpeg));
      for (const body of [
        { instances: [base64(photo.jpeg)] },
        { signature_name: 'serving_default', instances: [{ image_bytes: base64(photo.jpeg) }] },
      ]) {
        areAlike(expected, rowsOf(await client.predict(body), 'predictions')[0] ?? [], 0, Object.keys(body).join(', '));
      }
    },
  },
  {
    from: 'TensorFlow Serving',
    text: '{"inputs": ...} is answered by {"outputs": [[...]]}',
    check: async (client, photo) => {
      const expected = probabilitiesOf(await client.invoke(photo.jpeg, jpeg));
      for (const inputs of [base64(photo.jpeg), [base64(photo.jpeg)], { images: [base64(photo.jpeg)] }]) {
        areAlike(
          expected,
          rowsOf(await client.predict({ inputs }), 'outputs')[0] ?? [],
          0,
          JSON.stringify(inputs).slice(0, 12),
        );
      }
    },
  },
  {
    from: 'TensorFlow Serving',
    text: 'rows of pixels, from 0 to 255 or from 0 to 1, mean what the file means',
    check: async (client, photo) => {
      const pixels = await sharp(photo.jpeg).resize(64, 64, { fit: 'fill' }).raw().toBuffer();
      const file = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
        .png()
        .toBuffer();
      const pixel = (at: number, scale: number): number[] =>
        [0, 1, 2].map((channel) => pixels[at * 3 + channel]! / scale);
      const rows = (scale: number): number[][][] =>
        Array.from({ length: 64 }, (_row, y) => Array.from({ length: 64 }, (_pixel, x) => pixel(y * 64 + x, scale)));
      const expected = probabilitiesOf(await client.invoke(file, octets));
      for (const scale of [1, 255])
        areAlike(
          expected,
          rowsOf(await client.predict({ instances: [rows(scale)] }), 'predictions')[0] ?? [],
          SAME_PIXELS,
          `0 to ${255 / scale}`,
        );
    },
  },
  {
    from: 'several photos',
    text: 'several instances are answered in their order',
    check: async (client, photo) => {
      const mirrored = await sharp(photo.jpeg).negate().png().toBuffer();
      const rows = rowsOf(
        await client.predict({ instances: [photo.jpeg, mirrored, photo.jpeg].map(base64) }),
        'predictions',
      );
      holds(rows.length === 3, `3 photos were sent, ${rows.length} rows came back`);
      areAlike(rows[0]!, rows[2]!, 0, 'the first and the third');
      areAlike(probabilitiesOf(await client.invoke(mirrored, octets)), rows[1]!, SAME_PIXELS, 'the second');
    },
  },
  {
    from: 'several photos',
    text: 'the files of a form are answered in their order',
    check: async (client, photo) => {
      const form = new FormData();
      for (const name of ['one', 'two']) form.append(name, new Blob([new Uint8Array(photo.jpeg)]), `${name}.jpg`);
      const encoded = new Response(form);
      const answer = await client.invoke(new Uint8Array(await encoded.arrayBuffer()), {
        'content-type': encoded.headers.get('content-type')!,
      });
      holds(answer.status === 200, `answered ${answer.status}: ${answer.text.slice(0, 200)}`);
      const { predictions } = answer.json as { predictions: { probabilities: number[] }[] };
      holds(predictions.length === 2, `2 photos were sent, ${predictions.length} predictions came back`);
      const expected = probabilitiesOf(await client.invoke(photo.jpeg, jpeg));
      for (const { probabilities } of predictions) areAlike(expected, probabilities, 0, 'a file of the form');
    },
  },
  {
    from: 'several photos',
    text: 'one bad photo among several is named',
    check: async (client, photo) => {
      const answer = await client.predict({ instances: [base64(photo.jpeg), base64(Buffer.from('no photo at all'))] });
      refused(answer, [400, 415, 422]);
      holds(/instances\[1\]/.test(answer.text), `the message does not say which: ${answer.text.slice(0, 200)}`);
    },
  },
  {
    from: 'failures',
    text: 'an empty body is refused with 400',
    check: async (client) => refused(await client.invoke('', jpeg), [400]),
  },
  {
    from: 'failures',
    text: 'what is not a photo is refused with 415',
    check: async (client) => refused(await client.invoke('GIF89a no photo', octets), [415]),
  },
  {
    from: 'failures',
    text: 'a photo that breaks off, or is damaged, is refused with 422',
    check: async (client, photo) => {
      refused(await client.invoke(photo.jpeg.subarray(0, photo.jpeg.length / 2), jpeg), [422]);
      const png = await sharp(photo.jpeg).png().toBuffer();
      png.fill(0x55, 100, 400);
      refused(await client.invoke(png, octets), [422]);
    },
  },
  {
    from: 'failures',
    text: 'a small file that says it has billions of pixels is refused with 413',
    check: async (client, photo) => {
      const bomb = await sharp(photo.jpeg).png().toBuffer();
      bomb.writeUInt32BE(60_000, 16);
      bomb.writeUInt32BE(60_000, 20);
      refused(await client.invoke(bomb, octets), [413, 422]);
    },
  },
  {
    from: 'failures',
    text: 'JSON that is none, or holds no photos, is refused with 400',
    check: async (client) => {
      for (const body of [
        '{"instances": [',
        '{}',
        '{"instances": []}',
        '[1, 2]',
        '{"instances": ["text"]}',
        '{"instances": [[[[1, 2]]]]}',
      ]) {
        refused(await client.invoke(body, { 'content-type': 'application/json' }), [400]);
      }
    },
  },
  {
    from: 'failures',
    text: 'an Accept that is not JSON is refused with 406',
    check: async (client, photo) => refused(await client.invoke(photo.jpeg, { ...jpeg, accept: 'text/csv' }), [406]),
  },
  {
    from: 'failures',
    text: 'after all failures, photos are classified as before',
    check: async (client, photo) => void modelAnswer(await client.invoke(photo.jpeg, jpeg)),
  },
  {
    from: 'load',
    text:
      '64 photos at once: each is answered, by 200 or by 429 or 503 with Retry-After, and /ping within 2 s ' +
      'meanwhile',
    check: async (client, photo) => {
      const all = Promise.all(Array.from({ length: 64 }, () => client.invoke(photo.jpeg, jpeg)));
      const ping = await client.get('/ping');
      const answers = await all;
      holds(
        ping.status === 200 && ping.milliseconds < 2000,
        `/ping answered ${ping.status} after ${ping.milliseconds.toFixed(0)} ms`,
      );
      for (const { status, headers } of answers) {
        holds([200, 429, 503].includes(status), `one was answered by ${status}`);
        holds(
          status === 200 || headers['retry-after'] !== undefined,
          `one was answered by ${status} without Retry-After`,
        );
      }
      holds(
        answers.some(({ status }) => status === 200),
        'none was answered by 200',
      );
    },
  },
];
