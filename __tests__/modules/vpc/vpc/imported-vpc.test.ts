import { TerraformVariable, Token } from 'cdktf';
import { ImportedVpc, type ImportedVpcProps } from '@strata/vpc';
import { errorOf, synth, type Attributes } from './synth';

const VPC = 'vpc-0f1e2d3c4b5a69788';
const [PRIVATE_A, PRIVATE_B, PUBLIC] = [
  'subnet-0a1b2c3d4e5f60718',
  'subnet-0a1b2c3d4e5f60719',
  'subnet-0a1b2c3d',
] as const;
const props: ImportedVpcProps = { vpcId: VPC, privateSubnetIds: [PRIVATE_A, PRIVATE_B], publicSubnetIds: [PUBLIC] };
const made = (more?: Partial<ImportedVpcProps>) =>
  synth((scope) => new ImportedVpc(scope, 'vpc', { ...props, ...more }));
const refused = (more: Partial<ImportedVpcProps>) =>
  errorOf((scope) => new ImportedVpc(scope, 'vpc', { ...props, ...more }));
const postcondition = (attributes: Attributes | undefined) =>
  (attributes!.lifecycle!.postcondition as { condition: string; error_message: string }[])[0]!;

test('changes nothing: data sources only', () => {
  expect(Object.keys(JSON.parse(made().json))).not.toContain('resource');
});

test('has the interface of a VPC that is made', () => {
  let vpc!: ImportedVpc;
  synth((scope) => (vpc = new ImportedVpc(scope, 'vpc', props)));
  expect(vpc.privateSubnetIds).toEqual([PRIVATE_A, PRIVATE_B]);
  expect(vpc.publicSubnetIds).toEqual([PUBLIC]);
  expect(vpc.availabilityZones).toHaveLength(2);
  expect(Token.isUnresolved(vpc.cidrBlock)).toBe(true);
  expect(vpc.ipv6CidrBlock).toBeUndefined();
});

test('a plan fails with the id of the VPC that is not there', () => {
  const [vpcs] = made().data('aws_vpcs');
  expect(vpcs).toMatchObject({ filter: [{ name: 'vpc-id', values: [VPC] }] });
  expect(postcondition(vpcs).condition).toBe('${(length(self.ids) == 1)}');
  expect(postcondition(vpcs).error_message).toBe(
    `[stack/vpc] vpcId: ${VPC} does not exist in this account and region; correct the id, the region or the credentials`,
  );
});

test('a plan fails with the ids of the subnets that are not in the VPC', () => {
  const [subnets] = made().data('aws_subnets');
  expect(subnets).toMatchObject({
    filter: [
      { name: 'vpc-id', values: [VPC] },
      { name: 'subnet-id', values: [PUBLIC, PRIVATE_A, PRIVATE_B] },
    ],
  });
  expect(postcondition(subnets).error_message).toContain(`no such subnets in ${VPC}: \${join(", ", setsubtract([`);
});

test('route tables are those of the private subnets', () => {
  const [tables] = made().data('aws_route_tables');
  expect(tables).toMatchObject({
    vpc_id: VPC,
    filter: [{ name: 'association.subnet-id', values: [PRIVATE_A, PRIVATE_B] }],
  });
  expect(postcondition(tables).condition).toBe('${(length(self.ids) >= 1)}');
  expect(postcondition(tables).error_message).toContain('list the tables in privateRouteTableIds');
});

test('route tables can be named, and are looked up', () => {
  const [tables] = made({ privateRouteTableIds: ['rtb-0a1b2c3d'] }).data('aws_route_tables');
  expect(tables).toMatchObject({ filter: [{ name: 'route-table-id', values: ['rtb-0a1b2c3d'] }] });
  expect(postcondition(tables).condition).toBe('${(length(setsubtract(["rtb-0a1b2c3d"], self.ids)) < 1)}');
  expect(postcondition(tables).error_message).toContain(`no such route tables in ${VPC}`);
});

test('the IPv6 block is read when it is said to be there', () => {
  let vpc!: ImportedVpc;
  synth((scope) => (vpc = new ImportedVpc(scope, 'vpc', { ...props, ipv6: true })));
  expect(Token.isUnresolved(vpc.ipv6CidrBlock)).toBe(true);
});

test('ids that only Terraform knows pass', () => {
  const { data } = synth((scope) => {
    const subnet = new TerraformVariable(scope, 'subnet', { type: 'string' });
    return new ImportedVpc(scope, 'vpc', { ...props, privateSubnetIds: [subnet.stringValue] });
  });
  const { condition } = postcondition(data('aws_subnets')[0]);
  expect(condition).toBe('${(length(setsubtract(["subnet-0a1b2c3d", var.subnet], self.ids)) < 1)}');
});

test.each<[Partial<ImportedVpcProps>, string]>([
  [{ vpcId: 'app-vpc' }, 'vpcId: "app-vpc" is not a vpc id; allowed are "vpc-" and 8 to 17 hexadecimal digits'],
  [{ privateSubnetIds: [] }, 'privateSubnetIds: is empty; give at least one private subnet, tasks run there'],
  [{ privateSubnetIds: [PRIVATE_A, PRIVATE_A] }, `privateSubnetIds: "${PRIVATE_A}" is listed twice; list each id once`],
  [
    { publicSubnetIds: [PRIVATE_A] },
    `publicSubnetIds: "${PRIVATE_A}" is also in privateSubnetIds; a subnet is one or the other`,
  ],
  [
    { publicSubnetIds: ['subnet-XYZ'] },
    'publicSubnetIds[0]: "subnet-XYZ" is not a subnet id; allowed are "subnet-" and 8 to 17 hexadecimal digits',
  ],
  [{ privateRouteTableIds: [] }, 'privateRouteTableIds: is empty; leave it out to look the tables up'],
])('%j is refused', (more, message) => {
  expect(refused(more)).toBe(`[stack/vpc] ${message}`);
});
