import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalS3, runningServer, places } from '../../../sagemaker/local';
import { LocalHarness } from './harness';

const harness = new LocalHarness();
afterAll(() => harness.close());

test('S3 URIs are files of a folder, paths are themselves', () => {
  const s3 = new LocalS3('/s3', '/work');
  expect(s3.path('s3://bucket/a/b.tar.gz')).toBe('/s3/bucket/a/b.tar.gz');
  expect(s3.path('s3://bucket/a/')).toBe('/s3/bucket/a');
  expect(s3.path('s3://bucket')).toBe('/s3/bucket');
  expect(s3.path('file:///tmp/x')).toBe('/tmp/x');
  expect(s3.path('./photos')).toBe('/work/photos');
  expect(s3.path('/photos')).toBe('/photos');
});

test.each([
  ['s3:///key', '"s3:///key" names no bucket'],
  ['s3://Bucket/key', '"s3://Bucket/key" names no bucket'],
  ['s3://bucket/../../etc', '"s3://bucket/../../etc" leads out of its bucket'],
  ['https://bucket/key', '"https://bucket/key" is neither s3://, file:// nor a path'],
  ['', 'the S3 URI is empty'],
])('%s is refused', (uri, message) => {
  expect(() => new LocalS3('/s3').path(uri)).toThrow(message);
});

test('a folder has one server at a time, and one that was killed does not count', async () => {
  const { server } = places(harness.directory);
  mkdirSync(harness.directory, { recursive: true });
  writeFileSync(server, JSON.stringify({ pid: process.ppid, lifetime: 'service', url: 'http://127.0.0.1:1' }));
  await expect(harness.start()).rejects.toThrow(`process ${process.ppid} already runs the local SageMaker of ${server}`);
  // A number that no process has.
  writeFileSync(server, JSON.stringify({ pid: 2 ** 22 + 1, lifetime: 'service' }));
  await harness.start();
  expect(runningServer(server)).toEqual({ pid: process.pid, lifetime: 'service', url: harness.sagemaker.url });
  await harness.stop();
  expect(runningServer(server)).toBeUndefined();
});

test('a state that cannot be read is not thrown away', async () => {
  const file = join(harness.directory, 'state.json');
  writeFileSync(file, '{ half');
  await expect(harness.start()).rejects.toThrow(`${file} cannot be read as JSON; remove it to begin anew`);
  expect(readFileSync(file, 'utf8')).toBe('{ half');
  expect(runningServer(places(harness.directory).server)).toBeUndefined();
});

test('the model of nobody serves until it is replaced, and is kept nowhere', async () => {
  writeFileSync(join(harness.directory, 'state.json'), '{}');
  await harness.start();
  const folder = join(harness.directory, 'sample');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ answer: 'sample' }));
  expect(await harness.sagemaker.serveUnlessThere('flowers', { Image: 'sample', ModelDataUrl: folder })).toBe(true);
  expect(await harness.sagemaker.serveUnlessThere('flowers', { Image: 'sample', ModelDataUrl: folder })).toBe(false);
  expect(await harness.invoke()).toMatchObject({ answer: 'sample' });
  expect((await harness.settled()).EndpointStatus).toBe('InService');
  await harness.stop();
  await harness.start();
  await expect(harness.invoke()).rejects.toThrow('Endpoint flowers of account 000000000000 not found.');
});
