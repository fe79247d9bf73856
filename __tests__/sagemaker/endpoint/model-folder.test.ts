import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelFolder } from '../../../sagemaker/endpoint/model-folder';
import { StartError } from '../../../sagemaker/endpoint/start-error';
import { colours, Harness } from './harness';

const harness = new Harness();
afterAll(() => harness.close());

const label = (name: string): object => ({
  label: name,
  name: { ko: name, en: name, ja: name },
  description: { ko: '', en: '', ja: '' },
});

test('what a model folder says', () => {
  expect(readModelFolder(colours)).toMatchObject({
    file: join(colours, 'model.onnx'),
    name: 'colours',
    version: '1',
    labels: [{ label: 'red' }, { label: 'green' }, { label: 'blue' }],
    preprocessing: { reduceAbovePixels: 512, reduceToPixels: 256 },
  });
});

test('a version may be a number', () => {
  expect(readModelFolder(harness.model({ 'model-card.json': '{"name": "m", "version": 7}' })).version).toBe('7');
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  [
    'no labels',
    { 'labels.json': undefined },
    /labels\.json is missing; model\.tar\.gz must hold it beside model\.onnx/,
  ],
  ['labels that are not JSON', { 'labels.json': '[' }, /labels\.json is not JSON: /],
  [
    'a label without Japanese',
    { 'labels.json': JSON.stringify([{ ...label('a'), name: { ko: 'a', en: 'a' } }]) },
    /labels\.json: 0\.name\.ja /,
  ],
  [
    'the same label twice',
    { 'labels.json': JSON.stringify([label('a'), label('a')]) },
    /labels\.json: two classes have the same label/,
  ],
  ['no classes', { 'labels.json': '[]' }, /labels\.json: /],
  [
    'a newer form',
    { 'preprocessing.json': '{"formatVersion": 2}' },
    /preprocessing\.json: formatVersion is another form than this container reads \(1\)/,
  ],
  [
    'another input',
    {
      'preprocessing.json': JSON.stringify({
        formatVersion: 1,
        input: 'float',
        orientation: 'exif',
        alpha: 'white',
        reduceAbovePixels: 2,
        reduceToPixels: 1,
      }),
    },
    /preprocessing\.json: input /,
  ],
  [
    'a reduction that enlarges',
    {
      'preprocessing.json': JSON.stringify({
        formatVersion: 1,
        input: 'uint8 RGB, NHWC',
        orientation: 'exif',
        alpha: 'white',
        reduceAbovePixels: 100,
        reduceToPixels: 200,
      }),
    },
    /reduceToPixels is above reduceAbovePixels/,
  ],
  ['a card without a version', { 'model-card.json': '{"name": "m"}' }, /model-card\.json: version /],
])('%s', (_what, files, message) => {
  const folder = harness.model(files);
  expect(() => readModelFolder(folder)).toThrow(StartError);
  expect(() => readModelFolder(folder)).toThrow(message);
});

test('what is there in place of the model is said', () => {
  const nested = harness.model({});
  mkdirSync(join(nested, 'flowers'));
  renameSync(join(nested, 'model.onnx'), join(nested, 'flowers/model.onnx'));
  expect(() => readModelFolder(nested)).toThrow(
    /it is in the folder "flowers" there; .*tar -C flowers -czf model\.tar\.gz \./,
  );
  expect(() => readModelFolder(harness.folder())).toThrow(/the folder is empty/);
  const other = harness.folder();
  writeFileSync(join(other, 'weights.h5'), '');
  expect(() => readModelFolder(other)).toThrow(/the folder contains "weights\.h5"/);
});
