import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '../../../scripts/endpoint-conformance/client';
import { imageNode } from '../../../local/node-versions';
import { carryOut, readIgnoreFile } from '../../apps/dockerfile';
import { photo } from '../../apps/harness';
import { colours } from './harness';

const root = join(__dirname, '../../..');
const dockerfile = join(root, 'sagemaker/endpoint/Dockerfile');
const folder = mkdtempSync(join(tmpdir(), 'strata-endpoint-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function files(at: string): string[] {
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('the context holds what the container is built from, and nothing that a working copy has gathered', () => {
  const out = readIgnoreFile(`${dockerfile}.dockerignore`);
  const taken = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'sagemaker/endpoint/main.ts',
    'sagemaker/pipeline/package.json',
    'modules/service-runtime/image-metadata/index.ts',
    'modules/core/config/index.ts',
    'modules/vpc/package.json',
    'sagemaker/endpoint/build/build.mjs',
    'app-was/package.json',
  ];
  const left = [
    '.git/config',
    'node_modules/express/index.js',
    'sagemaker/endpoint/dist/server.js',
    'sagemaker/training/train.py',
    'sagemaker/sample-model/model.onnx',
    'modules/vpc/vpc/vpc.ts',
    'app-was/app.ts',
    '__tests__/x.ts',
    '.env',
  ];
  expect(taken.filter(out)).toEqual([]);
  expect(left.filter((path) => !out(path))).toEqual([]);
});

test('the steps of the Dockerfile, carried out in a clean folder, give a container that serves', async () => {
  // The machine is left as it is: the package manager is only asked.
  const programs = join(folder, 'programs');
  const asked = join(folder, 'apt-get.log');
  mkdirSync(programs);
  writeFileSync(join(programs, 'apt-get'), `#!/bin/sh\necho "$@" >> ${asked}\n`);
  chmodSync(join(programs, 'apt-get'), 0o755);

  const image = carryOut({ dockerfile, context: root, folder: join(folder, 'image'), arguments: {}, programs });
  expect(readFileSync(asked, 'utf8')).toBe('update\ninstall --yes --no-install-recommends libturbojpeg0\n');
  expect(image.bases).toEqual(Array.from({ length: 3 }, () => 'public.ecr.aws/docker/library/node:24-slim'));
  // `docker run <image> serve` puts the word in place of the command.
  expect([image.entryPoint, image.command]).toEqual([['node', 'server.js'], ['serve']]);
  expect(image.labels).toEqual({ 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port': 'true' });
  // SageMaker runs containers as root and demands it.
  expect(image.user).toBeUndefined();

  const names = files(image.workdir).map((path) => path.slice(image.workdir.length + 1));
  expect(names).toEqual(
    expect.arrayContaining([
      'server.js',
      'inference-worker.js',
      `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`,
    ]),
  );
  const platforms = names
    .map((name) => /^node_modules\/onnxruntime-node\/bin\/[^/]+\/([^/]+\/[^/]+)\//.exec(name)?.[1])
    .filter((name) => name !== undefined);
  expect([...new Set(platforms)]).toEqual([`${process.platform}/${process.arch}`]);
  // What is bundled, or only needed to build and to install, stays out.
  const packages = [
    ...new Set(
      names.map((name) => /^node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[1]).filter((name) => name !== undefined),
    ),
  ];
  for (const left of ['express', 'esbuild', 'zod', 'adm-zip', 'typescript']) expect(packages).not.toContain(left);
  const installed = ['/usr/lib', '/lib'].some(
    (base) => existsSync(base) && readdirSync(base).some((name) => existsSync(join(base, name, 'libturbojpeg.so.0'))),
  );
  expect(names.includes('libturbojpeg.so.0')).toBe(installed);
  expect(files(image.workdir).reduce((bytes, path) => bytes + statSync(path).size, 0)).toBeLessThan(110 * 1024 * 1024);

  const child = spawn(imageNode(dockerfile), [...image.entryPoint.slice(1), ...image.command], {
    cwd: image.workdir,
    env: {
      ...image.environment,
      HOST: '127.0.0.1',
      MODEL_DIR: colours,
      SAGEMAKER_BIND_TO_PORT: '0',
      DRAIN_SECONDS: '0',
      NODE_NO_WARNINGS: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: { readonly message: string; readonly port?: number; readonly jpegDecoder?: string }[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as (typeof lines)[number]);
      if (
        lines.some(({ message }) => message === 'the model is ready') &&
        lines.some(({ message }) => message === 'listening')
      )
        resolve();
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${JSON.stringify(lines)}`)));
  });
  expect(lines.find(({ jpegDecoder }) => jpegDecoder !== undefined)?.jpegDecoder).toBe(
    installed ? 'libjpeg-turbo' : 'libvips',
  );
  const client = new Client(`http://127.0.0.1:${lines.find(({ port }) => port !== undefined)?.port}`);
  expect((await client.invoke(photo(), { 'content-type': 'image/jpeg' })).status).toBe(200);
  client.close();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 240_000);
