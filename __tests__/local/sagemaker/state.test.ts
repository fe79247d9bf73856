import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callInternal, LocalS3, paths, runningServer } from '../../../local/sagemaker';
import { LocalHarness } from './harness';

jest.setTimeout(120_000);

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
  const { server } = paths(harness.directory);
  mkdirSync(harness.directory, { recursive: true });
  writeFileSync(server, JSON.stringify({ pid: process.ppid, lifetime: 'service', url: 'http://127.0.0.1:1' }));
  await expect(harness.start()).rejects.toThrow(
    `process ${process.ppid} already runs the local SageMaker of ${server}`,
  );
  // A number that no process has.
  writeFileSync(server, JSON.stringify({ pid: 2 ** 22 + 1, lifetime: 'service' }));
  await harness.start();
  expect(runningServer(server)).toEqual({ pid: process.pid, lifetime: 'service', url: harness.sagemaker.url });
  await harness.stop();
  expect(runningServer(server)).toBeUndefined();
});

test('containers of a process that was killed are ended by the next one', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'serve'], { stdio: 'ignore' });
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'something else'], { stdio: 'ignore' });
  const { containers } = paths(harness.directory);
  mkdirSync(containers, { recursive: true });
  for (const { pid } of [child, other]) writeFileSync(join(containers, String(pid)), '');
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await harness.start();
  expect(await ended).toBe('SIGKILL');
  expect([other.exitCode, other.signalCode, readdirSync(containers)]).toEqual([null, null, []]);
  other.kill();
  await harness.stop();
});

test('a sample that does not start says why, and leaves nothing', async () => {
  await harness.start();
  const serve = callInternal(harness.sagemaker.url, 'serve', {
    endpoint: 'flowers',
    container: { Image: 'sample', ModelDataUrl: harness.modelArchive('broken.tar.gz', { broken: 'has no answer' }) },
  });
  await expect(serve).rejects.toThrow('model.json: has no answer');
  await expect(harness.invoke()).rejects.toThrow('Endpoint flowers of account 000000000000 not found.');
  await harness.stop();
});

test('a state that cannot be read is not thrown away', async () => {
  const file = join(harness.directory, 'state.json');
  writeFileSync(file, '{ half');
  await expect(harness.start()).rejects.toThrow(`${file} cannot be read as JSON; remove it to start over`);
  expect(readFileSync(file, 'utf8')).toBe('{ half');
  expect(runningServer(paths(harness.directory).server)).toBeUndefined();
});

test('the model of nobody serves until it is replaced, and is kept nowhere', async () => {
  writeFileSync(join(harness.directory, 'state.json'), '{}');
  await harness.start();
  const folder = join(harness.directory, 'sample');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ answer: 'sample' }));
  const serve = () =>
    callInternal(harness.sagemaker.url, 'serve', {
      endpoint: 'flowers',
      container: { Image: 'sample', ModelDataUrl: folder },
    });
  expect(await serve()).toMatchObject({ status: 'InService', isDeployed: false });
  expect(await serve()).toMatchObject({ status: 'InService', isDeployed: false, models: ['flowers'] });
  expect(await harness.invoke()).toMatchObject({ answer: 'sample' });
  expect((await harness.settled()).EndpointStatus).toBe('InService');
  await harness.stop();
  await harness.start();
  await expect(harness.invoke()).rejects.toThrow('Endpoint flowers of account 000000000000 not found.');
});
