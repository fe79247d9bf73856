// Contracts between two layers of nothing but Terraform's own `terraform_data`, planned and applied by the real
// Terraform.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataResource, DataTerraformRemoteStateLocal, LocalBackend, TerraformOutput, type TerraformStack } from 'cdktf';
import { defineContract, t } from '@strata/contract';
import { publishContract, readContract, type ReadContractProps } from '@strata/contract/terraform';
import { terraform, terraformTest } from '../../support/terraform';
import { synthStack } from './shop-contract';

let folder: string;
const stateFile = (layer: string): string => join(folder, 'state', `${layer}.tfstate`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-contract-'));
  // Where an app runs: fixtures keep a state of their own below it.
  jest.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const shopOutputs = {
  vpcId: { type: t.string, description: 'Id of the VPC', example: 'vpc-example' },
  listenerPort: { type: t.number, description: 'Port', example: 80 },
  dualStack: { type: t.bool, description: 'Whether dual stack', example: true },
  subnetIds: { type: t.list(t.string), description: 'Subnets', example: ['subnet-example'] },
  ports: { type: t.list(t.number), description: 'Ports', example: [80] },
  flags: { type: t.list(t.bool), description: 'Flags', example: [true] },
  zones: { type: t.map(t.string), description: 'Zone of each subnet', example: { 'subnet-example': 'a' } },
  alb: {
    type: t.object({ arn: t.string, targetPort: t.number }),
    description: 'Load balancer',
    example: { arn: 'arn:example', targetPort: 1 },
  },
  services: {
    type: t.map(t.object({ logGroup: t.string, subnetIds: t.list(t.string) })),
    description: 'Services',
    example: { web: { logGroup: '/example', subnetIds: ['subnet-example'] } },
  },
} as const;
const shop = defineContract({ layer: 'shop', owner: 'platform-shop', version: '1.2.0', outputs: shopOutputs });

const ODD_KEYS = { '8080': 'number', 'a.b': 'dots', 'with "quotes" \\': 'quotes', 'subnet-a': 'hyphen' };
const values = {
  vpcId: 'vpc-7',
  listenerPort: 443,
  dualStack: false,
  subnetIds: ['subnet-a', 'subnet-b'],
  ports: [1, 2],
  flags: [true, false],
  zones: ODD_KEYS,
  alb: { arn: 'arn:alb', targetPort: 8000 },
  services: { web: { logGroup: '/web', subnetIds: ['subnet-a'] } },
};

/** Writes a layer's JSON into the folder it is planned in, and initializes it. */
function synthLayer(layer: string, build: (stack: TerraformStack) => void): void {
  mkdirSync(join(folder, layer), { recursive: true });
  const json = synthStack(layer, (stack) => {
    new LocalBackend(stack, { path: stateFile(layer) });
    build(stack);
  });
  writeFileSync(join(folder, layer, 'cdk.tf.json'), JSON.stringify(json));
  run(layer, 0, 'init', '-input=false', '-reconfigure');
}

function run(layer: string, expected: number, ...args: readonly string[]): string {
  const { status, stdout, stderr } = terraform(
    [...args, ...(args[0] === 'init' ? [] : ['-no-color'])],
    join(folder, layer),
  );
  if (status !== expected)
    throw new Error(`terraform ${args.join(' ')} of ${layer} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function deployShop(
  change: {
    readonly version?: string;
    readonly without?: keyof typeof shopOutputs;
    readonly layer?: string;
    readonly dualStack?: boolean;
  } = {},
): void {
  const { version = '1.2.0', without, layer = 'shop', dualStack = false } = change;
  const rest = <V extends object>(record: V) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== without));
  const contract = defineContract({
    layer,
    owner: 'platform-shop',
    version,
    outputs: rest(shopOutputs) as typeof shopOutputs,
  });
  synthLayer('shop', (stack) => {
    new DataResource(stack, 'vpc', {});
    publishContract(stack, contract, rest({ ...values, dualStack }) as typeof values);
  });
  run('shop', 0, 'apply', '-auto-approve', '-input=false');
}

/** A layer `web` that reads from the state of shop what it shows in its outputs. */
function synthWeb(props: Partial<ReadContractProps> = {}): void {
  synthLayer('web', (stack) => {
    const source = {
      readState: (scope: TerraformStack, id: string) =>
        new DataTerraformRemoteStateLocal(scope, id, { path: stateFile('shop') }),
      location: 'the state of shop',
      file: stateFile('shop'),
    };
    const read = readContract(stack, shop, { range: '^1.1', source: source as never, ...props });
    const readings = {
      string: read.vpcId,
      number: read.listenerPort,
      bool: read.dualStack,
      strings: read.subnetIds,
      numbers: read.ports,
      bools: read.flags,
      map: read.zones.all,
      entries: Object.keys(ODD_KEYS).map((key) => read.zones.get(key)),
      object: { arn: read.alb.arn, port: read.alb.targetPort },
      in_text: `${read.vpcId}:${read.listenerPort}`,
      nested: [read.services.get('web').logGroup, read.services.get('web').subnetIds],
    };
    for (const [name, value] of Object.entries(readings)) new TerraformOutput(stack, name, { value, staticId: true });
    new DataResource(stack, 'service', { input: { vpcId: read.vpcId, port: read.listenerPort } });
  });
}

interface Line {
  readonly diagnostic?: { readonly severity: string; readonly detail: string };
}

/** What Terraform says is wrong. */
function errorsOf(command: 'plan' | 'apply', layer = 'web'): string[] {
  const args = command === 'apply' ? ['-auto-approve', '-json'] : ['-json'];
  const lines = run(layer, 1, command, '-input=false', ...args)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return lines.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic.detail] : []));
}

const WANTED = 'layer "web" reads contract "shop" (owner platform-shop) in the range ^1.1';

terraformTest('a neighbour that was never deployed is missed at plan', () => {
  synthWeb();
  expect(errorsOf('plan')).toEqual([
    `${WANTED}, but layer "shop" has no state in the state of shop. Deploy layer "shop" first: cdktf deploy shop`,
  ]);
});

terraformTest('what was published arrives, each value as what it is', () => {
  deployShop();
  synthWeb();
  run('web', 0, 'apply', '-auto-approve', '-input=false');
  const outputs = JSON.parse(run('web', 0, 'output', '-json')) as Record<string, { value: unknown }>;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    string: 'vpc-7',
    number: 443,
    bool: false,
    strings: ['subnet-a', 'subnet-b'],
    numbers: [1, 2],
    bools: [true, false],
    map: ODD_KEYS,
    entries: Object.values(ODD_KEYS),
    object: { arn: 'arn:alb', port: 8000 },
    in_text: 'vpc-7:443',
    nested: ['/web', ['subnet-a']],
    contract_consumes: {
      shop: {
        range: '^1.1',
        outputs: ['alb', 'dual_stack', 'flags', 'listener_port', 'ports', 'services', 'subnet_ids', 'vpc_id', 'zones'],
      },
    },
  });
  run('web', 0, 'plan', '-input=false', '-detailed-exitcode');
});

terraformTest('a version that was raised within the range changes nothing', () => {
  deployShop({ version: '1.30.0' });
  synthWeb();
  run('web', 0, 'plan', '-input=false', '-detailed-exitcode');
});

terraformTest('a version outside the range is refused at plan', () => {
  synthWeb();
  for (const version of ['2.0.0', '1.0.9']) {
    deployShop({ version });
    expect(errorsOf('plan')).toEqual([
      `${WANTED}, but the version deployed is ${version}. Deploy a version of layer "shop" in that range, or adapt this layer and its range to ${version}; its CHANGELOG lists the changes.`,
    ]);
  }
});

terraformTest('an output that is used and no longer there is missed at plan', () => {
  deployShop({ without: 'services' });
  synthWeb();
  const [first] = errorsOf('plan');
  expect(first).toBe(
    `${WANTED}, but version 1.2.0 was deployed without: services. Deploy layer "shop" again; if an output was removed, its contract needs a new major version.`,
  );
});

terraformTest('what a reader needs of the values is checked at plan', () => {
  const requirements = [
    {
      condition: 'self.outputs.dual_stack',
      message: 'its VPC ${self.outputs.vpc_id} is not dual stack; set dualStack of layer "shop"',
      outputs: ['dualStack'],
    },
  ];
  deployShop();
  synthWeb({ requirements });
  expect(errorsOf('plan')).toEqual([`${WANTED}, but its VPC vpc-7 is not dual stack; set dualStack of layer "shop"`]);
  deployShop({ dualStack: true });
  run('web', 2, 'plan', '-input=false', '-detailed-exitcode');
});

terraformTest('a state that belongs to another layer is refused at plan', () => {
  deployShop({ layer: 'market' });
  synthWeb();
  expect(errorsOf('plan')[0]).toBe(
    `${WANTED}, but the state in the state of shop publishes contract "market". Deploy layer "shop" first, or correct the location of its state.`,
  );
});

terraformTest('a neighbour that was destroyed is missed at plan', () => {
  deployShop();
  run('shop', 0, 'destroy', '-auto-approve', '-input=false');
  synthWeb();
  expect(existsSync(stateFile('shop'))).toBe(true);
  expect(errorsOf('plan')[0]).toBe(
    `${WANTED}, but the state in the state of shop publishes contract "none". Deploy layer "shop" first, or correct the location of its state.`,
  );
});

terraformTest(
  'with fixtures a layer is planned alone; an apply is refused, creates nothing and leaves the real state as it was',
  () => {
    deployShop();
    synthWeb();
    run('web', 0, 'apply', '-auto-approve', '-input=false');
    const before = readFileSync(stateFile('web'), 'utf8');
    expect(before).toContain('vpc-7');
    synthWeb({ source: 'fixtures' });
    const plan = run('web', 2, 'plan', '-input=false', '-detailed-exitcode');
    expect(plan).toContain('vpc-example');
    expect(plan).toContain('Plan: 2 to add, 0 to change, 0 to destroy.');

    expect(errorsOf('apply')).toEqual([
      'layer "web" was synthesized with fixtures in place of its neighbours\' contracts, which is for planning only; nothing was applied. Synthesize it without fixtures and deploy again.',
    ]);
    expect(run('web', 0, 'state', 'list').trim()).toBe('');
    expect(readFileSync(stateFile('web'), 'utf8')).toBe(before);
    run('web', 0, 'plan', '-input=false', '-out=plan');
    run('web', 1, 'apply', '-input=false', 'plan');
    expect(readFileSync(stateFile('web'), 'utf8')).toBe(before);
  },
);
