// What of the repository a build is given, and what of that it installs from.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIgnoreFile } from '../support/images/ignore-file';

const root = join(__dirname, '../..');
const read = (...file: string[]): string => readFileSync(join(root, ...file), 'utf8');

const shared = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'scripts/images/inventory/cli.mjs'];
const modules = ['modules/service-runtime/image-metadata/index.ts', 'modules/core/config/index.ts'];
const never = [
  '.git/config',
  '.env',
  'terraform.tfstate',
  'node_modules/express/index.js',
  'app-web/node_modules/x.js',
  'app-was/dist/server.js',
  'sagemaker/endpoint/dist/server.js',
  'modules/core/lib/index.js',
  'modules/vpc/vpc/vpc.ts',
  'modules/vpc/package.json',
  'stacks/network/stack.ts',
  'sagemaker/training/train.py',
  'sagemaker/sample-model/model.onnx',
  'scripts/test.mjs',
  '__tests__/x.ts',
];

describe.each([
  ['scripts/images/Dockerfile', ['app-web', 'app-was'], ['app-web/page/home.ts', 'scripts/images/build.mjs'], []],
  ['sagemaker/endpoint/Dockerfile', ['sagemaker/endpoint'], ['sagemaker/endpoint/build/build.mjs'], ['app-was/app.ts']],
])('%s', (dockerfile, workspaces, taken, left) => {
  test('the context holds what is built from, and nothing that a working copy has gathered', () => {
    const out = readIgnoreFile(join(root, `${dockerfile}.dockerignore`));
    expect([...shared, ...modules, ...taken].filter(out)).toEqual([]);
    expect([...never, ...left].filter((path) => !out(path))).toEqual([]);
  });

  // A builder that does not read that file takes the whole repository; a build copies no more than what it needs, or
  // what the other of the workspaces that share the file needs.
  test.each(workspaces)(
    '%s is installed from its own manifest and those of the packages that it needs',
    (workspace) => {
      const copied = [...read(dockerfile).matchAll(/^COPY (\S+)\/package\.json /gm)].map(([, folder]) =>
        folder!.replace('${APP}', workspace),
      );
      const shared = workspaces.flatMap((other) => needed(other).filter((folder) => folder !== other));
      expect(copied.sort()).toEqual([...new Set([workspace, ...shared])].sort());
    },
  );
});

/** A workspace, and those that it depends on, by their folders. */
function needed(workspace: string, found = new Set<string>()): string[] {
  if (found.has(workspace)) return [];
  found.add(workspace);
  const { dependencies = {} } = JSON.parse(read(workspace, 'package.json')) as {
    dependencies?: Record<string, string>;
  };
  for (const name of readdirSync(join(root, 'modules')))
    if (`@strata/${name}` in dependencies && existsSync(join(root, 'modules', name, 'package.json')))
      needed(`modules/${name}`, found);
  return [...found];
}
