import { DataTerraformRemoteStateLocal, Fn, TerraformOutput } from 'cdktf';
import { ContractError } from '@strata/contract';
import { readContractIfDeployed, type ContractSource } from '@strata/contract/terraform';
import { outputsOf, shopContract, synthStack } from './shop-contract';

const source: ContractSource = {
  readState: (scope, id) => new DataTerraformRemoteStateLocal(scope, id, { path: '/state/shop.tfstate' }),
  location: 's3://bucket/shop.tfstate',
  exists: () => Fn.fileexists('/state/shop.tfstate'),
};
const WANTED = 'layer "web" reads contract "shop" (owner platform-shop) in the range ^1.0';
const FALLBACK = { vpcId: 'vpc-none', alb: { arn: 'arn:none', targetPort: 1 } };

function webStack(props: Record<string, unknown> = {}) {
  return synthStack('web', (stack) => {
    const all = { range: '^1.0', source, fallback: FALLBACK, ...props } as never as {
      range: string;
      source: ContractSource;
      fallback: typeof FALLBACK;
    };
    const { outputs, isDeployed } = readContractIfDeployed(stack, shopContract, all);
    for (const [name, value] of Object.entries({ is: isDeployed, vpc: outputs.vpcId, port: outputs.alb?.targetPort }))
      new TerraformOutput(stack, name, { value, staticId: true });
  });
}

test('the state is read where there is one', () => {
  expect(webStack().data!.terraform_remote_state!.shop).toMatchObject({
    count: '${fileexists("/state/shop.tfstate") ? 1 : 0}',
    config: { path: '/state/shop.tfstate' },
  });
});

test("outputs are the layer's, or all those of the fallback", () => {
  const json = webStack() as ReturnType<typeof webStack> & { readonly locals: Readonly<Record<string, string>> };
  expect(outputsOf(json)).toMatchObject({
    is: '${local.contract_shop.is_deployed}',
    vpc: '${local.contract_shop.vpc_id}',
    port: '${local.contract_shop.alb.target_port}',
  });
  const state = 'data.terraform_remote_state.shop[0].outputs';
  expect(json.locals.contract_shop).toBe(
    `\${try({"is_deployed" = true, "vpc_id" = ${state}.vpc_id, "alb" = ${state}.alb}, {"is_deployed" = false, "vpc_id" = "vpc-none", "alb" = {"arn" = "arn:none", "target_port" = 1}})}`,
  );
});

test('a state that is known to be there is read without asking Terraform', () => {
  const json = webStack({ source: { ...source, exists: () => true } }) as ReturnType<typeof webStack> & {
    readonly locals: Readonly<Record<string, string>>;
  };
  expect(json.data!.terraform_remote_state!.shop).not.toHaveProperty('count');
  expect(json.locals.contract_shop).toContain('"vpc_id" = data.terraform_remote_state.shop.outputs.vpc_id');
});

test('where it is known that there is none, nothing is read; the reading is recorded all the same', () => {
  const json = webStack({ source: { ...source, exists: () => false } });
  expect(json.data).toBeUndefined();
  expect(outputsOf(json)).toEqual({
    is: false,
    vpc: 'vpc-none',
    port: 1,
    contract_consumes: { shop: { range: '^1.0', outputs: ['alb', 'vpc_id'] } },
  });
});

test('what is read, and what is required, is recorded whether it is there or not', () => {
  const requirements = [
    { condition: 'self.outputs.ipv6_enabled', message: 'it has no IPv6', outputs: ['ipv6Enabled'] },
  ];
  expect(outputsOf(webStack({ requirements })).contract_consumes).toEqual({
    shop: { range: '^1.0', outputs: ['alb', 'ipv6_enabled', 'vpc_id'] },
  });
});

test('range and requirements are held at plan, that there is something is not', () => {
  const requirements = [
    { condition: 'self.outputs.ipv6_enabled', message: 'it has no IPv6', outputs: ['ipv6Enabled'] },
  ];
  const { precondition, postcondition } = webStack({ requirements }).data!.terraform_remote_state!.shop!
    .lifecycle as Record<string, readonly { error_message: string }[]>;
  expect(precondition).toBeUndefined();
  expect(postcondition!.map(({ error_message }) => error_message)).toEqual([
    expect.stringContaining(
      'publishes contract "${try(self.outputs.contract_name, "none")}". Correct the location of its state.',
    ),
    expect.stringContaining('but the version deployed is'),
    `${WANTED}, but it has no IPv6`,
  ]);
});

test("fixtures take the contract's examples, for planning only", () => {
  const json = webStack({ source: 'fixtures' });
  expect(outputsOf(json)).toMatchObject({ is: true, vpc: 'vpc-1', port: 8000 });
  expect(json.data?.terraform_remote_state).toBeUndefined();
  expect(json.resource!.terraform_data).toHaveProperty('fixtures_are_for_planning_only');
});

describe('refused', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'a range that the installed contract is not in',
      { range: '^2.0' },
      'layer "web" reads contract "shop" (owner platform-shop) in the range ^2.0, but the version installed is 1.2.0',
    ],
    ['a range that is none', { range: 'latest' }, 'contract range "latest" is not a semantic version range'],
    [
      'a place that tells nothing',
      { source: { ...source, exists: undefined } },
      `${WANTED} if it is deployed, but Terraform cannot tell whether there is a state in s3://bucket/shop.tfstate; read it where it is deployed, or not at all`,
    ],
    [
      'a fallback of another type',
      { fallback: { vpcId: 7, alb: { arn: 'x' } } },
      `${WANTED} if it is deployed, but the fallback does not fit it: output "vpcId" is number, the contract says string; output "alb".targetPort is missing, the contract says number`,
    ],
    [
      'a fallback for what is not in the contract',
      { fallback: { vpcid: 'x' } },
      `${WANTED} if it is deployed, but the fallback does not fit it: output "vpcid" is not part of it`,
    ],
  ])('%s', (_, props, message) => {
    expect(() => webStack(props)).toThrow(ContractError);
    expect(() => webStack(props)).toThrow(message);
  });
});
