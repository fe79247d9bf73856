// The images as a real builder makes them, on the Node.js they ship with, run as ECS and SageMaker run them: read-only,
// without capabilities, as their user, as process 1. Each asks the next over HTTP. What this cannot show is musl, arm64
// and a registry: the base image is made of this machine's own packages.
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { nodeBinary, imageNodeVersion } from '../../local/node-versions';
import { get, photo, sendPhoto } from '../apps/harness';
import { makeBaseImage } from '../support/images/base-image';
import { Builder, missingForImages } from '../support/images/builder';
import { Container, type ContainerProps } from '../support/images/container';

const root = join(__dirname, '../..');
const [apps, endpoint] = ['scripts/images/Dockerfile', 'sagemaker/endpoint/Dockerfile'].map((file) => join(root, file));
const DOCKERFILES = { 'app-web': apps!, 'app-was': apps!, 'model-endpoint': endpoint! };
type Name = keyof typeof DOCKERFILES;
const EPOCH = 1_700_000_000;
const BUILD_MILLISECONDS = 600_000;

const version = imageNodeVersion(apps!);
const missing =
  missingForImages() ??
  (nodeBinary(version) === undefined ? `Node.js ${version} is not in .strata/node-versions` : undefined);
if (missing !== undefined && process.env.CI === 'true')
  test('images can be built here', () => {
    expect(missing).toBeUndefined();
  });
const here = missing === undefined ? describe : describe.skip;

here(missing === undefined ? 'images' : `images (skipped: ${missing})`, () => {
  let builder: Builder;
  const roots = new Map<Name, string>();
  const containers: Container[] = [];

  const build = (name: Name, context = root, tag: string = name): string =>
    builder.build({
      dockerfile: DOCKERFILES[name],
      context,
      buildArgs: name === 'model-endpoint' ? {} : { APP: name },
      tag,
      epoch: EPOCH,
    });
  const start = (name: Name, props: Partial<ContainerProps>): Container => {
    const { environment, ...others } = props;
    const container = new Container({
      root: roots.get(name)!,
      config: builder.config(name),
      environment: {
        HOST: '127.0.0.1',
        METRICS_PORT: 'off',
        DRAIN_SECONDS: '0',
        NODE_NO_WARNINGS: '1',
        ...environment,
      },
      ...others,
    });
    containers.push(container);
    return container;
  };
  const files = (name: Name): string[] =>
    readdirSync(roots.get(name)!, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(roots.get(name)!.length + 1));

  beforeAll(() => {
    expect(imageNodeVersion(endpoint!)).toBe(version);
    builder = new Builder();
    makeBaseImage(builder, nodeBinary(version)!, [baseOf(apps!), baseOf(endpoint!)]);
  }, BUILD_MILLISECONDS);
  afterAll(() => {
    for (const container of containers) container.remove();
    builder.remove();
  }, BUILD_MILLISECONDS);

  test.each(Object.keys(DOCKERFILES) as Name[])(
    '%s is built',
    (name) => {
      build(name);
      roots.set(name, builder.mount(name));
      expect(existsSync(join(roots.get(name)!, 'app/server.js'))).toBe(true);
    },
    BUILD_MILLISECONDS,
  );

  test.each<[Name, RegExp, number]>([
    ['app-web', /^(server\.js|health-check\.js|page\/[\w-]+\.(js|html|css|svg))$/, 4],
    ['app-was', /^(server\.js|health-check\.js)$/, 4],
    ['model-endpoint', /^(server\.js|inference-worker\.js|libturbojpeg\.so\.0|node_modules\/.*)$/, 80],
  ])('%s has what it runs, and nothing that only builds need', (name, wanted, mebibytes) => {
    const all = files(name);
    const own = all.filter((file) => file.startsWith('app/')).map((file) => file.slice('app/'.length));
    expect(own.filter((file) => !wanted.test(file)).sort()).toEqual(['THIRD-PARTY-NOTICES', 'sbom.cdx.json']);
    expect(own.filter((file) => /\.(map|ts|md|h|hh|c|cc|inc|asm)$|musl|darwin|win32/.test(file))).toEqual([]);
    expect(all.filter((file) => /(^|\/)(npm|npx|corepack|yarn)$|\/node_modules\/npm\//.test(file))).toEqual([]);
    expect(readdirSync(join(roots.get(name)!, 'usr/local/bin'))).toEqual(['node']);
    const bytes = own.reduce((sum, file) => sum + statSync(join(roots.get(name)!, 'app', file)).size, 0);
    expect(bytes).toBeLessThan(mebibytes * 1024 * 1024);
  });

  test.each<[Name, string[]]>([
    ['app-web', ['express', 'pino', 'undici', 'zod', 'node']],
    ['app-was', ['express', '@aws-sdk/client-sagemaker-runtime', '@fastify/busboy', 'node']],
    [
      'model-endpoint',
      ['express', 'sharp', '@img/sharp-libvips-linux-x64', 'onnxruntime-node', 'koffi', 'libturbojpeg0', 'node'],
    ],
  ])('%s lists what is in it, with the licence of each', (name, some) => {
    const read = (file: string): string => readFileSync(join(roots.get(name)!, 'app', file), 'utf8');
    const bom = JSON.parse(read('sbom.cdx.json')) as Bom;
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name } } });
    const names = bom.components.map(({ group, name: own }) => (group === undefined ? own : `${group}/${own}`));
    const onX64 = (one: string): string => one.replace('-x64', `-${process.arch}`);
    expect(names).toEqual(expect.arrayContaining(some.map(onX64)));
    expect(names).toEqual(expect.arrayContaining(packagesIn(join(roots.get(name)!, 'app/node_modules'))));
    for (const left of ['esbuild', 'typescript', 'cdktf', 'spdx-license-list']) expect(names).not.toContain(left);
    // The version of Node.js is that of the program in the image.
    expect(bom.components.find(({ name: own }) => own === 'node')?.version).toMatch(new RegExp(`^${version}\\.`));
    const notices = read('THIRD-PARTY-NOTICES');
    const others = bom.components.filter(({ group, name: own }) => group !== '@strata' && own !== 'node');
    const title = ({ group, name: own, version }: Component): string =>
      `${group === undefined ? '' : `${group}/`}${own} ${version}`;
    expect(others.map(title).filter((line) => !notices.includes(`\n${line}`))).toEqual([]);
    if (name !== 'model-endpoint') return;
    expect(notices).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(notices).toContain('THIRD PARTY SOFTWARE NOTICES AND INFORMATION');
    expect(bom.components.flatMap(({ components = [] }) => components).map(({ name: own }) => own)).toContain('vips');
  });

  test(
    'a changed line installs nothing again, and what leaves the code as it was leaves the image as it was',
    () => {
      const copy = mkdtempSync(join(tmpdir(), 'strata-context-'));
      try {
        for (const part of [
          'package.json',
          'package-lock.json',
          '.npmrc',
          'tsconfig.json',
          'app-web',
          'modules/core',
          'modules/jobs-client',
          'modules/service-runtime',
          'scripts/images',
        ])
          cpSync(join(root, part), join(copy, part), {
            recursive: true,
            filter: (path) =>
              !path
                .slice(root.length)
                .split(sep)
                .some((folder) => ['node_modules', 'dist', 'lib'].includes(folder)),
          });
        const main = join(copy, 'app-web/main.ts');
        writeFileSync(main, `// A comment, which no bundle keeps.\n${readFileSync(main, 'utf8')}`);
        const output = build('app-web', copy, 'app-web-again');
        const steps = output.split(/^(?=\[\d\/\d\] STEP)/m);
        const reused = (command: string): boolean =>
          steps.find((step) => step.includes(command))!.includes('Using cache');
        expect([reused('RUN npm ci'), reused('RUN npm run build')]).toEqual([true, false]);
        expect(builder.id('app-web-again')).toBe(builder.id('app-web'));
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
    BUILD_MILLISECONDS,
  );

  test('every file of an app has the time that the build was given', () => {
    const folder = join(roots.get('app-web')!, 'app');
    const times = readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs / 1000);
    expect([...new Set(times)]).toEqual([EPOCH]);
  });

  test('photos are classified through all three, by the sample model', async () => {
    const model = start('model-endpoint', {
      environment: { SAGEMAKER_BIND_TO_PORT: '0' },
      folders: { '/opt/ml/model': join(root, 'sagemaker/sample-model') },
    });
    const modelAddress = await model.address();
    const ready = await model.logged('the model is ready');
    expect(ready['jpegDecoder']).toBe('libjpeg-turbo');
    expect((await get(`${modelAddress}/ping`)).status).toBe(200);
    const answer = await fetch(`${modelAddress}/invocations`, { method: 'POST', body: new Uint8Array(photo()) });
    expect(answer.status).toBe(200);
    const { predictions } = (await answer.json()) as { predictions: { probabilities: number[] }[] };
    expect(predictions[0]!.probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 3);

    const sageMaker = await runtimeBefore(modelAddress);
    const was = start('app-was', {
      environment: {
        PORT: '0',
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sageMaker.address,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    const web = start('app-web', { environment: { PORT: '0', APP_WAS_URL: await was.address() } });
    try {
      const [wasAddress, webAddress] = [await was.address(), await web.address()];
      expect((await get(`${wasAddress}/ready`)).status).toBe(200);
      expect((await get(`${webAddress}/ready`)).status).toBe(200);
      const page = await get(webAddress);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('<input');
      const classified = await sendPhoto(webAddress);
      expect(classified.status).toBe(200);
      const labels = JSON.parse(readFileSync(join(root, 'sagemaker/sample-model/labels.json'), 'utf8')) as {
        label: string;
      }[];
      expect(labels.map(({ label }) => label)).toContain(
        (classified.body as unknown as { result: { label: string } }).result.label,
      );

      const confined = { pid: 1, capabilities: '0'.repeat(16), isRootReadOnly: true };
      expect(model.facts()).toEqual({ ...confined, user: '0:0' });
      expect(was.facts()).toEqual({ ...confined, user: '1000:1000' });
      expect(web.facts()).toEqual({ ...confined, user: '1000:1000' });

      const health = builder.config('app-web').Healthcheck!.Test;
      expect(health).toEqual(['CMD', 'node', 'health-check.js']);
      const at = (port: string): number | null => web.execute(health.slice(1), { PORT: port });
      expect([at(new URL(webAddress).port), at('1')]).toEqual([0, 1]);

      // app-web first: it is the one that asks.
      expect([await web.stop(), await was.stop(), await model.stop()]).toEqual([0, 0, 0]);
    } finally {
      sageMaker.close();
    }
  }, 120_000);
});

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly components?: readonly Component[];
}
interface Bom {
  readonly components: readonly Component[];
}

/** The base image that a Dockerfile names. */
function baseOf(dockerfile: string): string {
  return /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(dockerfile, 'utf8'))![1]!;
}

/** Names of the packages in a node_modules folder; none where there is no folder. */
function packagesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [basename(name)],
  );
}

/** SageMaker's runtime in front of a container: an endpoint's invocations go to the container's. */
async function runtimeBefore(container: string): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((incoming, response) => {
    const { host: _host, ...headers } = incoming.headers;
    const onward = request(`${container}/invocations`, { method: 'POST', headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
