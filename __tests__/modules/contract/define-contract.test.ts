import {
  defineContract,
  describeContract,
  outputName,
  RESERVED_OUTPUTS,
  t,
  typeText,
  type OutputType,
} from '@strata/contract';

const vpcId = { type: t.string, description: 'Id of the VPC', example: 'vpc-1' };

/** Why a contract is refused. */
function refusal(
  outputs: Record<string, { type: OutputType; description: string; example: never }>,
  version = '1.0.0',
): string {
  try {
    defineContract({ layer: 'network', owner: 'platform', version, outputs });
  } catch (error) {
    return String(error);
  }
  return 'nothing was refused';
}

const output = { type: t.string, description: 'x', example: 'x' as never };

test('a contract is what was said, and stays so', () => {
  const contract = defineContract({ layer: 'network', owner: 'platform', version: '1.2.3', outputs: { vpcId } });
  expect(contract).toEqual({ layer: 'network', owner: 'platform', version: '1.2.3', outputs: { vpcId } });
  expect(Object.isFrozen(contract)).toBe(true);
});

test.each(['1.0', '1', 'v1.0.0', '1.0.0-beta.1', '1.0.0+build', '', 'one'])('version %p is refused', (version) => {
  expect(refusal({ vpcId: output }, version)).toBe(
    `ContractError: contract "network": version "${version}" is not allowed; use MAJOR.MINOR.PATCH such as 1.0.0`,
  );
});

test.each(['vpc_id', 'VpcId', 'vpc-id', '1vpc', ''])('output %p is refused', (key) => {
  expect(refusal({ [key]: output })).toBe(
    `ContractError: contract "network": output "${key}" is not in camelCase; use letters and digits, starting with a lower-case letter`,
  );
});

test.each(['contractName', 'contractVersion', 'contractConsumes'])(
  'output %p is kept for the contract itself',
  (key) => {
    expect(RESERVED_OUTPUTS).toContain(outputName(key));
    expect(refusal({ [key]: output })).toBe(
      `ContractError: contract "network": output "${key}" has a reserved name; choose another`,
    );
  },
);

test('two outputs of one name in Terraform are refused', () => {
  expect(refusal({ vpcId: output, vpcID: output })).toBe(
    'ContractError: contract "network": outputs "vpcId" and "vpcID" are both "vpc_id" in Terraform; rename one',
  );
});

test('all mistakes are shown at once', () => {
  expect(refusal({ a_b: output, contractName: output }, '1')).toBe(
    'ContractError: contract "network": version "1" is not allowed; use MAJOR.MINOR.PATCH such as 1.0.0; output "a_b" is not in camelCase; use letters and digits, starting with a lower-case letter; ' +
      'output "contractName" has a reserved name; choose another',
  );
});

test.each([
  ['vpcId', 'vpc_id'],
  ['vpcIpv6CidrBlock', 'vpc_ipv6_cidr_block'],
  ['natPublicIPs', 'nat_public_ips'],
  ['port8080Open', 'port8080_open'],
  ['id', 'id'],
])('%p is %p in Terraform', (key, name) => {
  expect(outputName(key)).toBe(name);
});

test.each<[OutputType, string]>([
  [t.string, 'string'],
  [t.number, 'number'],
  [t.bool, 'bool'],
  [t.list(t.string), 'list(string)'],
  [t.map(t.list(t.number)), 'map(list(number))'],
  [t.object({ targetPort: t.number, arn: t.string }), 'object({ arn = string, target_port = number })'],
  [t.map(t.object({ tags: t.map(t.string) })), 'map(object({ tags = map(string) }))'],
])('%j is written %p', (type, text) => {
  expect(typeText(type)).toBe(text);
});

test('a contract as data: outputs by their names in Terraform, sorted', () => {
  const contract = defineContract({
    layer: 'network',
    owner: 'platform',
    version: '1.0.0',
    outputs: { vpcId, azNames: { type: t.list(t.string), description: 'Zones', example: ['a'] } },
  });
  const description = describeContract(contract);
  expect(description).toEqual({
    layer: 'network',
    owner: 'platform',
    version: '1.0.0',
    outputs: {
      az_names: { type: 'list(string)', description: 'Zones' },
      vpc_id: { type: 'string', description: 'Id of the VPC' },
    },
  });
  expect(Object.keys(description.outputs)).toEqual(['az_names', 'vpc_id']);
});
