import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import cdktfJson from '../../cdktf.json';
import { runCommand } from '../support/e2e/command';
import { repository } from '../support/e2e/project';
import { terraformTest } from '../support/terraform';
import { validateStacks } from '../support/validate-stacks';

const LAYERS = ['bootstrap', 'ci-cd', 'compute', 'ml', 'network', 'registry'];
const BACKENDS: Readonly<Record<string, object>> = {
  local: { type: 'local' },
  s3: { type: 's3', bucket: 'shop-terraform-state', region: 'ap-northeast-2' },
  cloud: { type: 'cloud', organization: 'shop' },
};
const ENVIRONMENTS = Object.keys(cdktfJson.context.environments);

/** What main.ts synthesizes for each environment of cdktf.json with each backend: `prod s3 network` -> its JSON. */
const synthesized: Record<string, string> = {};
const folder = mkdtempSync(path.join(tmpdir(), 'strata-e2e-synth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  for (const [backend, state] of Object.entries(BACKENDS)) {
    const environments = Object.fromEntries(
      Object.entries(cdktfJson.context.environments).map(([name, environment]) => [
        name,
        { ...environment, state, layers: { bootstrap: { bucketName: 'shop-terraform-state' }, ...environment.layers } },
      ]),
    );
    for (const environment of ENVIRONMENTS) {
      const outdir = path.join(folder, backend);
      // What the CLI hands to the app.
      const context = JSON.stringify({ ...cdktfJson.context, environment, environments });
      const variables = {
        ...process.env,
        STRATA_ENVIRONMENT: environment,
        CDKTF_CONTEXT_JSON: context,
        CDKTF_OUTDIR: outdir,
      };
      const { status, output } = await runCommand(process.execPath, [path.join(repository, 'scripts', 'synth.mjs')], {
        cwd: folder,
        environment: variables,
      });
      if (status !== 0) throw new Error(`synth of ${environment} with ${backend} state:\n${output}`);
      for (const layer of readdirSync(path.join(outdir, environment))) {
        const file = path.join(outdir, environment, layer, 'cdk.tf.json');
        if (existsSync(file)) synthesized[`${environment} ${backend} ${layer}`] = readFileSync(file, 'utf8');
      }
    }
  }
}, 120_000);

test('every layer is there, in every environment and with every backend', () => {
  const all = ENVIRONMENTS.flatMap((environment) =>
    Object.keys(BACKENDS).flatMap((backend) => LAYERS.map((layer) => `${environment} ${backend} ${layer}`)),
  );
  expect(Object.keys(synthesized).sort()).toEqual(all.sort());
});

test('no stack holds an output that CDKTF made for a reference from another stack', () => {
  const outputs = Object.values(synthesized).flatMap((json) =>
    Object.keys((JSON.parse(json) as { output?: object }).output ?? {}),
  );
  expect(outputs).toContain('contract_version');
  expect(outputs.filter((name) => name.startsWith('cross-stack-'))).toEqual([]);
});

test('environments of one account share no name that AWS has once in an account', () => {
  const owners = new Map<string, Set<string>>();
  for (const [where, json] of Object.entries(synthesized)) {
    const [environment, backend, layer] = where.split(' ');
    if (backend !== 's3' || layer === 'bootstrap') continue;
    for (const name of namesIn(json)) owners.set(name, (owners.get(name) ?? new Set()).add(environment!));
  }
  expect(owners.size).toBeGreaterThan(100);
  expect([...owners].filter(([, environments]) => environments.size > 1).map(([name]) => name)).toEqual([]);
});

/** What AWS tells apart within another resource: a VPC, a cluster, a role, a domain, an application, a topic. */
const WITHIN_ANOTHER = [
  'aws_appautoscaling_policy',
  'aws_codedeploy_deployment_group',
  'aws_ecs_service',
  'aws_iam_role_policy',
  'aws_sagemaker_user_profile',
  'aws_security_group',
];
const NAMES = [
  'bucket',
  'domain_name',
  'endpoint_name',
  'family',
  'function_name',
  'model_package_group_name',
  'name',
  'pipeline_name',
  'repository_name',
];

/** `type name` of what a stack gives a name of its own. */
function namesIn(json: string): string[] {
  const { resource = {} } = JSON.parse(json) as {
    resource?: Record<string, Record<string, Record<string, unknown>>>;
  };
  return Object.entries(resource)
    .filter(([type]) => !WITHIN_ANOTHER.includes(type))
    .flatMap(([type, byId]) =>
      Object.values(byId).flatMap((attributes) =>
        NAMES.map((key) => attributes[key])
          .filter((name): name is string => typeof name === 'string' && !/^\$\{[^}]+\}$/.test(name))
          .map((name) => `${type} ${name}`),
      ),
    );
}

terraformTest(
  'terraform validate passes on every environment and every backend, without a warning',
  () => {
    // Where the state is makes the same difference in each environment.
    const validated = Object.fromEntries(
      Object.entries(synthesized).filter(([where]) => / s3 /.test(where) || where.startsWith(`${ENVIRONMENTS[0]} `)),
    );
    expect(Object.keys(validated)).toHaveLength(
      LAYERS.length * (ENVIRONMENTS.length + Object.keys(BACKENDS).length - 1),
    );
    const found = validateStacks(validated);
    expect(Object.keys(found).sort()).toEqual(Object.keys(validated).sort());
    expect(Object.fromEntries(Object.entries(found).filter(([, diagnostics]) => diagnostics.length > 0))).toEqual({});
  },
  300_000,
);
