import { DataResource, DataTerraformRemoteStateLocal, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { ContractError, defineContract, t } from '@strata/contract';
import { readContract, type ContractSource, type ReadContractProps } from '@strata/contract/terraform';
import { outputsOf, shopContract, synthStack } from './shop-contract';

const FILE = '/state/shop/dev/shop.tfstate';
const source: ContractSource = {
  readState: (scope, id) => new DataTerraformRemoteStateLocal(scope, id, { path: FILE }),
  location: 's3://bucket/shop.tfstate',
};
const WANTED = 'layer "web" reads contract "shop" (owner platform-shop) in the range ^1.0';

function readShop(scope: Construct, props: Partial<ReadContractProps>) {
  return readContract(scope, shopContract, { range: '^1.0', source, ...props });
}

/** A stack that reads the contract and puts what `build` makes of it into outputs. */
function webStack(
  build: (shop: ReturnType<typeof readShop>) => Record<string, unknown>,
  props: Partial<ReadContractProps> = {},
) {
  return synthStack('web', (stack) => {
    for (const [name, value] of Object.entries(build(readShop(stack, props))))
      new TerraformOutput(stack, name, { value, staticId: true });
  });
}

interface Check {
  readonly condition: string;
  readonly error_message: string;
}

function checksOf(json: ReturnType<typeof synthStack>): {
  readonly precondition?: readonly Check[];
  readonly postcondition: readonly Check[];
} {
  return json.data!.terraform_remote_state!.shop!.lifecycle as ReturnType<typeof checksOf>;
}

describe('what is read', () => {
  test('is what Terraform finds in the state, whatever its type', () => {
    const json = webStack((shop) => ({
      string: shop.vpcId,
      number: shop.listenerPort,
      bool: shop.ipv6Enabled,
      strings: shop.subnetIds,
      numbers: shop.ports,
      bools: shop.flags,
      entry: shop.zones.get('subnet-a'),
      map: shop.zones.all,
      attribute: shop.alb.arn,
      attribute_in_camel_case: shop.alb.targetPort,
      attribute_of_an_entry: shop.services.get('web').logGroup,
      list_of_an_entry: shop.services.get('web').subnetIds,
    }));
    const state = 'data.terraform_remote_state.shop.outputs';
    expect(outputsOf(json)).toMatchObject({
      string: `\${${state}.vpc_id}`,
      number: `\${${state}.listener_port}`,
      bool: `\${${state}.ipv6_enabled}`,
      strings: `\${${state}.subnet_ids}`,
      numbers: `\${${state}.ports}`,
      bools: `\${${state}.flags}`,
      entry: `\${${state}.zones["subnet-a"]}`,
      map: `\${${state}.zones}`,
      attribute: `\${${state}.alb.arn}`,
      attribute_in_camel_case: `\${${state}.alb.target_port}`,
      attribute_of_an_entry: `\${${state}.services.web.log_group}`,
      list_of_an_entry: `\${${state}.services.web.subnet_ids}`,
    });
  });

  test('comes from the source that was given', () => {
    expect(webStack(() => ({})).data).toMatchObject({
      terraform_remote_state: { shop: { backend: 'local', config: { path: FILE } } },
    });
  });

  test('is recorded, with the range, in the order of names, each output once', () => {
    const json = webStack((shop) => ({ a: shop.vpcId, b: shop.alb.arn, c: shop.alb.targetPort, d: shop.vpcId }));
    expect(outputsOf(json).contract_consumes).toEqual({ shop: { range: '^1.0', outputs: ['alb', 'vpc_id'] } });
  });

  test('of several contracts is recorded together', () => {
    const other = defineContract({
      layer: 'registry',
      owner: 'platform',
      version: '2.0.0',
      outputs: { url: { type: t.string, description: 'x', example: 'x' } },
    });
    const json = synthStack('web', (stack) => {
      const shop = readShop(stack, {});
      const registry = readContract(new Construct(stack, 'inner'), other, {
        range: '2.x',
        source: { ...source, readState: (scope, id) => new DataTerraformRemoteStateLocal(scope, id, { path: '/r' }) },
      });
      new TerraformOutput(stack, 'both', { value: [registry.url, shop.vpcId], staticId: true });
    });
    expect(outputsOf(json).contract_consumes).toEqual({
      registry: { range: '2.x', outputs: ['url'] },
      shop: { range: '^1.0', outputs: ['vpc_id'] },
    });
    expect(Object.keys(json.data!.terraform_remote_state!)).toEqual(['registry', 'shop']);
  });
});

describe('refused at synth', () => {
  test.each(['^2.0', '<1.2.0', '1.1.x', '~1.3'])('a contract outside the range %s', (range) => {
    expect(() => webStack(() => ({}), { range })).toThrow(
      new ContractError(
        `layer "web" reads contract "shop" (owner platform-shop) in the range ${range}, but the version installed is 1.2.0; install a version of its package in that range, or widen the range after adapting to the change`,
      ),
    );
  });

  test.each(['latest', 'one', '1.2.3.4', '^^1'])('%p, which is no range', (range) => {
    expect(() => webStack(() => ({}), { range })).toThrow(
      new ContractError(
        `contract range "${range}" is not a semantic version range; use one such as ^1.0 or >=1.2.0 <3.0.0`,
      ),
    );
  });

  test.each(['*', '', 'x', '>=0.0.0', '^1.0 || *'])('%p, which accepts whatever comes', (range) => {
    expect(() => webStack(() => ({}), { range })).toThrow(
      new ContractError(
        `contract range "${range}" accepts every version, including breaking ones; use one such as ^1.0`,
      ),
    );
  });

  test('a contract that the stack reads already', () => {
    const stack = new TerraformStack(Testing.app(), 'web');
    readShop(stack, {});
    expect(() => readShop(new Construct(stack, 'inner'), {})).toThrow(
      new ContractError('layer "web" reads contract "shop" twice; read it once in the stack and pass the outputs on'),
    );
  });
});

describe('checked at plan', () => {
  test("the state's file, where it is one on this machine", () => {
    expect(checksOf(webStack(() => ({}))).precondition).toBeUndefined();
    expect(checksOf(webStack(() => ({}), { source: { ...source, location: FILE, file: FILE } })).precondition).toEqual([
      {
        condition: `\${terraform.workspace == "" || fileexists("${FILE}")}`,
        error_message: `${WANTED}, but layer "shop" has no state in ${FILE}. Deploy layer "shop" first: cdktf deploy shop`,
      },
    ]);
  });

  test('that the layer is there, its version, and each output that is used', () => {
    const checks = checksOf(webStack((shop) => ({ z: shop.vpcId, a: shop.alb.arn }))).postcondition;
    expect(checks.map((check) => check.error_message)).toEqual([
      `${WANTED}, but the state in s3://bucket/shop.tfstate publishes contract "\${try(self.outputs.contract_name, "none")}". Deploy layer "shop" first, or correct the location of its state.`,
      `${WANTED}, but the version deployed is \${try(self.outputs.contract_version, "none")}. Deploy a version of layer "shop" in that range, or adapt this layer and its range to \${try(self.outputs.contract_version, "none")}; its CHANGELOG lists the changes.`,
      `${WANTED}, but version \${try(self.outputs.contract_version, "none")} was deployed without: \${join(", ", setsubtract(["alb","vpc_id"], keys(self.outputs)))}. Deploy layer "shop" again; if an output was removed, its contract needs a new major version.`,
    ]);
    expect(checks[0]!.condition).toBe('${try(self.outputs.contract_name, "") == "shop"}');
    expect(checks[2]!.condition).toBe(
      '${try(self.outputs.contract_version, "") == "" || length(setsubtract(["alb","vpc_id"], keys(self.outputs))) == 0}',
    );
  });

  test('what the reader needs of the outputs; they count as used', () => {
    const json = webStack(() => ({}), {
      requirements: [
        {
          condition: 'self.outputs.ipv6_enabled',
          message: 'it is not dual stack; set dualStack',
          outputs: ['ipv6Enabled'],
        },
      ],
    });
    expect(checksOf(json).postcondition[3]).toEqual({
      condition: '${try(self.outputs.ipv6_enabled, true)}',
      error_message: `${WANTED}, but it is not dual stack; set dualStack`,
    });
    expect(outputsOf(json).contract_consumes).toEqual({ shop: { range: '^1.0', outputs: ['ipv6_enabled'] } });
  });
});

describe('with fixtures', () => {
  const fixtures = { source: 'fixtures' } as const;

  test("the contract's examples stand for its outputs, in the same shape", () => {
    const json = webStack(
      (shop) => ({
        string: shop.vpcId,
        number: shop.listenerPort,
        bool: shop.ipv6Enabled,
        strings: shop.subnetIds,
        numbers: shop.ports,
        bools: shop.flags,
        entry: shop.zones.get('subnet-a'),
        map: shop.zones.all,
        attribute: shop.alb.targetPort,
        attribute_of_an_entry: shop.services.get('web').logGroup,
      }),
      fixtures,
    );
    expect(outputsOf(json)).toMatchObject({
      string: 'vpc-1',
      number: 80,
      bool: true,
      strings: ['subnet-a', 'subnet-b'],
      numbers: [80, 443],
      bools: [true],
      entry: 'a',
      map: { 'subnet-a': 'a' },
      attribute: 8000,
      attribute_of_an_entry: '/web',
    });
    expect(json.data).toBeUndefined();
  });

  test('a key that no example has gets the shape of one that has', () => {
    expect(outputsOf(webStack((shop) => ({ entry: shop.services.get('other').subnetIds }), fixtures))).toMatchObject({
      entry: ['subnet-a'],
    });
  });

  test('an example is not changed by its reader', () => {
    webStack((shop) => {
      shop.subnetIds.push('subnet-c');
      return {};
    }, fixtures);
    expect(shopContract.outputs.subnetIds.example).toEqual(['subnet-a', 'subnet-b']);
  });

  test('what is read is recorded as ever, and the range is held', () => {
    expect(outputsOf(webStack((shop) => ({ a: shop.vpcId }), fixtures)).contract_consumes).toEqual({
      shop: { range: '^1.0', outputs: ['vpc_id'] },
    });
    expect(() => webStack(() => ({}), { ...fixtures, range: '^2.0' })).toThrow('but the version installed is 1.2.0');
  });

  test('every resource waits for a guard that no apply passes', () => {
    const json = synthStack('web', (stack) => {
      readShop(stack, fixtures);
      const other = defineContract({ layer: 'registry', owner: 'platform', version: '2.0.0', outputs: {} });
      readContract(stack, other, { range: '^2.0', source: 'fixtures' });
      const first = new DataResource(stack, 'first', {});
      const made = new DataResource(new Construct(stack, 'inner'), 'made', { dependsOn: [first] });
      first.overrideLogicalId('first');
      made.overrideLogicalId('made');
    });
    expect(json.resource!.terraform_data).toMatchObject({
      fixtures_are_for_planning_only: {
        lifecycle: {
          precondition: [
            {
              condition: '${terraform.workspace == timestamp()}',
              error_message:
                'layer "web" was synthesized with fixtures in place of its neighbours\' contracts, which is for planning only; nothing was applied. Synthesize it without fixtures and deploy again.',
            },
          ],
        },
      },
      made: { depends_on: ['terraform_data.first', 'terraform_data.fixtures_are_for_planning_only'] },
      first: { depends_on: ['terraform_data.fixtures_are_for_planning_only'] },
    });
    expect(json.resource!.terraform_data!.fixtures_are_for_planning_only).not.toHaveProperty('depends_on');
  });
});
