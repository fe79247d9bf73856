// The ML engineer's journey on one machine: photos of their own, a training, an endpoint, the page; a run that is not
// accurate enough, and a second one.
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { photoForm } from '../../scripts/bench/apps/photo-form';
import { runApplication, type RunningApplication } from '../../local/run/application';
import { ensurePythonEnvironment } from '../../local/python';
import { send } from '../apps/harness';

const root = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'strata-local-pipeline-'));
const sagemakerDirectory = path.join(folder, 'sagemaker');
const photos = path.join(folder, 'photos');
const SIDE = 96;

/** Five kinds of picture that nobody confuses: a colour and a shape each, of a size. */
const CLASSES: Readonly<Record<string, (size: number) => string>> = {
  red_disc: (size) => `<circle r="${size}" fill="#d02020"/>`,
  green_square: (size) => `<rect x="${-size}" y="${-size}" width="${2 * size}" height="${2 * size}" fill="#20b040"/>`,
  blue_triangle: (size) => `<polygon points="0,${-size} ${-size},${size} ${size},${size}" fill="#2040d0"/>`,
  yellow_cross: (size) =>
    `<path d="M${-size},-7h${size - 7}v${7 - size}h14v${size - 7}h${size - 7}v14h${7 - size}v${size - 7}h-14v${7 - size}h${7 - size}z" fill="#e0c010"/>`,
  black_ring: (size) => `<circle r="${size}" fill="none" stroke="#101010" stroke-width="10"/>`,
};

/**
 * Each picture differs from the others of its kind in place, size, turn and ground: training leaves out what it takes
 * for copies.
 */
function picture(name: string, index: number): Promise<Buffer> {
  const kind = Object.keys(CLASSES).indexOf(name) + 1;
  const chance = (salt: number): number =>
    Math.abs(Math.sin((index + 1) * 12.9898 + kind * 37.719 + salt * 78.233) * 43758.5453) % 1;
  const spots = Array.from(
    { length: 6 },
    (_unused, spot) =>
      `<circle cx="${SIDE * chance(spot)}" cy="${SIDE * chance(spot + 10)}" r="${8 + 18 * chance(spot + 20)}" fill="hsl(${360 * chance(spot + 30)} 20% ${40 + 55 * chance(spot + 40)}%)"/>`,
  );
  const at = `translate(${30 + 36 * chance(50)} ${30 + 36 * chance(51)}) rotate(${40 * chance(52) - 20})`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="hsl(${360 * chance(60)} 15% 75%)"/>${spots.join('')}<g transform="${at}">${CLASSES[name]!(18 + 12 * chance(53))}</g></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

function pipeline(...words: string[]): Promise<Run> {
  const environment = { ...process.env, STRATA_SAGEMAKER_DIRECTORY: sagemakerDirectory, INIT_CWD: folder };
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/tsx/dist/cli.mjs'), path.join(root, 'scripts/pipeline.ts'), ...words],
    { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}

/** In CI the Python environment is made where it is missing; elsewhere that is left to who trains. */
const ci = process.env['CI'] === 'true';
const hasPython =
  ci || (process.env['STRATA_PYTHON'] ?? '') !== '' || existsSync(path.join(root, '.strata/python/strata-stamp'));
if (!hasPython)
  process.stderr.write(
    'The local pipeline is not tested: there is no Python environment; npm run train -- --help makes it.\n',
  );
const step = hasPython ? test : test.skip;
// Trainings take as long as the machine lets them: a minute here is several on one that is busy.
jest.setTimeout(600_000);

let application: RunningApplication | undefined;
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (!hasPython) return;
  await ensurePythonEnvironment({ install: ci });
  for (const name of Object.keys(CLASSES)) {
    mkdirSync(path.join(photos, name), { recursive: true });
    for (let index = 0; index < 8; index += 1)
      writeFileSync(path.join(photos, name, `${index}.jpg`), await picture(name, index));
  }
  writeFileSync(
    path.join(photos, 'red_disc/broken.jpg'),
    readFileSync(path.join(photos, 'red_disc/0.jpg')).subarray(0, 300),
  );
}, 600_000);
afterAll(async () => {
  // One that a failed step left.
  for (const child of children) if (child.exitCode === null) child.kill('SIGINT');
  await application?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const TRAINING = ['AppMlPipeline-Deploy', '--parameter', 'TrainData=./photos', '--batch-size', '16'];
const models = (run: Run): string | undefined => /modelName (\S+),/.exec(run.output)?.[1];
const ask = async (
  language = 'en',
): Promise<{ readonly name: string; readonly label: string; readonly model: { readonly version: string } }> => {
  const { status, body } = await send(application!.url, photoForm(await picture('red_disc', 100)), {
    'accept-language': language,
  });
  expect(status).toBe(200);
  return (body as unknown as { result: Awaited<ReturnType<typeof ask>> }).result;
};

// Each step builds on the one before.
step('a folder of photos becomes an endpoint by one command; a broken photo is named and left out', async () => {
  const run = await pipeline(...TRAINING, '--epoch', '1', '--accuracy-threshold', '0');
  expect(run.output).toContain('broken.jpg');
  expect(run.output).toMatch(/^ {8}epoch=1; training_loss=/m);
  expect(run.output).toMatch(/Deploy: succeeded: endpointName image-classifier, action created/);
  expect(run.status).toBe(0);
});

step('the page answers with that model: its five classes, by its version', async () => {
  application = await runApplication({
    containers: [
      { image: 'app-was', port: 0, environment: {}, addresses: ['http://app-was.local'] },
      { image: 'app-web', port: 0, environment: { APP_WAS_URL: 'http://app-was.local' } },
    ],
    sagemakerDirectory,
  });
  expect(application.models).toEqual([
    expect.stringMatching(/^image-classifier: the deployed model image-classifier-v1-/),
  ]);
  const answer = await ask();
  expect(Object.keys(CLASSES)).toContain(answer.label);
  expect(answer.model.version).toBe('1');
});

step('a model below the threshold stops at the condition, and the one before goes on answering', async () => {
  const run = await pipeline(...TRAINING, '--epoch', '1', '--accuracy-threshold', '1.01');
  expect(run.status).toBe(1);
  expect(run.output).toMatch(/AccurateEnough: succeeded: [\d.]+ >= 1\.01 is false/);
  expect(run.output).toMatch(
    /The accuracy is [\d.]+, below the threshold of 1\.01\. The model was not registered, and what is deployed stays\.\n$/,
  );
  expect(run.output).toMatch(/^ {2}Register +Skipped$/m);
  expect((await ask()).model.version).toBe('1');
});

step('a second model takes over while photos come in, and no photo goes without an answer', async () => {
  const runtime = new SageMakerRuntimeClient({
    region: 'ap-northeast-2',
    endpoint: application!.endpointUrl,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const photo = await picture('red_disc', 100);
  let [answered, failed, stopped] = [0, 0, false];
  const worker = async (): Promise<void> => {
    while (!stopped) {
      await runtime
        .send(new InvokeEndpointCommand({ EndpointName: 'image-classifier', Body: photo, ContentType: 'image/jpeg' }))
        .then(
          () => (answered += 1),
          () => (failed += 1),
        );
      // A trickle: the training needs the cores.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const load = Promise.all([worker(), worker()]);
  const run = await pipeline(...TRAINING, '--epoch', '1', '--accuracy-threshold', '0');
  stopped = true;
  await load;
  runtime.destroy();
  expect(run.output).toMatch(/Deploy: succeeded: endpointName image-classifier, action updated/);
  expect(models(run)).toMatch(/^image-classifier-v2-/);
  expect(run.status).toBe(0);
  expect(failed).toBe(0);
  expect(answered).toBeGreaterThan(100);
  expect((await ask()).model.version).toBe('2');
});
