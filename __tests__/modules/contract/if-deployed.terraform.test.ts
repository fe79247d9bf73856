// A contract that is read where it is deployed, by the real Terraform, at each point of its layer's life.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBackend, TerraformOutput, type TerraformStack } from 'cdktf';
import { defineContract, t } from '@strata/contract';
import { publishContract, readContractIfDeployed } from '@strata/contract/terraform';
import { neighbourState } from '@strata/state';
import { terraform, terraformTest } from '../../support/terraform';
import { synthStack } from './shop-contract';

let folder: string;
const keyOf = (layer: string) => ({ project: 'tests', environment: 'dev', layer });
const stateFile = (layer: string): string => join(folder, 'tests', 'dev', `${layer}.tfstate`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-if-deployed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outputs = {
  endpointName: { type: t.string, description: 'Name', example: 'example' },
  bucket: {
    type: t.object({ bucketName: t.string, tags: t.map(t.string) }),
    description: 'Bucket',
    example: { bucketName: 'b', tags: {} },
  },
  roles: { type: t.list(t.string), description: 'Roles', example: ['r'] },
  unused: { type: t.string, description: 'Not read', example: 'x' },
} as const;
const ml = defineContract({ layer: 'ml', owner: 'team-ml', version: '1.2.0', outputs });
const DEPLOYED = {
  endpointName: 'deployed',
  bucket: { bucketName: 'real', tags: { a: '1' } },
  roles: ['one', 'two'],
  unused: 'x',
};
const FALLBACK = { endpointName: 'fallback', bucket: { bucketName: 'none', tags: {} }, roles: [] };

function synthLayer(layer: string, build: (stack: TerraformStack) => void): void {
  mkdirSync(join(folder, layer), { recursive: true });
  const json = synthStack(layer, (stack) => {
    new LocalBackend(stack, { path: stateFile(layer) });
    build(stack);
  });
  writeFileSync(join(folder, layer, 'cdk.tf.json'), JSON.stringify(json));
  run(layer, 0, 'init', '-input=false');
}

function run(layer: string, expected: number, ...args: readonly string[]): string {
  const { status, stdout, stderr } = terraform([...args, '-no-color'], join(folder, layer));
  if (status !== expected)
    throw new Error(`terraform ${args.join(' ')} of ${layer} ended with ${status}:\n${stdout}${stderr}`);
  return status === 1 ? stderr.replaceAll(/[\s│╷╵]+/g, ' ') : stdout;
}

function deployMl({ version = '1.2.0', layer = 'ml', without = [] as readonly string[] } = {}): void {
  const rest = <V extends object>(record: V) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !without.includes(key)));
  synthLayer('ml', (stack) =>
    publishContract(
      stack,
      defineContract({ layer, owner: 'team-ml', version, outputs: rest(outputs) as typeof outputs }),
      rest(DEPLOYED) as typeof DEPLOYED,
    ),
  );
  run('ml', 0, 'apply', '-auto-approve', '-input=false');
}

function synthWeb(): void {
  synthLayer('web', (stack) => {
    const requirements = [
      {
        condition: 'length(self.outputs.roles) > 0',
        // Terraform evaluates a message also where nothing is deployed.
        message: 'it has no role beside ${self.outputs.bucket.bucket_name} in ${self.outputs.tags["vpc"]}',
        outputs: ['roles'],
      },
    ];
    const source = neighbourState({ type: 'local', directory: folder }, keyOf('ml'));
    const { outputs: read, isDeployed } = readContractIfDeployed(stack, ml, {
      range: '^1.1',
      source,
      fallback: FALLBACK,
      requirements,
    });
    for (const [name, value] of Object.entries({
      is: isDeployed,
      endpoint: read.endpointName,
      bucket: read.bucket.bucketName,
      tags: read.bucket.tags.all,
      roles: read.roles,
    })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
}

function applied(): Record<string, unknown> {
  run('web', 0, 'apply', '-auto-approve', '-input=false');
  const found = JSON.parse(run('web', 0, 'output', '-json')) as Record<string, { value: unknown }>;
  run('web', 0, 'plan', '-input=false', '-detailed-exitcode');
  return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
}

const CONSUMES = { contract_consumes: { ml: { range: '^1.1', outputs: ['bucket', 'endpoint_name', 'roles'] } } };
const FROM_FALLBACK = { is: false, endpoint: 'fallback', bucket: 'none', tags: {}, roles: [], ...CONSUMES };
const FROM_ML = {
  is: true,
  endpoint: 'deployed',
  bucket: 'real',
  tags: { a: '1' },
  roles: ['one', 'two'],
  ...CONSUMES,
};
const WANTED = 'layer "web" reads contract "ml" (owner team-ml) in the range ^1.1';

terraformTest('before it is deployed, all is the fallback', () => {
  synthWeb();
  expect(applied()).toEqual(FROM_FALLBACK);
});

terraformTest('what was synthesized before it was deployed goes without; synthesized again it sees the layer', () => {
  run('web', 0, 'plan', '-input=false', '-out=plan');
  deployMl();
  run('web', 0, 'apply', '-input=false', 'plan');
  expect(applied()).toEqual(FROM_FALLBACK);
  synthWeb();
  run('web', 2, 'plan', '-input=false', '-detailed-exitcode');
  expect(applied()).toEqual(FROM_ML);
});

terraformTest('its version and its values are held as soon as it is deployed', () => {
  deployMl({ version: '2.0.0' });
  expect(run('web', 1, 'plan', '-input=false')).toContain(`${WANTED}, but the version deployed is 2.0.0.`);
  deployMl({ layer: 'mt' });
  expect(run('web', 1, 'plan', '-input=false')).toContain(
    `${WANTED}, but the state in ${stateFile('ml')} publishes contract "mt".`,
  );
});

terraformTest('a first deploy that has not come to its end counts as none, as a whole', () => {
  deployMl({ without: ['bucket'] });
  expect(applied()).toEqual(FROM_FALLBACK);
});

terraformTest('an output that is not read may be missing', () => {
  deployMl({ without: ['unused'] });
  expect(applied()).toEqual(FROM_ML);
});

terraformTest('once it was destroyed, all is the fallback again', () => {
  run('ml', 0, 'destroy', '-auto-approve', '-input=false');
  expect(existsSync(stateFile('ml'))).toBe(true);
  expect(applied()).toEqual(FROM_FALLBACK);
});
