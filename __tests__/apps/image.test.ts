import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { imageNode } from '../../local/node-versions';
import { carryOut, readIgnoreFile, type BuiltImage } from './dockerfile';
import { get } from './harness';

const root = join(__dirname, '../..');
const dockerfile = join(root, 'scripts/images/Dockerfile');
const folder = mkdtempSync(join(tmpdir(), 'strata-image-'));
// Read by the image's own user below.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Where the image's user may run it.
const node = join(folder, 'node');
copyFileSync(imageNode(dockerfile), node);

/** Starts the image's process as its user, who can write nowhere in it. */
async function start(
  image: BuiltImage,
  environment: Record<string, string>,
): Promise<{ readonly child: ChildProcess; readonly port: number; readonly ended: Promise<number | null> }> {
  const [uid, gid] = (image.user ?? '0:0').split(':').map(Number);
  // Only root can become another user; anyone else runs it as themselves.
  const asUser = process.getuid?.() === 0 ? { uid: uid!, gid: gid! } : {};
  freeze(image.root);
  const child = spawn(node, image.command.slice(1), {
    cwd: image.workdir,
    env: { ...image.environment, HOST: '127.0.0.1', METRICS_PORT: 'off', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...asUser,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line) as { message: string; port: number };
      if (entry.message === 'listening') resolve(entry.port);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, port, ended };
}

/** Takes the right to write from everyone, as a read-only root file system does. */
function freeze(at: string): void {
  for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, statSync(path).mode & 0o555);
  }
}

function files(at: string): string[] {
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('the context holds what the apps are built from, and nothing that a working copy has gathered', () => {
  const out = readIgnoreFile(`${dockerfile}.dockerignore`);
  const taken = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'app-web/page/home.ts',
    'modules/vpc/package.json',
    'modules/service-runtime/index.ts',
    'modules/core/config/index.ts',
    'stacks/network/package.json',
    'stacks/network/contract/package.json',
    'scripts/images/build.mjs',
  ];
  const left = [
    '.git/config',
    'node_modules/express/index.js',
    'app-web/node_modules/x.js',
    'app-was/dist/server.js',
    'modules/core/lib/index.js',
    'modules/vpc/vpc/vpc.ts',
    'stacks/network/stack.ts',
    'scripts/test.mjs',
    '__tests__/x.ts',
    '.env',
    'terraform.tfstate',
  ];
  expect(taken.filter(out)).toEqual([]);
  expect(left.filter((path) => !out(path))).toEqual([]);
});

test.each([
  ['app-web', 8000, { APP_WAS_URL: 'http://127.0.0.1:9' }],
  ['app-was', 8081, {}],
])(
  '%s: the steps of the Dockerfile, carried out in a clean folder, give a service that runs as its user',
  async (app, defaultPort, environment) => {
    const image = carryOut({ dockerfile, context: root, folder: join(folder, app), arguments: { APP: app } });
    expect(image.bases).toEqual(Array.from({ length: 3 }, () => 'public.ecr.aws/docker/library/node:24-alpine'));
    // What is installed depends on the manifests alone.
    const manifests = files(join(folder, app, 'manifests')).map((path) => basename(path));
    expect([...new Set(manifests)].sort()).toEqual(['.npmrc', 'package-lock.json', 'package.json']);
    expect(image.user).toBe('1000:1000');
    expect(image.command[0]).toBe('node');

    const contents = files(image.root);
    const names = contents.map((path) => path.slice(image.workdir.length + 1));
    expect(names).toEqual(expect.arrayContaining(['server.js', 'health-check.js']));
    expect(names.filter((name) => /node_modules|\.ts$|\.env|package/.test(name))).toEqual([]);
    // No native code: the same files serve arm64 and amd64.
    expect(names.filter((name) => /\.(node|so|wasm)$/.test(name))).toEqual([]);
    expect(contents.reduce((bytes, path) => bytes + statSync(path).size, 0)).toBeLessThan(6 * 1024 * 1024);

    expect(readFileSync(join(image.workdir, 'health-check.js'), 'utf8')).toContain(
      `process.env.PORT??"${defaultPort}"`,
    );

    const { child, port, ended } = await start(image, { PORT: '0', DRAIN_SECONDS: '0', ...environment });
    expect((await get(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    const health = (at: number): number | null =>
      spawnSync(node, image.healthCheck.slice(1), { cwd: image.workdir, env: { PORT: String(at) } }).status;
    expect(health(port)).toBe(0);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(health(port)).toBe(1);
    rmSync(join(folder, app), { recursive: true, force: true });
  },
  180_000,
);
