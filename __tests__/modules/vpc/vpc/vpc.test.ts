import { TerraformOutput, Token } from 'cdktf';
import { Vpc, type VpcProps } from '@strata/vpc';
import { errorOf, synth } from './synth';

const made = (props?: VpcProps) => synth((scope) => new Vpc(scope, 'vpc', props));
const refused = (props: VpcProps) => errorOf((scope) => new Vpc(scope, 'vpc', props));
const subnetsOf = (props?: VpcProps) =>
  made(props)
    .resources('aws_subnet')
    .map((subnet) => [subnet.tags?.Name, subnet.cidr_block]);

describe('defaults', () => {
  test('are app-vpc, 10.0.0.0/16, two zones with a public and a private /20 each, and one NAT gateway', () => {
    const vpc = made();
    expect(vpc.one('aws_vpc')).toMatchObject({
      cidr_block: '10.0.0.0/16',
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: 'app-vpc' },
    });
    expect(subnetsOf()).toEqual([
      ['app-vpc-private-1', '10.0.128.0/20'],
      ['app-vpc-private-2', '10.0.144.0/20'],
      ['app-vpc-public-1', '10.0.0.0/20'],
      ['app-vpc-public-2', '10.0.16.0/20'],
    ]);
    expect(vpc.resources('aws_internet_gateway')).toHaveLength(1);
    expect(vpc.resources('aws_nat_gateway')).toHaveLength(1);
    expect(vpc.one('aws_eip')).toMatchObject({ domain: 'vpc' });
  });

  test('are closed: no rules in the default security group, no public addresses, no IPv6', () => {
    const vpc = made();
    expect(vpc.one('aws_default_security_group')).toMatchObject({ ingress: [], egress: [] });
    expect(vpc.resources('aws_subnet').map((subnet) => subnet.map_public_ip_on_launch)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(vpc.json).not.toContain('ipv6');
    expect(vpc.json).not.toContain('egress_only');
  });

  test('only the public route table leads to the internet gateway', () => {
    const routes = made().resources('aws_route');
    const toInternet = routes.filter((route) => route.gateway_id !== undefined);
    expect(toInternet).toHaveLength(1);
    expect(toInternet[0]).toMatchObject({
      destination_cidr_block: '0.0.0.0/0',
      route_table_id: expect.stringContaining('public-route-table'),
    });
  });

  test('what refers to a subnet waits for its routes: its id leads through its association, which follows them', () => {
    const vpc = synth((scope) => {
      const { publicSubnetIds, privateSubnetIds } = new Vpc(scope, 'vpc');
      new TerraformOutput(scope, 'ids', { value: [publicSubnetIds, privateSubnetIds], staticId: true });
    });
    const ids = (JSON.parse(vpc.json) as { output: { ids: { value: string[][] } } }).output.ids.value;
    const waits = (id: string) => {
      const association = /^\$\{aws_route_table_association\.(\w[\w-]*)\.subnet_id\}$/.exec(id)![1]!;
      const index = vpc.ids('aws_route_table_association').indexOf(association);
      return String(vpc.resources('aws_route_table_association')[index]!.depends_on).replace(/_[0-9A-F]{8}/g, '');
    };
    expect(ids.map((some) => some.map(waits))).toEqual([
      ['aws_route.vpc_public-route-ipv4', 'aws_route.vpc_public-route-ipv4'],
      ['aws_route.vpc_private-route-ipv4-1', 'aws_route.vpc_private-route-ipv4-2'],
    ]);
  });

  test('every subnet is associated with its own table: one public, one a private subnet', () => {
    const associations = made()
      .resources('aws_route_table_association')
      .map(({ subnet_id, route_table_id }) =>
        [subnet_id, route_table_id].map((reference) => /vpc_(.+?)_[0-9A-F]{8}/.exec(String(reference))![1]),
      );
    expect(associations).toEqual([
      ['private-subnet-1', 'private-route-table-1'],
      ['private-subnet-2', 'private-route-table-2'],
      ['public-subnet-1', 'public-route-table'],
      ['public-subnet-2', 'public-route-table'],
    ]);
  });
});

describe('zones', () => {
  test('adding a zone at the end keeps every subnet, table and gateway as it was', () => {
    const named = ['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c', 'ap-northeast-2d'];
    for (const natGateways of ['single', 'per-az'] as const) {
      const [two, three, four] = [2, 3, 4].map((count) =>
        made({ natGateways, availabilityZones: named.slice(0, count) }),
      );
      for (const type of [
        'aws_subnet',
        'aws_route_table',
        'aws_route',
        'aws_nat_gateway',
        'aws_route_table_association',
      ]) {
        expect(three!.ids(type)).toEqual(expect.arrayContaining(two!.ids(type)));
        const kept = (larger: typeof three) => two!.ids(type).map((id) => JSON.parse(larger!.json).resource[type][id]);
        expect(kept(three)).toEqual(two!.resources(type));
        expect(kept(four)).toEqual(two!.resources(type));
      }
    }
  });

  test('that are not named are looked up, must be there, and stay when AWS opens another', () => {
    const vpc = made({ availabilityZoneCount: 3 });
    expect(vpc.data('aws_availability_zones')).toEqual([
      expect.objectContaining({
        state: 'available',
        filter: [{ name: 'zone-type', values: ['availability-zone'] }],
        lifecycle: {
          postcondition: [
            {
              condition: '${length(self.names) >= 3}',
              error_message: expect.stringContaining(
                '[stack/vpc] availabilityZoneCount: 3 zones are required, but the account has ${length(self.names)} in this region',
              ),
            },
          ],
        },
      }),
    ]);
    const zones = vpc
      .resources('aws_subnet')
      .map((subnet) => /element\(.*names, (\d)\)/.exec(String(subnet.availability_zone))![1]);
    expect(zones).toEqual(['0', '1', '2', '0', '1', '2']);
    const lifecycles = vpc
      .resources('aws_subnet')
      .map(({ lifecycle }) => lifecycle as { ignore_changes: string[]; postcondition?: [{ condition: string }] });
    expect(lifecycles.every(({ ignore_changes: ignored }) => ignored.join() === 'availability_zone')).toBe(true);
    expect(
      lifecycles.map(({ postcondition: [{ condition }] = [{ condition: '' }] }) =>
        condition.replaceAll(/_[0-9A-F]{8}/g, ''),
      ),
    ).toEqual([
      '',
      '',
      '${!contains([aws_subnet.vpc_private-subnet-1.availability_zone, aws_subnet.vpc_private-subnet-2.availability_zone], self.availability_zone)}',
      '',
      '',
      '${!contains([aws_subnet.vpc_public-subnet-1.availability_zone, aws_subnet.vpc_public-subnet-2.availability_zone], self.availability_zone)}',
    ]);
  });

  test('that are named are used as they are, and followed when they change', () => {
    const vpc = made({ availabilityZones: ['ap-northeast-2a', 'ap-northeast-2c'] });
    expect(vpc.data('aws_availability_zones')).toEqual([]);
    expect(vpc.resources('aws_subnet').map((subnet) => subnet.availability_zone)).toEqual([
      'ap-northeast-2a',
      'ap-northeast-2c',
      'ap-northeast-2a',
      'ap-northeast-2c',
    ]);
    expect(vpc.resources('aws_subnet').every((subnet) => subnet.lifecycle === undefined)).toBe(true);
  });

  test.each<[VpcProps, string]>([
    [{ availabilityZoneCount: 0 }, 'availabilityZoneCount: 0 is out of range; use a whole number from 1 to 6'],
    [{ availabilityZoneCount: 7 }, 'availabilityZoneCount: 7 is out of range; use a whole number from 1 to 6'],
    [{ availabilityZones: [] }, 'availabilityZones: 0 given; use 1 to 6 zones'],
    [{ availabilityZones: ['a', 'a'] }, 'availabilityZones: "a" is listed twice; list each zone once'],
    [
      { availabilityZones: ['a'], availabilityZoneCount: 2 },
      'availabilityZoneCount: 2 does not go with the 1 availabilityZones; leave it out',
    ],
  ])('%j is refused', (props, message) => {
    expect(refused(props)).toBe(`[stack/vpc] ${message}`);
  });
});

describe('NAT', () => {
  const natRoutes = (props: VpcProps) =>
    made(props)
      .resources('aws_route')
      .filter((route) => route.nat_gateway_id !== undefined)
      .map((route) => /nat-\d/.exec(String(route.nat_gateway_id))![0]);

  test('none: private subnets have no way out, public ones have', () => {
    const vpc = made({ natGateways: 'none' });
    expect([...vpc.resources('aws_nat_gateway'), ...vpc.resources('aws_eip')]).toEqual([]);
    expect(vpc.resources('aws_route')).toHaveLength(1);
  });

  test('single: all private subnets go through one', () => {
    expect(natRoutes({ natGateways: 'single', availabilityZoneCount: 3 })).toEqual(['nat-1', 'nat-1', 'nat-1']);
  });

  test("per-az: each private subnet goes through its own zone's", () => {
    const vpc = made({ natGateways: 'per-az', availabilityZoneCount: 3 });
    expect(natRoutes({ natGateways: 'per-az', availabilityZoneCount: 3 })).toEqual(['nat-1', 'nat-2', 'nat-3']);
    expect(vpc.resources('aws_nat_gateway').map((nat) => /public-subnet-\d/.exec(String(nat.subnet_id))![0])).toEqual([
      'public-subnet-1',
      'public-subnet-2',
      'public-subnet-3',
    ]);
  });

  test('going from one mode to another keeps tables, routes and the first gateway in place', () => {
    const single = made({ natGateways: 'single' });
    const perAz = made({ natGateways: 'per-az' });
    const none = made({ natGateways: 'none' });
    for (const type of ['aws_route_table', 'aws_route_table_association', 'aws_subnet']) {
      expect(perAz.ids(type)).toEqual(single.ids(type));
      expect(none.ids(type)).toEqual(single.ids(type));
    }
    expect(perAz.ids('aws_route')).toEqual(single.ids('aws_route'));
    expect(perAz.ids('aws_nat_gateway')).toEqual(expect.arrayContaining(single.ids('aws_nat_gateway')));
  });

  test('an unknown mode is refused', () => {
    expect(refused({ natGateways: 'singel' as 'single' })).toContain(
      'natGateways: "singel" is not allowed; use one of none, single, per-az',
    );
  });
});

describe('subnet sizes', () => {
  test("follow the VPC's", () => {
    expect(subnetsOf({ cidrBlock: '10.20.0.0/20' }).map(([, block]) => block)).toEqual([
      '10.20.8.0/24',
      '10.20.9.0/24',
      '10.20.0.0/24',
      '10.20.1.0/24',
    ]);
    expect(subnetsOf({ cidrBlock: '10.20.0.0/26' }).map(([, block]) => block)).toEqual([
      '10.20.0.32/28',
      '10.20.0.48/28',
      '10.20.0.0/28',
      '10.20.0.16/28',
    ]);
  });

  test('may differ between the tiers', () => {
    expect(
      subnetsOf({ publicSubnetPrefixLength: 24, privateSubnetPrefixLength: 18 }).map(([, block]) => block),
    ).toEqual(['10.0.128.0/18', '10.0.192.0/18', '10.0.0.0/24', '10.0.1.0/24']);
  });

  test('may be written out', () => {
    expect(subnetsOf({ publicSubnetCidrBlocks: ['10.0.1.0/24', '10.0.2.0/24'] }).map(([, block]) => block)).toEqual([
      '10.0.128.0/20',
      '10.0.144.0/20',
      '10.0.1.0/24',
      '10.0.2.0/24',
    ]);
  });

  test.each<[VpcProps, string]>([
    [
      { cidrBlock: '10.0.0.0' },
      'cidrBlock: "10.0.0.0" is not an IPv4 CIDR block; write four numbers from 0 to 255 and a prefix length, such as "10.0.0.0/16"',
    ],
    [{ cidrBlock: '10.0.5.0/16' }, 'cidrBlock: "10.0.5.0/16" has host bits set; use "10.0.0.0/16"'],
    [{ cidrBlock: '10.0.0.0/8' }, 'cidrBlock: "10.0.0.0/8" is larger than a VPC may be, /16 to /28; use "10.0.0.0/16"'],
    [
      { cidrBlock: '10.0.0.7/30' },
      'cidrBlock: "10.0.0.7/30" is smaller than a VPC may be, /16 to /28; use "10.0.0.0/28"',
    ],
    [
      { cidrBlock: '169.254.0.0/16' },
      'cidrBlock: "169.254.0.0/16" lies in 169.254.0.0/16, which a VPC cannot use; use a range in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    ],
    [
      { publicSubnetPrefixLength: 29 },
      "publicSubnetPrefixLength: 29 is not a subnet's size; use a whole number from 16 to 28, such as 28",
    ],
    [
      { privateSubnetPrefixLength: 17 },
      'privateSubnetPrefixLength: 17 does not fit 2 times into half of "10.0.0.0/16"; use 18 or more',
    ],
    [
      {
        cidrBlock: '10.0.0.0/27',
        privateSubnetPrefixLength: 28,
        publicSubnetCidrBlocks: ['10.0.0.0/28', '10.0.0.16/28'],
      },
      'privateSubnetPrefixLength: 28 does not fit 2 times into half of "10.0.0.0/27"; use a VPC of /26 or larger',
    ],
    [
      { publicSubnetCidrBlocks: ['10.0.0.0/24'] },
      'publicSubnetCidrBlocks: 1 given for 2 zones; list one per zone, in the order of the zones',
    ],
    [
      { publicSubnetCidrBlocks: ['10.0.0.0/24', '10.0.1.0/24'], publicSubnetPrefixLength: 24 },
      'publicSubnetPrefixLength: 24 does not go with publicSubnetCidrBlocks; set only one of them',
    ],
    [
      { publicSubnetCidrBlocks: ['10.0.0.0/24', '10.1.1.0/24'] },
      'publicSubnetCidrBlocks[1]: "10.1.1.0/24" is not in the VPC\'s "10.0.0.0/16"; use a range inside of it',
    ],
    [
      {
        privateSubnetCidrBlocks: ['10.0.0.0/24', '10.0.0.128/25'],
        publicSubnetCidrBlocks: ['10.0.1.0/24', '10.0.2.0/24'],
      },
      'privateSubnetCidrBlocks[1]: "10.0.0.128/25" overlaps privateSubnetCidrBlocks[0] "10.0.0.0/24"; give each subnet its own range',
    ],
    [
      { publicSubnetCidrBlocks: ['10.0.1.0/24', '10.0.144.0/24'] },
      'the layout\'s privateSubnet 2: "10.0.144.0/20" overlaps publicSubnetCidrBlocks[1] "10.0.144.0/24"; give each subnet its own range',
    ],
    [
      { cidrBlock: Token.asString({ resolve: () => '${var.cidr}' }) },
      'cidrBlock: is known only to Terraform; subnets are laid out at synth, so use a literal block',
    ],
  ])('%j is refused', (props, message) => {
    expect(refused(props)).toBe(`[stack/vpc] ${message}`);
  });

  test('everything that is wrong is said at once', () => {
    const message = refused({ name: '', natGateways: 'all' as 'single', cidrBlock: '10.0.0.1/16' });
    expect(message).toContain('3 problems');
    for (const key of ['name: ', 'natGateways: ', 'cidrBlock: ']) expect(message).toContain(`- ${key}`);
  });
});

describe('IPv6', () => {
  const vpc = made({ ipv6: true, availabilityZoneCount: 2 });

  test("is Amazon's /56, with a /64 a subnet that no other zone moves", () => {
    expect(vpc.one('aws_vpc')).toMatchObject({ assign_generated_ipv6_cidr_block: true });
    const blocks = vpc
      .resources('aws_subnet')
      .map((subnet) => /cidrsubnet\(.*ipv6_cidr_block, (8, \d+)\)/.exec(String(subnet.ipv6_cidr_block))![1]);
    expect(blocks).toEqual(['8, 128', '8, 129', '8, 0', '8, 1']);
  });

  test('is given to what starts in private subnets only, which nothing outside can reach', () => {
    expect(vpc.resources('aws_subnet').map((subnet) => subnet.assign_ipv6_address_on_creation)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const routes = vpc.resources('aws_route').filter((route) => route.destination_ipv6_cidr_block === '::/0');
    expect(routes.map((route) => [route.gateway_id !== undefined, route.egress_only_gateway_id !== undefined])).toEqual(
      [
        [false, true],
        [false, true],
        [true, false],
      ],
    );
  });

  test('adds nothing but routes and a gateway: the subnets stay the same resources', () => {
    for (const type of ['aws_subnet', 'aws_route_table', 'aws_nat_gateway'])
      expect(vpc.ids(type)).toEqual(made().ids(type));
  });
});

test('tags of the user are on everything, Name stays ours', () => {
  const vpc = made({ name: 'shop', tags: { team: 'web', Name: 'mine' } });
  for (const type of [
    'aws_vpc',
    'aws_subnet',
    'aws_route_table',
    'aws_nat_gateway',
    'aws_eip',
    'aws_internet_gateway',
    'aws_default_security_group',
  ]) {
    for (const { tags } of vpc.resources(type))
      expect(tags).toEqual({ team: 'web', Name: expect.stringMatching(/^shop/) });
  }
});

test('two VPCs fit into one stack', () => {
  const both = synth((scope) => [new Vpc(scope, 'a', { name: 'a' }), new Vpc(scope, 'b', { name: 'b' })]);
  expect(both.resources('aws_vpc')).toHaveLength(2);
});
