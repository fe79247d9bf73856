import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import sharp from 'sharp';

import { ensurePythonEnvironment } from '../../local/python';
import { findProgram } from '../../local/toolchain';

// The same files through training's Python (Pillow, onnxruntime) and through the endpoint's TypeScript (sharp,
// onnxruntime-node): one model, one answer.

const root = resolve(__dirname, '../..');
const modelFolder = join(root, 'sagemaker/sample-model');
const flowers = process.env.STRATA_FLOWERS ?? resolve(root, '../shared/flowers');
jest.setTimeout(120_000);

interface Answer {
  readonly label: string;
  readonly probabilities: readonly number[];
}

const withoutPython =
  process.env.STRATA_PYTHON === undefined && findProgram('python3') === undefined && process.env.CI !== 'true';
const withPython = withoutPython ? test.skip : test;
const reason = withoutPython ? ' (skipped: no python3 on PATH)' : '';

let scratch: string;
let python: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'strata-parity-'));
  if (!withoutPython) ({ python } = await ensurePythonEnvironment());
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function askPython(files: readonly string[]): Promise<Answer[]> {
  const { stdout } = await promisify(execFile)(
    python,
    ['-m', 'strata_training.predict', '--model', modelFolder, '--json', ...files],
    {
      env: { ...process.env, PYTHONPATH: join(root, 'sagemaker/training') },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout) as Answer[];
}

async function askEndpoint(files: readonly string[]): Promise<Answer[]> {
  const args = ['--import', 'tsx', join(__dirname, 'endpoint-answers.ts'), modelFolder, ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Answer[];
}

/** Largest difference of a probability, file by file, and the files whose label differs. */
async function compare(
  files: readonly string[],
): Promise<{ differences: Record<string, number>; otherLabels: string[] }> {
  const [fromPython, fromEndpoint] = await Promise.all([askPython(files), askEndpoint(files)]);
  const differences: Record<string, number> = {};
  const otherLabels: string[] = [];
  files.forEach((file, index) => {
    const [left, right] = [fromPython[index]!, fromEndpoint[index]!];
    differences[file] = Math.max(
      ...left.probabilities.map((value, place) => Math.abs(value - right.probabilities[place]!)),
    );
    if (left.label !== right.label) otherLabels.push(file);
  });
  expect(fromPython).toHaveLength(files.length);
  return { differences, otherLabels };
}

const above = (differences: Record<string, number>, limit: number): [string, number][] =>
  Object.entries(differences).filter(([, value]) => !(value <= limit));

/** A photo with structure, for the forms that photos come in. */
const source = join(root, '__tests__/apps/photos/violet.jpg');

async function write(name: string, image: sharp.Sharp): Promise<string> {
  const path = join(scratch, name);
  writeFileSync(path, await image.toBuffer());
  return path;
}

withPython(`photos that are not reduced: the same probabilities${reason}`, async () => {
  const committed = readdirSync(join(root, '__tests__/apps/photos')).map((name) =>
    join(root, '__tests__/apps/photos', name),
  );
  const photo = (): sharp.Sharp => sharp(source);
  const { width, height } = await photo().metadata();
  const alpha = await sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.4 } } })
    .png()
    .toBuffer();
  const made = await Promise.all([
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) =>
      write(
        `orientation-${orientation}.jpg`,
        photo().resize(256, 200, { fit: 'fill' }).withMetadata({ orientation }).jpeg({ quality: 90 }),
      ),
    ),
    write('progressive.jpg', photo().jpeg({ progressive: true, quality: 80 })),
    write('full-colour.jpg', photo().jpeg({ chromaSubsampling: '4:4:4' })),
    write('grey.jpg', photo().greyscale().jpeg()),
    write('grey.png', photo().greyscale().png()),
    write('palette.png', photo().png({ palette: true, colours: 64 })),
    write('16-bit.png', photo().toColourspace('rgb16').png()),
    write('lossless.webp', photo().webp({ lossless: true })),
    write('lossy.webp', photo().webp({ quality: 70 })),
    write(
      'transparent.png',
      photo()
        .ensureAlpha()
        .composite([{ input: alpha, blend: 'dest-in' }])
        .png(),
    ),
    write('transparent.webp', photo().ensureAlpha(0.6).webp({ lossless: true })),
    write('narrow.jpg', photo().resize(90, 400, { fit: 'fill' }).jpeg()),
    write('tiny.png', photo().resize(17, 9, { fit: 'fill' }).png()),
  ]);
  const { differences, otherLabels } = await compare([...committed, ...made]);
  expect(above(differences, 1e-3)).toEqual([]);
  expect(otherLabels).toEqual([]);
});

withPython(
  `photos that are reduced as they are decoded, and other colour spaces: the same label${reason}`,
  async () => {
    const photo = (): sharp.Sharp => sharp(source);
    const made = await Promise.all([
      write('large.jpg', photo().resize(3000, 2000, { fit: 'fill' }).jpeg({ quality: 90 })),
      write(
        'turned.jpg',
        photo().resize(2400, 1800, { fit: 'fill' }).withMetadata({ orientation: 6 }).jpeg({ quality: 85 }),
      ),
      write('large.png', photo().resize(1500, 1100, { fit: 'fill' }).png()),
      write('large.webp', photo().resize(1100, 1700, { fit: 'fill' }).webp()),
      write('p3.jpg', photo().withIccProfile('p3').jpeg()),
      write('cmyk.jpg', photo().toColourspace('cmyk').jpeg()),
    ]);
    const { differences, otherLabels } = await compare(made);
    expect(otherLabels).toEqual([]);
    expect(above(differences, 0.1)).toEqual([]);
  },
);

(existsSync(flowers) ? withPython : test.skip)(
  `real photos: the same probabilities${existsSync(flowers) ? reason : ` (skipped: no photos in ${flowers})`}`,
  async () => {
    const files = readdirSync(flowers, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        readdirSync(join(flowers, name))
          .sort()
          .filter((_file, index) => index % 20 === 0)
          .map((file) => join(flowers, name, file)),
      );
    expect(files.length).toBeGreaterThan(50);
    const { differences, otherLabels } = await compare(files);
    expect(above(differences, 1e-3)).toEqual([]);
    expect(otherLabels).toEqual([]);
  },
);
