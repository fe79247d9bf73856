import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WorkspaceCopy } from '../support/workspace-copy';

// A throw-away project that has the tarballs and what they ask for, nothing of this repository: what works here works
// for others.

const root = resolve(__dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Packed {
  readonly name: string;
  readonly tarball: string;
  readonly files: readonly string[];
}

function manifestsIn(folder: string): Manifest[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .map((name) => join(root, folder, name, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Manifest)
    .filter(({ private: unpublished }) => unpublished !== true);
}

const stacks = manifestsIn('stacks');
const contracts = readdirSync(join(root, 'stacks')).map(
  (layer) => JSON.parse(readFileSync(join(root, 'stacks', layer, 'contract', 'package.json'), 'utf8')) as Manifest,
);
const packages = [...manifestsIn('modules'), ...manifestsIn('sagemaker'), ...contracts, ...stacks];
const names = packages.map(({ name }) => name);
/**
 * The version installed here, which npm has in its cache; for what is not installed here (an optional peer), the range
 * asked for.
 */
function versionOf(name: string, range: string): string {
  const file = join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version : range;
}

/** Every way into a package that is code, as others write it: `@strata/state/config`. */
const entries = packages.flatMap(({ name, exports }) =>
  Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([entry]) => join(name, entry)),
);

/**
 * The ways in that load no construct, so that a reader of a contract, a config or a rule needs no Terraform library:
 * all that is split off from a package's main entry, but for `terraform`.
 */
const light = entries.filter((entry) =>
  /^@strata\/(.+-)?contract$|^@strata\/contract-cli$|^@strata\/[^/]+\/(?!terraform$)/.test(entry),
);

const layers = stacks.map(({ name }) => {
  const id = name.replace('@strata/stack-', '');
  return {
    id,
    name,
    className: `${id
      .split('-')
      .map((part) => part[0]!.toUpperCase() + part.slice(1))
      .join('')}Stack`,
  };
});

/** What a layer cannot do without. */
const CONFIGURED: Record<string, string> = { jobs: ' config: { kinds: { sentiment: {} } },' };

const sources: Record<string, string> = {
  'entries.ts': entries
    .map(
      (entry, i) =>
        `import * as entry${i} from '${entry}';\nexport const names${i}: string[] = Object.keys(entry${i});\n`,
    )
    .join(''),
  'one-module.ts': `
import { Problems, ValidationError, checkInteger, checkOneOf } from '@strata/core';
import { Testing } from 'cdktf';
import { Construct } from 'constructs';

export interface QueueProps {
  readonly delaySeconds?: number;
  readonly kind?: 'standard' | 'fifo';
}

class Queue extends Construct {
  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkInteger(problems, 'delaySeconds', props.delaySeconds, { min: 0, max: 900, unit: 's' });
    checkOneOf(problems, 'kind', props.kind, ['standard', 'fifo']);
    problems.throwIfAny();
  }
}

try {
  Testing.synthScope((stack) => new Queue(stack, 'orders', { delaySeconds: 901, kind: 'fif0' as 'fifo' }));
} catch (error) {
  console.log(ValidationError.isValidationError(error), (error as Error).message);
}
`,
  'one-construct.ts': `
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { Vpc, type VpcProps } from '@strata/vpc';

const props: VpcProps = { name: 'shop', cidrBlock: '10.20.0.0/16', natGateways: 'none' };
const app = new App({ outdir: 'synthesized/one-construct' });
const stack = new TerraformStack(app, 'own');
new AwsProvider(stack, 'aws', { region: 'ap-northeast-2' });
new Vpc(stack, 'vpc', props);
app.synth();
`,
  ...Object.fromEntries(
    layers.map(({ id, name, className }) => [
      `layer-${id}.ts`,
      `
import { ${className} } from '${name}';
import { App } from 'cdktf';

const app = new App({ outdir: 'synthesized/${id}' });
new ${className}(app, '${id}', {
  project: 'shop', environment: 'dev', region: 'ap-northeast-2', state: { type: 'local' }, fixtures: true,${CONFIGURED[id] ?? ''}
});
app.synth();
`,
    ]),
  ),
};

let consumer: string;
let packed: Packed[];

function run(file: string, args: readonly string[], cwd = consumer): string {
  try {
    return execFileSync(file, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const failed = error as { status: number; stdout: string; stderr: string };
    throw new Error(`${[file, ...args].join(' ')} ended with ${failed.status}:\n${failed.stdout}${failed.stderr}`);
  }
}

const node = (...args: readonly string[]): string => run(process.execPath, args);

/** What a process has loaded of the Terraform libraries after each of these imports, with nothing loaded before it. */
function infrastructureLoadedBy(imported: readonly string[]): Record<string, string[]> {
  const script = `
    const loaded = {};
    for (const entry of ${JSON.stringify(imported)}) {
      for (const file of Object.keys(require.cache)) delete require.cache[file];
      require(entry);
      loaded[entry] = Object.keys(require.cache).filter((file) => /node_modules\\/(cdktf|constructs|@cdktf)\\//.test(file));
    }
    console.log(JSON.stringify(loaded));`;
  return JSON.parse(node('-e', script)) as Record<string, string[]>;
}

/** A package and those of this repository that npm installs with it. */
function broughtAlong(name: string, found: string[] = []): string[] {
  if (found.includes(name)) return found;
  found.push(name);
  const { dependencies = {} } = packages.find((p) => p.name === name)!;
  for (const needed of Object.keys(dependencies)) if (needed.startsWith('@strata/')) broughtAlong(needed, found);
  return found;
}

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'strata-consumer-'));
  // Built in a copy: what a build leaves in a checkout could make work what does not work in a clean one.
  const copy = new WorkspaceCopy();
  try {
    packed = JSON.parse(
      run(
        process.execPath,
        [join(copy.folder, 'scripts/packages/pack.mjs'), '--json', join(consumer, 'tarballs')],
        copy.folder,
      ),
    ) as Packed[];
  } finally {
    copy.remove();
  }

  const peers = packages.flatMap(({ peerDependencies }) => Object.entries(peerDependencies ?? {}));
  const dependencies = {
    ...Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`])),
    ...Object.fromEntries(peers.map(([name, range]) => [name, versionOf(name, range)])),
  };
  const devDependencies = { '@types/node': versionOf('@types/node', '^20'), typescript: '~5.9.0' };
  const compilerOptions = {
    target: 'es2022',
    module: 'node16',
    moduleResolution: 'node16',
    strict: true,
    skipLibCheck: false,
    rootDir: '.',
    outDir: 'out',
    types: ['node'],
  };
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, dependencies, devDependencies }),
  );
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src/*.ts'] }));
  for (const folder of ['src', 'synthesized']) mkdirSync(join(consumer, folder));
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(consumer, 'src', name), text);
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']);
}, 300_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

test('every package is packed', () => {
  expect(packed.map(({ name }) => name).sort()).toEqual([...names].sort());
});

test.each(packages)(
  '$name holds what it should and requires only what it declares',
  ({ name, exports, dependencies, peerDependencies }) => {
    const { files } = packed.find((p) => p.name === name)!;
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : [target.types, target.default],
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        ...targets.map((target) => target.replace('./', '')),
      ]),
    );
    expect(
      files.filter((file) => /\.test\.|__tests__\//.test(file) || (file.endsWith('.ts') && !file.endsWith('.d.ts'))),
    ).toEqual([]);

    const installed = join(consumer, 'node_modules', name);
    const required = files
      // The code of a Lambda function is one bundle with all it needs; what it only tries to load is in nobody's
      // dependencies.
      .filter((file) => /\.(js|d\.ts)$/.test(file) && !/^lib\/(deploy-endpoint|functions)\//.test(file))
      .flatMap((file) => [
        ...readFileSync(join(installed, file), 'utf8').matchAll(
          /(?:^(?:import|export)\b[^'"\n]*from |\brequire\(|\bimport\()["']([^."'][^"']*)["']/gm,
        ),
      ])
      .map(([, specifier]) =>
        specifier!
          .split('/')
          .slice(0, specifier!.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((needed) => !needed.startsWith('node:') && !builtinModules.includes(needed) && needed !== name);
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect([...new Set(required)].filter((needed) => !declared.includes(needed))).toEqual([]);
  },
);

test('no package brings a second copy of the core or the provider', () => {
  const copies = run('npm', ['ls', '--all', '--parseable', 'cdktf', 'constructs', '@cdktf/provider-aws'])
    .split('\n')
    .filter((line) => /node_modules\/(cdktf|constructs|@cdktf\/provider-aws)$/.test(line));
  expect(copies.map((copy) => copy.replace(/^.*node_modules\//, '')).sort()).toEqual([
    '@cdktf/provider-aws',
    'cdktf',
    'constructs',
  ]);
});

test('everything compiles with TypeScript 5.9', () => {
  expect(node('node_modules/typescript/bin/tsc', '--version')).toContain('5.9.');
  // The declarations of the libraries are checked by the next test, whose compiler is faster.
  expect(node('node_modules/typescript/bin/tsc', '-p', '.', '--skipLibCheck')).toBe('');
}, 60_000);

test('everything type-checks, libraries included, with TypeScript 7', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(node(tsc, '--version')).toContain('Version 7.');
  expect(node(tsc, '-p', '.', '--noEmit')).toBe('');
}, 60_000);

test('every entry of every package loads', () => {
  const script = `for (const e of ${JSON.stringify(entries)}) if (Object.keys(require(e)).length === 0) console.log(e + ' exports nothing');`;
  expect(node('-e', script)).toBe('');
});

test('one module works alone', () => {
  expect(node('out/src/one-module.js')).toBe(
    'true [stack/orders] 2 problems:\n  - delaySeconds: 901 is out of range; use a whole number from 0 to 900 s\n' +
      '  - kind: "fif0" is not allowed; use one of standard, fifo; did you mean "fifo"?\n',
  );
});

test("one construct makes its resources in a stack of the consumer's own", () => {
  node('out/src/one-construct.js');
  const { resource } = JSON.parse(
    readFileSync(join(consumer, 'synthesized/one-construct/stacks/own/cdk.tf.json'), 'utf8'),
  ) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  expect(Object.values(resource.aws_vpc!)).toEqual([expect.objectContaining({ cidr_block: '10.20.0.0/16' })]);
  expect(Object.keys(resource.aws_subnet!)).toHaveLength(4);
  expect(resource.aws_nat_gateway).toBeUndefined();
});

test.each([
  ['@strata/vpc', 3],
  ['@strata/stack-network', 8],
  ['@strata/stack-compute', 14],
  ['@strata/stack-ci-cd', 14],
])('%s brings along at most %i packages, itself included', (name, most) => {
  expect(packages.find((p) => p.name === name)).toBeDefined();
  expect(broughtAlong(name).length).toBeLessThanOrEqual(most);
});

test('a contract brings along nothing but the library of contracts', () => {
  for (const { name } of contracts) expect(broughtAlong(name)).toEqual([name, '@strata/contract']);
});

test('what needs no construct loads none', () => {
  expect(light.length).toBeGreaterThan(20);
  expect(infrastructureLoadedBy(light)).toEqual(Object.fromEntries(light.map((entry) => [entry, []])));
});

test('the check above sees a construct that is loaded', () => {
  expect(infrastructureLoadedBy(['@strata/core'])['@strata/core']).not.toEqual([]);
});

if (layers.length > 0) {
  test.each(layers)('layer $id synthesizes without its neighbours', ({ id, name }) => {
    node(`out/src/layer-${id}.js`);
    const stack = JSON.parse(readFileSync(join(consumer, `synthesized/${id}/stacks/${id}/cdk.tf.json`), 'utf8')) as {
      readonly resource: object;
      readonly output: Readonly<Record<string, { readonly value: unknown }>>;
      readonly provider: {
        readonly aws: readonly [
          { readonly default_tags: readonly [{ readonly tags: Readonly<Record<string, string>> }] },
        ];
      };
    };
    expect(Object.keys(stack.resource).length).toBeGreaterThan(0);
    expect(stack.output.contract_version?.value).toMatch(/^\d+\.\d+\.\d+$/);
    expect(stack.provider.aws[0].default_tags[0].tags).toMatchObject({
      layer: id,
      version: packages.find((p) => p.name === name)!.version,
    });
  });

  test("who breaks by a layer's contract is asked on the command line, with the contract that its package ships", () => {
    node('out/src/layer-compute.js');
    const answer = run(join(consumer, 'node_modules/.bin/strata-contracts'), [
      'who-breaks',
      'network',
      '--contract',
      'node_modules/@strata/network-contract/contract.json',
      '--synthesized',
      'synthesized/compute',
    ]);
    expect(answer).toMatch(/^shop\/dev\/compute {2}synthesized\/compute\/stacks\/compute of .* UTC {2}\^1\.0 {3}ok$/m);
    expect(answer.trimEnd().split('\n').at(-1)).toBe(
      'No reader breaks if contract "network" 1.0.0 is published: 1 reader.',
    );
  });
}
