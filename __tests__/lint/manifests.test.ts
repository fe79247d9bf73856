import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(__dirname, '../../scripts/lint/manifests.mjs');
const entry = { types: './lib/index.d.ts', default: './lib/index.js' };

const good = {
  name: '@strata/vpc',
  version: '0.2.1',
  description: 'A network',
  license: 'Apache-2.0',
  engines: { node: '>=20.9' },
  exports: { '.': entry, './package.json': './package.json' },
  files: ['lib', 'README.md', 'CHANGELOG.md'],
  peerDependencies: { cdktf: '^0.21.0' },
};
const changelog =
  '# @strata/vpc\n\n## 0.2.1\n\n### Patch Changes\n\n- Name the subnets\n\n  Resource impact: in place\n\n## 0.2.0\n\nResource impact: creates a VPC\n';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-manifests-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function workspace(path: string, manifest: object, files: Record<string, string> = {}): void {
  const folder = join(root, path);
  mkdirSync(folder, { recursive: true });
  const all = {
    'package.json': JSON.stringify(manifest),
    'index.ts': '',
    'README.md': '# x',
    'CHANGELOG.md': changelog,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
}

function check(): { status: number; lines: string[] } {
  try {
    execFileSync(process.execPath, [script, root], { encoding: 'utf8', stdio: 'pipe' });
    return { status: 0, lines: [] };
  } catch (error) {
    const failed = error as { status: number; stderr: string };
    return { status: failed.status, lines: failed.stderr.trim().split('\n') };
  }
}

test('a package that says everything about itself passes', () => {
  workspace('modules/vpc', good);
  expect(check()).toEqual({ status: 0, lines: [] });
});

test.each<[string, object, string]>([
  [
    'a package under the AGPL',
    { dependencies: { '@cloud-copilot/iam-simulate': '^0.1.0' } },
    'dependencies: "@cloud-copilot/iam-simulate" is AGPL-3.0, for tests and local runs alone; keep it in the root\'s devDependencies',
  ],
  [
    'a name that does not follow from the folder',
    { name: '@strata/network' },
    'name: "@strata/network" does not follow from the folder; use "@strata/vpc"',
  ],
  ['another licence', { license: 'MIT' }, 'license: "MIT" is not the repository\'s; use "Apache-2.0"'],
  ['the core as a dependency', { dependencies: { cdktf: '^0.21.0' } }, 'dependencies: "cdktf" must be the one copy'],
  [
    'the provider as a development dependency',
    { devDependencies: { '@cdktf/provider-aws': '*' } },
    'devDependencies: "@cdktf/provider-aws" must be the one copy',
  ],
  [
    'a package that is not here',
    { dependencies: { '@strata/nothing': '^1.0.0' } },
    'dependencies: "@strata/nothing" is not a package of this repository',
  ],
  ['no entry for package.json', { exports: { '.': entry } }, 'exports: "./package.json" must be "./package.json"'],
  [
    'an entry without a source',
    { exports: { ...good.exports, './gone': { types: './lib/gone.d.ts', default: './lib/gone.js' } } },
    'exports: "./gone" needs gone.ts',
  ],
  ['sources in the tarball', { files: ['lib', 'index.ts'] }, 'files: must be ["lib","README.md","CHANGELOG.md"]'],
])('refuses %s', (_title, change, says) => {
  workspace('modules/vpc', { ...good, ...change });
  const { status, lines } = check();
  expect(status).toBe(1);
  expect(lines).toEqual([expect.stringContaining(`modules/vpc/package.json: ${says}`)]);
});

test('reports every problem at once', () => {
  workspace(
    'modules/vpc',
    { ...good, description: '', license: 'MIT' },
    { 'CHANGELOG.md': '# @strata/vpc\n\n## 0.1.0\n\nResource impact: none\n' },
  );
  expect(check().lines).toHaveLength(3);
});

test('refuses a version without a section in the changelog', () => {
  workspace('modules/vpc', { ...good, version: '0.3.0' });
  expect(check().lines).toEqual(['modules/vpc/CHANGELOG.md: has no section "## 0.3.0", the version in package.json']);
});

test('refuses a section that states no resource impact', () => {
  workspace('modules/vpc', good, { 'CHANGELOG.md': '## 0.2.1\n\n### Patch Changes\n\n- Rename the subnets\n' });
  expect(check().lines).toEqual([
    'modules/vpc/CHANGELOG.md: 0.2.1 states no resource impact; add "Resource impact: none", "in place" or "replaced"',
  ]);
});

test('refuses a later section whose impact is none of the three', () => {
  workspace('modules/vpc', good, { 'CHANGELOG.md': changelog.replace('in place', 'creates a VPC') });
  expect(check().lines).toEqual([expect.stringContaining('modules/vpc/CHANGELOG.md: 0.2.1 states no resource impact')]);
});

const stack = { ...good, name: '@strata/stack-network' };
const contract = {
  ...good,
  name: '@strata/network-contract',
  files: ['lib', 'contract.json', 'README.md', 'CHANGELOG.md'],
  exports: { ...good.exports, './contract.json': './contract.json' },
};

function layer(change: object, files: Record<string, string>): void {
  workspace('stacks/network', stack);
  workspace('stacks/network/contract', { ...contract, ...change }, files);
}

test('a contract that is shipped as data passes', () => {
  layer({}, { 'contract.json': '{}' });
  expect(check()).toEqual({ status: 0, lines: [] });
});

test.each<[string, object, Record<string, string>, string]>([
  [
    'leaves its contract.json out of the package',
    { files: good.files },
    { 'contract.json': '{}' },
    'package.json: files: must be ["lib","contract.json","README.md","CHANGELOG.md"]',
  ],
  [
    'does not let its contract.json be taken',
    { exports: good.exports },
    { 'contract.json': '{}' },
    'package.json: exports: "./contract.json" must be "./contract.json"',
  ],
  ['has no contract.json', {}, {}, 'contract.json: is missing; run "npm run contracts -- write"'],
  [
    'has a name that does not follow from the layer',
    { name: '@strata/contract-network' },
    { 'contract.json': '{}' },
    'package.json: name: "@strata/contract-network" does not follow from the folder; use "@strata/network-contract"',
  ],
])('refuses a contract that %s', (_title, change, files, says) => {
  layer(change, files);
  expect(check().lines).toEqual([`stacks/network/contract/${says}`]);
});

test('refuses what would bring a layer along with another one, or with a contract', () => {
  layer({ dependencies: { '@strata/vpc': '^0.2.1' } }, { 'contract.json': '{}' });
  workspace('stacks/compute', {
    ...stack,
    name: '@strata/stack-compute',
    dependencies: { '@strata/stack-network': '^0.2.1' },
  });
  workspace('modules/vpc', good);
  expect(check().lines).toEqual([
    'stacks/compute/package.json: dependencies: a stack depends on no other stack ("@strata/stack-network"); depend on its contract',
    'stacks/network/contract/package.json: dependencies: a contract depends on @strata/contract alone ("@strata/vpc")',
  ]);
});

test("refuses a module that depends on a layer's contract", () => {
  layer({}, { 'contract.json': '{}' });
  workspace('modules/vpc', { ...good, dependencies: { '@strata/network-contract': '^0.2.1' } });
  expect(check().lines).toEqual([
    'modules/vpc/package.json: dependencies: a module depends on no layer\'s contract ("@strata/network-contract"); take the value as a prop',
  ]);
});

test('refuses a stack whose config cannot be taken alone', () => {
  workspace('stacks/network', stack, { 'config.ts': '' });
  expect(check().lines).toEqual([
    expect.stringContaining('stacks/network/package.json: exports: "./config" is missing'),
  ]);
});

test('refuses packages that depend on each other in a circle', () => {
  workspace('modules/a', { ...good, name: '@strata/a', dependencies: { '@strata/b': '^0.2.1' } });
  workspace('modules/b', { ...good, name: '@strata/b', dependencies: { '@strata/a': '^0.2.1' } });
  const { status, lines } = check();
  expect(status).toBe(1);
  expect(lines.join('\n')).toContain('packages depend on each other in a circle: @strata/a -> @strata/b -> @strata/a');
});

describe('the range of a contract', () => {
  const reader = (range: string | undefined, source: string): string[] => {
    workspace('stacks/network/contract', {
      ...good,
      name: '@strata/network-contract',
      version: '1.3.0',
      exports: { ...good.exports, './contract.json': './contract.json' },
      files: ['lib', 'contract.json', 'README.md', 'CHANGELOG.md'],
    });
    workspace('stacks/network', { ...good, name: '@strata/stack-network' });
    workspace(
      'stacks/compute',
      {
        ...good,
        name: '@strata/stack-compute',
        dependencies: range === undefined ? {} : { '@strata/network-contract': range },
      },
      { 'stack.ts': `import { networkContract, type X } from '@strata/network-contract';\n${source}` },
    );
    return check().lines.filter((line) => line.startsWith('stacks/compute/'));
  };

  test.each([
    ['^1.0.0', "this.read(networkContract, '^1.0');"],
    ['^1.2.0', "this.readIfDeployed(\n  networkContract,\n  '^1.2',\n  fallback,\n);"],
    ['^1.0.0 || ^2.0.0', "this.readInstance(networkContract, '^1.0 || ^2.0', 'prod', {});"],
  ])('%s in package.json is what %p says', (range, source) => {
    expect(reader(range, source)).toEqual([]);
  });

  test.each<[string, string | undefined, string, string]>([
    [
      'that npm takes further',
      '^1.0.0',
      "this.read(networkContract, '^1.2');",
      'package.json: dependencies: "@strata/network-contract": "^1.0.0" is not the range that stack.ts reads it in, "^1.2"; use "^1.2.0", or change the code',
    ],
    [
      'that is read in two ranges',
      '^1.2.0',
      "this.read(networkContract, '^1.2');\nthis.readInstance(networkContract, '^1.0', 'prod', {});",
      'package.json: dependencies: "@strata/network-contract": "^1.2.0" is not the range that stack.ts reads it in, "^1.0"; use "^1.0.0", or change the code',
    ],
    [
      'that npm does not know',
      undefined,
      "this.read(networkContract, '^1.2');",
      'package.json: dependencies: "@strata/network-contract" is missing, which stack.ts reads; add it with "^1.2.0"',
    ],
    [
      'that is computed',
      '^1.2.0',
      'this.read(networkContract, RANGE);',
      'stack.ts: the range of contract "network" is no literal; write it where it is read',
    ],
    [
      'that is none',
      '^1.2.0',
      "this.read(networkContract, 'latest');",
      'stack.ts: "latest" is not a range; use one such as "^1.0"',
    ],
  ])('one %s is refused', (_title, range, source, says) => {
    expect(reader(range, source)).toEqual([`stacks/compute/${says}`]);
  });
});

describe('manypkg refuses', () => {
  const manypkg = join(__dirname, '../../node_modules/@manypkg/cli/bin.js');
  const rules = (JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { manypkg: object })
    .manypkg;

  function manypkgCheck(): string {
    const file = (name: string, content: object): void => writeFileSync(join(root, name), JSON.stringify(content));
    file('package.json', { name: 'house', private: true, workspaces: ['modules/*', 'stacks/*'], manypkg: rules });
    file('package-lock.json', { name: 'house', lockfileVersion: 3, packages: {} });
    const { status, stdout, stderr } = spawnSync(process.execPath, [manypkg, 'check'], { cwd: root, encoding: 'utf8' });
    return `${status} ${stdout}${stderr}`;
  }

  test('an internal range that does not hold for the version here', () => {
    workspace('modules/vpc', good);
    workspace('stacks/network', { ...good, name: '@strata/stack-network', dependencies: { '@strata/vpc': '^0.1.0' } });
    expect(manypkgCheck()).toMatch(/^1 [^]*@strata\/stack-network has a dependency on @strata\/vpc@\^0\.1\.0/);
  });

  test('two ranges of one external package, and dependencies out of order', () => {
    workspace('modules/vpc', { ...good, dependencies: { zod: '^4.0.0', ajv: '^8.0.0' } });
    workspace('stacks/network', { ...good, name: '@strata/stack-network', dependencies: { zod: '^3.0.0' } });
    const output = manypkgCheck();
    expect(output).toMatch(/zod@\^[34]\.0\.0/);
    expect(output).toContain('sorted');
  });

  test('nothing of what is in order', () => {
    workspace('modules/vpc', good);
    expect(manypkgCheck()).toMatch(/^0 /);
  });
});
