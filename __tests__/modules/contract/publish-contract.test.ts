import { DataResource, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { publishContract, refuseImplicitReferences, type PublishedValues } from '@strata/contract/terraform';
import { outputsOf, shopContract, synthStack } from './shop-contract';

const values = {
  vpcId: 'vpc-7',
  listenerPort: 443,
  ipv6Enabled: false,
  subnetIds: ['subnet-x'],
  ports: [1, 2],
  flags: [true, false],
  zones: { 'subnet-x': 'x', someKey: 'y' },
  alb: { arn: 'arn:alb', targetPort: 8000 },
  services: { appWeb: { logGroup: '/web', subnetIds: ['subnet-x'] } },
};

const publish = (stack: TerraformStack, given: Record<string, unknown>) =>
  publishContract(stack, shopContract, given as never);

function refusal(given: Record<string, unknown>): string {
  try {
    synthStack('shop', (stack) => publish(stack, given));
  } catch (error) {
    return String(error);
  }
  return 'nothing was refused';
}

test("each output stands under its name in Terraform, with the contract's own name and version", () => {
  expect(outputsOf(synthStack('shop', (stack) => publish(stack, values)))).toEqual({
    contract_name: 'shop',
    contract_version: '1.2.0',
    vpc_id: 'vpc-7',
    listener_port: 443,
    ipv6_enabled: false,
    subnet_ids: ['subnet-x'],
    ports: [1, 2],
    flags: [true, false],
    // Keys of a map are data and stay; attributes of an object are names and are spelt as Terraform's.
    zones: { 'subnet-x': 'x', someKey: 'y' },
    alb: { arn: 'arn:alb', target_port: 8000 },
    services: { appWeb: { log_group: '/web', subnet_ids: ['subnet-x'] } },
  });
});

test('an output carries its description', () => {
  expect(synthStack('shop', (stack) => publish(stack, values)).output).toMatchObject({
    vpc_id: { description: 'Id of the VPC' },
    contract_name: { description: 'Name of the contract that these outputs fulfil' },
    contract_version: { description: 'Semantic version of the contract' },
  });
});

test('an attribute that the contract does not have is left out', () => {
  const json = synthStack('shop', (stack) =>
    publish(stack, { ...values, alb: { arn: 'a', targetPort: 1, weight: 2 } }),
  );
  expect(outputsOf(json)).toMatchObject({ alb: { arn: 'a', target_port: 1 } });
  expect(outputsOf(json).alb).not.toHaveProperty('weight');
});

test('values may be what Terraform resolves', () => {
  const json = synthStack('shop', (stack) => {
    const { output } = new DataResource(stack, 'made', {});
    const made = stack.node.findChild('made') as DataResource;
    made.overrideLogicalId('made');
    publish(stack, {
      ...values,
      vpcId: made.id,
      listenerPort: made.getNumberAttribute('port'),
      ipv6Enabled: made.getBooleanAttribute('v6'),
      subnetIds: made.getListAttribute('subnets'),
      zones: output,
      alb: { arn: made.id, targetPort: made.getNumberAttribute('port') },
    });
  });
  expect(outputsOf(json)).toMatchObject({
    vpc_id: '${terraform_data.made.id}',
    listener_port: '${terraform_data.made.port}',
    ipv6_enabled: '${terraform_data.made.v6}',
    subnet_ids: '${terraform_data.made.subnets}',
    zones: '${terraform_data.made.output}',
    alb: { arn: '${terraform_data.made.id}', target_port: '${terraform_data.made.port}' },
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ['a missing output', { vpcId: undefined }, 'output "vpcId" is missing'],
  [
    'an output that is not in it',
    { gatewayId: 'igw-1' },
    'output "gatewayId" is not part of it; add it to the contract and raise its minor version',
  ],
  ['a number for text', { vpcId: 7 }, 'output "vpcId" is number, the contract says string'],
  ['text for a number', { listenerPort: '443' }, 'output "listenerPort" is string, the contract says number'],
  ['text for a bool', { ipv6Enabled: 'false' }, 'output "ipv6Enabled" is string, the contract says bool'],
  ['text for a list', { subnetIds: 'subnet-x' }, 'output "subnetIds" is string, the contract says list'],
  ['a list for a map', { zones: ['x'] }, 'output "zones" is a list, the contract says map'],
  ['null for an object', { alb: null }, 'output "alb" is null, the contract says object'],
  ['an element of another type', { ports: [1, '2'] }, 'output "ports"[1] is string, the contract says number'],
  ['an entry of another type', { zones: { a: 1 } }, 'output "zones"["a"] is number, the contract says string'],
  [
    'an attribute of another type',
    { alb: { arn: 1, targetPort: 1 } },
    'output "alb".arn is number, the contract says string',
  ],
  ['a missing attribute', { alb: { arn: 'a' } }, 'output "alb".targetPort is missing, the contract says number'],
  [
    'deep inside',
    { services: { web: { logGroup: '/w', subnetIds: [true] } } },
    'output "services"["web"].subnetIds[0] is boolean, the contract says string',
  ],
])('%s is refused', (_title, change, problem) => {
  expect(refusal({ ...values, ...change })).toBe(`ContractError: contract "shop" 1.2.0: ${problem}`);
});

test('all mistakes are shown at once', () => {
  expect(refusal({ ...values, vpcId: undefined, extra: 1, ports: 'x' })).toBe(
    'ContractError: contract "shop" 1.2.0: output "vpcId" is missing; output "extra" is not part of it; add it to the contract and raise its minor version; output "ports" is string, the contract says list',
  );
});

test('a construct below the stack cannot publish', () => {
  const stack = new TerraformStack(Testing.app(), 'shop');
  const inner = new Construct(stack, 'inner');
  expect(() => publishContract(inner as TerraformStack, shopContract, values as PublishedValues<never>)).toThrow(
    'contract "shop": published from inside a construct; publish it in the stack, as a second construct would overwrite its outputs',
  );
});

test('another stack cannot refer to a resource of a layer directly', () => {
  const app = Testing.app();
  const network = new TerraformStack(app, 'network');
  refuseImplicitReferences(network);
  const vpc = new DataResource(network, 'vpc', {});
  vpc.overrideLogicalId('vpc');
  const compute = new TerraformStack(app, 'compute');
  new DataResource(compute, 'service', { input: { vpcId: vpc.id } });
  expect(() => app.synth()).toThrow(
    'layer "network": another stack refers to terraform_data.vpc.id directly; publish it as an output of the layer\'s contract and read that contract there',
  );
});
