// main.ts by the command of cdktf.json, for the environments of cdktf.json.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import cdktfJson from '../../cdktf.json';
import { runNode, type Ended } from '../scripts/synth/house';

// Each case is a process or two, on a machine that may be busy.
jest.setTimeout(60_000);

const root = resolve(__dirname, '../..');
const ENVIRONMENTS = Object.keys(cdktfJson.context.environments);

/** The layers of every environment, and whose contracts they read: those they depend on, and those they do without. */
const READS: Readonly<
  Record<string, { readonly required: readonly string[]; readonly ifDeployed: readonly string[] }>
> = {
  network: { required: [], ifDeployed: [] },
  registry: { required: [], ifDeployed: [] },
  ml: { required: ['network', 'registry'], ifDeployed: [] },
  compute: { required: ['network'], ifDeployed: ['ml'] },
  'ci-cd': { required: ['registry', 'compute'], ifDeployed: ['ml'] },
};
const LAYERS = Object.keys(READS);

const folder = mkdtempSync(join(tmpdir(), 'strata-main-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      {
        readonly synthesizedStackPath: string;
        readonly workingDirectory: string;
        readonly dependencies: readonly string[];
      }
    >
  >;
}
interface Layer {
  readonly terraform: { readonly backend: object };
  readonly provider: {
    readonly aws: readonly [{ readonly region: string; readonly default_tags: readonly [{ readonly tags: object }] }];
  };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly data?: { readonly terraform_remote_state?: object };
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

function runApp(environment: NodeJS.ProcessEnv): Promise<Ended> {
  const [program, script] = cdktfJson.app.split(' ');
  expect(program).toBe('node');
  return runNode([join(root, script!)], { CDKTF_OUTDIR: join(folder, 'cdktf.out'), ...environment }, folder);
}

/** Synthesizes, and reads what came of it. */
async function synth(environment: NodeJS.ProcessEnv) {
  expect(await runApp(environment)).toEqual({ status: 0, stdout: '', stderr: '' });
  const manifest = JSON.parse(readFileSync(join(folder, 'cdktf.out', 'manifest.json'), 'utf8')) as Manifest;
  const text = (layer: string): string =>
    readFileSync(join(folder, 'cdktf.out', manifest.stacks[layer]!.synthesizedStackPath), 'utf8');
  const layer = (id: string) => JSON.parse(text(id)) as Layer;
  return {
    manifest,
    text,
    layer,
    resources: (id: string, type: string) => Object.values(layer(id).resource[type] ?? {}),
  };
}

describe.each(ENVIRONMENTS)('%s', (name) => {
  let app: Awaited<ReturnType<typeof synth>>;
  beforeAll(async () => {
    app = await synth({ STRATA_ENVIRONMENT: name });
  });

  test('has its layers in folders of its own, compute after network, ml after network and registry', () => {
    expect(app.manifest.stacks).toEqual(
      Object.fromEntries(
        Object.entries(READS).map(([layer, { required }]) => [
          layer,
          expect.objectContaining({
            name: layer,
            workingDirectory: `${name}/${layer}`,
            synthesizedStackPath: `${name}/${layer}/cdk.tf.json`,
            dependencies: required,
          }),
        ]),
      ),
    );
  });

  test("keeps each layer's state apart from all others", () => {
    for (const layer of LAYERS) {
      expect(app.layer(layer).terraform.backend).toEqual({
        local: { path: join(folder, '.strata', 'state', 'strata', name, `${layer}.tfstate`) },
      });
      expect(app.layer(layer).provider.aws[0]).toMatchObject({
        region: 'ap-northeast-2',
        default_tags: [{ tags: { project: 'strata', environment: name, layer } }],
      });
    }
  });

  test("pulls the services' images from repositories that its registry makes, whatever their prefix", () => {
    const made = app.resources('registry', 'aws_ecr_repository').map((repository) => String(repository.name));
    const pulled = [...app.text('compute').matchAll(/:repository\/([\w/.-]+)/g)].map(([, repository]) => repository);
    expect([...new Set(pulled)].sort()).toEqual(
      made.filter((repository) => !repository.endsWith('model-endpoint')).sort(),
    );
    expect(pulled.length).toBeGreaterThan(0);
  });

  test('has no reference between layers but contracts', () => {
    for (const layer of LAYERS) {
      const { output, data } = app.layer(layer);
      expect(Object.keys(output)).toContain('contract_version');
      expect(Object.keys(output).filter((key) => key.startsWith('cross-stack-'))).toEqual([]);
      // None is deployed here: what is read if it is deployed is not read, and recorded all the same.
      const { required, ifDeployed } = READS[layer]!;
      expect(Object.keys(data?.terraform_remote_state ?? {}).sort()).toEqual([...required].sort());
      expect(Object.keys(output.contract_consumes?.value ?? {}).sort()).toEqual([...required, ...ifDeployed].sort());
    }
    expect(app.layer('compute').output.contract_consumes!.value).toMatchObject({
      network: { range: '^1.0' },
      ml: { range: '^1.0' },
    });
  });

  test('is the same when it is synthesized again', async () => {
    const before = LAYERS.map(app.text);
    const again = await synth({ STRATA_ENVIRONMENT: name });
    expect(LAYERS.map(again.text)).toEqual(before);
  });
});

test.each([
  ['dev', 1, false, 7],
  ['staging', 1, false, 30],
  ['prod', 2, true, 90],
])(
  '%s has %p NAT gateway(s), deletion protection: %p, logs for %p days',
  async (name, natGateways, protection, days) => {
    const app = await synth({ STRATA_ENVIRONMENT: name });
    expect(app.resources('network', 'aws_nat_gateway')).toHaveLength(natGateways);
    expect(app.resources('compute', 'aws_lb').map((lb) => lb.enable_deletion_protection)).toEqual([
      protection,
      protection,
    ]);
    expect(
      new Set(app.resources('compute', 'aws_cloudwatch_log_group').map((group) => group.retention_in_days)),
    ).toEqual(new Set([days]));
  },
);

test('without a choice the environment is the one that cdktf.json names', async () => {
  const { manifest } = await synth({});
  expect(manifest.stacks.network!.workingDirectory).toBe(`${cdktfJson.context.environment}/network`);
});

test('the context that the CLI hands over comes before the file', async () => {
  const environments = { qa: { region: 'eu-west-1', layers: { bootstrap: { bucketName: 'shop-state' } } } };
  const app = await synth({ CDKTF_CONTEXT_JSON: JSON.stringify({ project: 'shop', environment: 'qa', environments }) });
  expect(Object.keys(app.manifest.stacks).sort()).toEqual(['bootstrap', 'compute', 'network', 'registry']);
  expect(app.layer('bootstrap').provider.aws[0]).toMatchObject({
    region: 'eu-west-1',
    default_tags: [{ tags: { project: 'shop', environment: 'qa', layer: 'bootstrap' } }],
  });
});

describe('STRATA_LAYERS', () => {
  test("picks layers; one alone depends on none, and reads its neighbour's state as ever", async () => {
    const app = await synth({ STRATA_LAYERS: 'compute' });
    expect(Object.entries(app.manifest.stacks).map(([id, { dependencies }]) => [id, dependencies])).toEqual([
      ['compute', []],
    ]);
    expect(Object.keys(app.layer('compute').data!.terraform_remote_state!)).toEqual(['network']);
  });

  test('a layer that is synthesized alone is the same as with the others', async () => {
    const all = await synth({});
    const texts = LAYERS.map(all.text);
    for (const [index, layer] of LAYERS.entries())
      expect((await synth({ STRATA_LAYERS: layer })).text(layer)).toBe(texts[index]);
  });
});

test('STRATA_FIXTURES plans a layer without its neighbours, in folders apart', async () => {
  const app = await synth({ STRATA_LAYERS: 'compute', STRATA_FIXTURES: 'network' });
  expect(app.manifest.stacks.compute).toMatchObject({ workingDirectory: 'dev-fixtures/compute', dependencies: [] });
  expect(app.layer('compute').data?.terraform_remote_state).toBeUndefined();
  expect(app.layer('compute').resource.terraform_data).toHaveProperty('fixtures_are_for_planning_only');
});

describe('a mistake is one clear message', () => {
  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      'the name of an environment',
      { STRATA_ENVIRONMENT: 'stagin' },
      'STRATA_ENVIRONMENT: "stagin" does not exist; use one of dev, staging, prod; did you mean "staging"?',
    ],
    [
      'the name of a layer',
      { STRATA_LAYERS: 'computer' },
      'STRATA_LAYERS: "computer" does not exist; use one of bootstrap, network, registry, ml, jobs, compute, ci-cd; did you mean "compute"?',
    ],
    [
      'a layer that the environment leaves out',
      { STRATA_LAYERS: 'bootstrap' },
      'STRATA_LAYERS: "bootstrap" is not configured in environment "dev"; add it to environments.dev.layers',
    ],
    [
      'the name of a neighbour',
      { STRATA_FIXTURES: 'netwrk' },
      'STRATA_FIXTURES: "netwrk" does not exist; use one of bootstrap, network, registry, ml, jobs, compute, ci-cd, all; did you mean "network"?',
    ],
  ])('%s', async (_title, environment, problem) => {
    expect(await runApp(environment)).toEqual({
      status: 1,
      stdout: '',
      stderr: `\n1 problem in the context of cdktf.json:\n  - ${problem}\n\n`,
    });
  });

  test('that STRATA_TRACES=1 follows into the TypeScript files', async () => {
    const { status, stderr } = await runApp({ STRATA_ENVIRONMENT: 'stagin', STRATA_TRACES: '1' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /at refusal \(.*modules\/layer\/environment\/read-environment\.ts:\d+:\d+\)[^]*main\.ts:\d+:\d+/,
    );
  });

  test('and nothing is written', async () => {
    const outdir = join(folder, 'nothing');
    expect((await runApp({ STRATA_ENVIRONMENT: 'stagin', CDKTF_OUTDIR: outdir })).status).toBe(1);
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
  });
});
