import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

// One run of the real linter, with the repository's own configuration, over a small repository of violating and clean
// files.

const root = resolve(__dirname, '../..');

const manifest = (name: string, more: object = {}): string => JSON.stringify({ name, version: '0.1.0', ...more });

const peers = { peerDependencies: { cdktf: '*', constructs: '*', '@cdktf/provider-aws': '*' } };
const files: Record<string, string> = {
  'package.json': manifest('house', { private: true }),
  'modules/core/package.json': manifest('@strata/core', {
    ...peers,
    peerDependenciesMeta: {
      cdktf: { optional: true },
      constructs: { optional: true },
      '@cdktf/provider-aws': { optional: true },
    },
  }),
  'modules/vpc/package.json': manifest('@strata/vpc', { dependencies: { '@strata/core': '*' }, ...peers }),
  'modules/subnet/package.json': manifest('@strata/subnet', peers),
  'modules/service-runtime/package.json': manifest('@strata/service-runtime', {
    dependencies: { express: '*', '@strata/core': '*' },
  }),
  'modules/wrapped/package.json': manifest('@strata/wrapped', { dependencies: { '@strata/vpc': '*' } }),
  'stacks/network/package.json': manifest('@strata/stack-network', {
    dependencies: { '@strata/vpc': '*', '@strata/contract': '*', zod: '*' },
    ...peers,
  }),
  'stacks/network/contract/package.json': manifest('@strata/network-contract', {
    dependencies: { '@strata/contract': '*' },
  }),
  'stacks/compute/package.json': manifest('@strata/stack-compute', {
    dependencies: { '@strata/stack-network': '*', '@strata/network-contract': '*', '@strata/contract': '*' },
    ...peers,
  }),
  'app-web/package.json': manifest('app-web', {
    private: true,
    dependencies: { express: '*', '@strata/core': '*', '@strata/service-runtime': '*' },
    devDependencies: { esbuild: '*' },
  }),
};

/** Writes a file that the linter will look at and gives back its path, by which its messages are asked for. */
function file(path: string, ...lines: string[]): string {
  if (files[path] !== undefined) throw new Error(`two cases use ${path}`);
  files[path] = `${lines.join('\n')}\n`;
  return path;
}

interface Case {
  readonly title: string;
  readonly path: string;
  /** What the one message of the file says; none where the file is clean. */
  readonly says?: string;
}

const dependencyRule: Case[] = [
  {
    title: 'a module that imports a stack',
    path: file('modules/vpc/uses-stack.ts', "export { NetworkStack } from '@strata/stack-network';"),
    says: 'dependency rule: a module imports no stack ("@strata/stack-network"); take the value as a prop and let the stack pass it',
  },
  {
    title: 'a module that imports a contract by path',
    path: file('modules/vpc/uses-stack-path.ts', "export { networkContract } from '../../stacks/network/contract';"),
    says: 'dependency rule: a module imports no layer\'s contract ("../../stacks/network/contract"); take the value as a prop and let the stack pass it',
  },
  {
    title: 'a stack that imports another stack',
    path: file('stacks/compute/uses-stack.ts', "export { NetworkStack } from '@strata/stack-network';"),
    says: 'dependency rule: a stack imports another stack\'s contract only ("@strata/stack-network"); use "@strata/network-contract"',
  },
  {
    title: "a stack that imports another stack's config, as a type",
    path: file('stacks/compute/uses-config.ts', "export type { NetworkConfig } from '@strata/stack-network/config';"),
    says: 'dependency rule: a stack imports another stack\'s contract only ("@strata/stack-network/config")',
  },
  {
    title: 'a stack that loads another stack lazily',
    path: file('stacks/compute/lazy.ts', "export const load = () => import('@strata/stack-network');"),
    says: "dependency rule: a stack imports another stack's contract only",
  },
  {
    title: 'a stack that names a type of another stack in place',
    path: file('stacks/compute/inline-type.ts', "export type Network = import('@strata/stack-network').NetworkStack;"),
    says: "dependency rule: a stack imports another stack's contract only",
  },
  {
    title: 'a stack that requires another stack',
    path: file('stacks/compute/required.ts', "export const network: unknown = require('@strata/stack-network');"),
    says: "dependency rule: a stack imports another stack's contract only",
  },
  {
    title: 'a contract that imports the core',
    path: file('stacks/network/contract/index.ts', "import { Fn } from 'cdktf';", 'export const join = Fn.join;'),
    says: 'dependency rule: a contract imports @strata/contract alone ("cdktf"), so that its readers install no layer; move the code into the stack',
  },
  {
    title: 'a contract that imports its own stack',
    path: file('stacks/network/contract/uses-stack.ts', "export { NetworkStack } from '../stack';"),
    says: 'dependency rule: a contract imports @strata/contract alone ("../stack")',
  },
  {
    title: 'a contract on the library of contracts and its own manifest',
    path: file(
      'stacks/network/contract/clean.ts',
      "import { defineContract } from '@strata/contract';",
      "import manifest from '@strata/network-contract/package.json';",
      'export const all = [defineContract, manifest];',
    ),
  },
  {
    title: 'a stack that imports the local cloud',
    path: file('stacks/network/uses-local.ts', "export { start } from '../../local/run/start';"),
    says: 'dependency rule: only scripts import local ("../../local/run/start"); take the value as an argument',
  },
  {
    title: 'the local cloud that imports a script',
    path: file('local/run/uses-scripts.ts', "export { build } from '../../scripts/images/build';"),
    says: 'dependency rule: nothing imports scripts ("../../scripts/images/build"); move what is shared into local, or into a module',
  },
  {
    title: 'a script on the local cloud',
    path: file('scripts/start.ts', "export { start } from '../local/run/start';"),
  },
  {
    title: 'the local cloud that spawns a script',
    path: file('local/run/spawns-script.ts', "export const program = 'scripts/images/build.mjs';"),
    says: 'dependency rule: local needs nothing in scripts ("scripts/images/build.mjs"); move the program into local',
  },
  {
    title: 'the local cloud that joins the path of a script',
    path: file(
      'local/run/joins-script.ts',
      "export const path = (...parts: string[]) => parts.join('/');\nexport const program = path('scripts', 'apps.ts');",
    ),
    says: 'dependency rule: local needs nothing in scripts ("scripts"); move the program into local',
  },
  {
    title: 'the local cloud with the path of a script in a template',
    path: file('local/run/template.ts', 'export const program = (root: string) => `${root}/scripts/apps.ts`;'),
    says: 'dependency rule: local needs nothing in scripts ("/scripts/apps.ts"); move the program into local',
  },
  {
    title: 'a script that enters a stack by path',
    path: file('scripts/push.ts', "export { pipelinesOf } from '../stacks/ci-cd/pipelines';"),
    says: 'dependency rule: scripts imports packages by name ("../stacks/ci-cd/pipelines"); use "@strata/stack-ci-cd", or an entry in its exports',
  },
  {
    title: 'the local cloud that enters a module by path, as a type',
    path: file('local/run/uses-module.ts', "export type { Problems } from '../../modules/core/validation';"),
    says: 'dependency rule: local imports packages by name ("../../modules/core/validation"); use "@strata/core", or an entry in its exports',
  },
  {
    title: 'a script that enters a contract by path',
    path: file('scripts/contract.ts', "export { mlContract } from '../stacks/ml/contract';"),
    says: 'dependency rule: scripts imports packages by name ("../stacks/ml/contract"); use "@strata/ml-contract", or an entry in its exports',
  },
  {
    title: 'a script that enters a stack by an entry in its exports',
    path: file('scripts/push-by-name.ts', "export { pipelinesOf } from '@strata/stack-ci-cd/pipelines';"),
  },
  {
    title: 'a module without cdktf that loads the core with it',
    path: file('modules/service-runtime/problems.ts', "export { Problems } from '@strata/core';"),
    says: 'dependency rule: "@strata/core" loads cdktf, which service-runtime does without ("@strata/core"); use "@strata/core/config" or "@strata/core/rules"',
  },
  {
    title: "a module without cdktf on the core's checks of configuration",
    path: file('modules/service-runtime/config.ts', "export { parseConfig } from '@strata/core/config';"),
  },
  {
    title: 'an app that loads the core with cdktf',
    path: file('app-web/core.ts', "export { Problems } from '@strata/core';"),
    says: 'dependency rule: app-web imports no infrastructure ("@strata/core")',
  },
  {
    title: 'a config that imports a provider resource as a type',
    path: file(
      'stacks/network/config.ts',
      "import type { VpcConfig } from '@cdktf/provider-aws/lib/vpc';",
      'export type Config = VpcConfig;',
    ),
    says: 'dependency rule: config.ts of a stack imports no construct ("@cdktf/provider-aws/lib/vpc")',
  },
  {
    title: 'an app that imports a module',
    path: file('app-web/server.ts', "export { Vpc } from '@strata/vpc';"),
    says: 'dependency rule: app-web imports no infrastructure ("@strata/vpc"); pass the value in as an environment variable of the service',
  },
  {
    title: 'an app that imports a module which builds on infrastructure only through another',
    path: file('app-web/wrapped.ts', "export { Wrapped } from '@strata/wrapped';"),
    says: 'dependency rule: app-web imports no infrastructure ("@strata/wrapped")',
  },
  {
    title: 'an app on a module without infrastructure',
    path: file('app-web/runtime.ts', "export { HttpError } from '@strata/service-runtime';"),
  },
  {
    title: 'an app that imports constructs',
    path: file('app-was/server.ts', "export { Construct } from 'constructs';"),
    says: 'dependency rule: app-was imports no infrastructure ("constructs")',
  },
  {
    title: 'the inference container that reads a contract by path',
    path: file('sagemaker/endpoint/server.ts', "export { networkContract } from '../../stacks/network/contract';"),
    says: 'dependency rule: sagemaker/endpoint imports no infrastructure',
  },
  {
    title: 'a main.ts that makes a resource',
    path: file('main.ts', "export { Vpc } from '@cdktf/provider-aws/lib/vpc';"),
    says: 'dependency rule: main.ts makes no resources ("@cdktf/provider-aws/lib/vpc"); it wires stacks: put the resource into a stack',
  },
  {
    title: 'a stack that imports application code',
    path: file('stacks/network/uses-app.ts', "export { port } from '../../app-web/port';"),
    says: 'dependency rule: a stack imports no application code ("../../app-web/port"); take the value from its config',
  },
  {
    title: 'a module that imports main.ts',
    path: file('modules/vpc/uses-main.ts', "export { app } from '../../main';"),
    says: 'dependency rule: nothing imports main.ts ("../../main"); move what is shared into a module',
  },
  {
    title: "a stack on a module, another stack's contract and the provider",
    path: file(
      'stacks/compute/clean.ts',
      "import { Vpc } from '@cdktf/provider-aws/lib/vpc';",
      "import { networkContract } from '@strata/network-contract';",
      "import { read } from '@strata/contract';",
      "import { own } from './own';",
      'export const all = [Vpc, networkContract, read, own];',
    ),
  },
  {
    title: 'its neighbour in the same stack',
    path: file('stacks/compute/own.ts', "import { join } from 'node:path';", "export const own = join('a', 'b');"),
  },
  {
    title: 'a test that looks at anything',
    path: file('__tests__/any.ts', "export { NetworkStack } from '@strata/stack-network';"),
  },
];

const deepImports: Case[] = [
  {
    title: "the provider's barrel",
    path: file('modules/vpc/barrel.ts', "export { vpc } from '@cdktf/provider-aws';"),
    says: 'deep imports: "@cdktf/provider-aws" loads the whole provider; import one resource, such as "@cdktf/provider-aws/lib/vpc"',
  },
  {
    title: "the provider's barrel under its other name",
    path: file('modules/vpc/barrel-index.ts', "export { vpc } from '@cdktf/provider-aws/lib';"),
    says: 'deep imports: "@cdktf/provider-aws/lib" loads the whole provider',
  },
  {
    title: 'the barrel in a test',
    path: file('__tests__/barrel.ts', "export type Vpc = import('@cdktf/provider-aws').vpc.Vpc;"),
    says: 'deep imports: "@cdktf/provider-aws" loads the whole provider',
  },
  {
    title: 'a file inside the core',
    path: file('modules/vpc/inside-core.ts', "export { Fn } from 'cdktf/lib/terraform-functions';"),
    says: 'deep imports: "cdktf/lib/terraform-functions" is a file inside cdktf; import what it exports from "cdktf"',
  },
  { title: 'one resource', path: file('modules/vpc/one.ts', "export { Vpc } from '@cdktf/provider-aws/lib/vpc';") },
];

const construct = "import { Construct } from 'constructs';";
const constructorShape: Case[] = [
  {
    title: 'props before the id',
    path: file(
      'modules/vpc/order.ts',
      construct,
      'export class Wrong extends Construct {',
      '  constructor(scope: Construct, props: WrongProps, id: string) {',
      '    super(scope, id + props.x);',
      '  }',
      '}',
      'export interface WrongProps { readonly x: string }',
    ),
    says: 'constructor shape: Wrong is a construct and takes (scope, props, id); use (scope, id, props) and put everything else into props',
  },
  {
    title: 'a fourth parameter',
    path: file(
      'stacks/network/fourth.ts',
      "import { TerraformStack } from 'cdktf';",
      "import type { Construct } from 'constructs';",
      'export class Four extends TerraformStack {',
      '  constructor(scope: Construct, id: string, props: FourProps, extra: string) {',
      '    super(scope, id + props.x + extra);',
      '  }',
      '}',
      'export interface FourProps { readonly x: string }',
    ),
    says: 'constructor shape: Four is a construct and takes (scope, id, props, extra)',
  },
  {
    title: 'props taken apart in the parameter list',
    path: file(
      'modules/vpc/apart.ts',
      construct,
      'export interface ApartProps { readonly x: string }',
      'export class Apart extends Construct {',
      '  constructor(scope: Construct, id: string, { x }: ApartProps) {',
      '    super(scope, id + x);',
      '  }',
      '}',
    ),
    says: 'constructor shape: Apart is a construct and takes (scope, id, {…})',
  },
  {
    title: 'props without a name',
    path: file(
      'modules/vpc/unnamed.ts',
      construct,
      'export class Unnamed extends Construct {',
      '  constructor(scope: Construct, id: string, props: { readonly x: string }) {',
      '    super(scope, id + props.x);',
      '  }',
      '}',
    ),
    says: 'constructor shape: the props of Unnamed have no name; export an interface UnnamedProps',
  },
  {
    title: 'a construct derived from one in another file',
    path: file(
      'modules/vpc/derived.ts',
      "import { Right } from './right';",
      'export class Derived extends Right {',
      '  constructor(id: string) {',
      '    super(id);',
      '  }',
      '}',
    ),
    says: 'constructor shape: Derived is a construct and takes (id)',
  },
  {
    title: 'the right shape, a default for the props and a member made of them',
    path: file(
      'modules/vpc/right.ts',
      construct,
      'export interface RightProps { readonly x?: string }',
      'export class Right extends Construct {',
      '  constructor(scope: Construct, id: string, private readonly props: RightProps = {}) {',
      '    super(scope, id);',
      '  }',
      '  get x(): string | undefined {',
      '    return this.props.x;',
      '  }',
      '}',
    ),
  },
  {
    title: 'a class that is no construct',
    path: file(
      'modules/vpc/plain.ts',
      'export class Plain extends Error {',
      '  constructor(readonly code: number) {',
      '    super(String(code));',
      '  }',
      '}',
    ),
  },
];

const noCoreInstanceof: Case[] = [
  {
    title: 'instanceof on a class of the core',
    path: file(
      'modules/vpc/instance.ts',
      "import { TerraformStack as Stack } from 'cdktf';",
      'export const is = (x: unknown): boolean => x instanceof Stack;',
    ),
    says: 'no core instanceof: "instanceof TerraformStack" fails when two copies of the core are loaded; use the class\'s own test',
  },
  {
    title: 'instanceof on a class of the provider, through a namespace',
    path: file(
      'modules/vpc/instance-namespace.ts',
      "import * as v from '@cdktf/provider-aws/lib/vpc';",
      'export const is = (x: unknown): boolean => x instanceof v.Vpc;',
    ),
    says: 'no core instanceof: "instanceof Vpc"',
  },
  {
    title: 'instanceof on a class of the language',
    path: file('modules/vpc/instance-error.ts', 'export const is = (x: unknown): boolean => x instanceof Error;'),
  },
];

const declaredDependencies: Case[] = [
  {
    title: 'a package that is not declared',
    path: file('modules/subnet/undeclared.ts', "export { z } from 'zod';"),
    says: 'declared dependencies: "zod" is not in @strata/subnet\'s package.json; add it to its dependencies',
  },
  {
    title: 'a module of the house that is not declared',
    path: file('modules/subnet/undeclared-module.ts', "export { Problems } from '@strata/core';"),
    says: 'declared dependencies: "@strata/core" is not in @strata/subnet\'s package.json; add it to its dependencies',
  },
  {
    title: 'a provider that is not declared',
    path: file('modules/subnet/undeclared-provider.ts', "export { File } from '@cdktf/provider-local/lib/file';"),
    says: 'declared dependencies: "@cdktf/provider-local" is not in @strata/subnet\'s package.json; add it to its peerDependencies',
  },
  {
    title: 'another package reached by path',
    path: file('modules/subnet/by-path.ts', "export { Right } from '../vpc/right';"),
    says: 'declared dependencies: "../vpc/right" leaves the package by path; import "@strata/vpc" and declare it',
  },
  {
    title: 'what is declared, what is built in, and the package itself',
    path: file(
      'stacks/network/declared.ts',
      "import { readFileSync } from 'fs';",
      "import { z } from 'zod';",
      "import own from '@strata/stack-network/package.json';",
      'export const all = [readFileSync, z, own];',
    ),
  },
  { title: 'a development dependency of an app', path: file('app-web/build.ts', "export { build } from 'esbuild';") },
];

interface Diagnostic {
  readonly message: string;
  readonly code: string;
  readonly filename: string;
}

let diagnostics: Diagnostic[];
let repository: string;

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'strata-lint-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  mkdirSync(join(repository, 'scripts'), { recursive: true });
  symlinkSync(join(root, 'scripts/lint'), join(repository, 'scripts/lint'));
  cpSync(join(root, '.oxlintrc.json'), join(repository, '.oxlintrc.json'));
  diagnostics = lint(['--format=json']);
});

afterAll(() => rmSync(repository, { recursive: true, force: true }));

function lint(args: readonly string[]): Diagnostic[] {
  const oxlint = resolve(dirname(require.resolve('oxlint/package.json')), 'bin/oxlint');
  let output: string;
  try {
    output = execFileSync(process.execPath, [oxlint, ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // The linter ends with 1 when it finds something, as it must here.
    const failed = error as { status: number; stdout: string; stderr: string };
    if (failed.status !== 1) throw new Error(`oxlint ended with ${failed.status}: ${failed.stderr}${failed.stdout}`);
    output = failed.stdout;
  }
  return (JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics;
}

const ours = (path: string): Diagnostic[] =>
  diagnostics.filter((d) => d.filename === path && d.code.startsWith('strata('));

describe.each([
  ['dependency-rule', dependencyRule],
  ['deep-imports', deepImports],
  ['constructor-shape', constructorShape],
  ['no-core-instanceof', noCoreInstanceof],
  ['declared-dependencies', declaredDependencies],
])('%s', (rule, cases) => {
  const violating = cases.filter((c) => c.says !== undefined);
  const clean = cases.filter((c) => c.says === undefined);

  test.each(violating)('refuses $title', ({ path, says }) => {
    const found = ours(path).filter((d) => d.code === `strata(${rule})`);
    expect(found.map((d) => d.message)).toEqual([expect.stringContaining(says!)]);
  });

  test.each(clean)('accepts $title', ({ path }) => {
    expect(ours(path).map((d) => d.message)).toEqual([]);
  });
});
