import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { EgressOnlyInternetGateway } from '@cdktf/provider-aws/lib/egress-only-internet-gateway';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc as AwsVpc } from '@cdktf/provider-aws/lib/vpc';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { NAME_RULE } from './name-rule';
import { subnetLayout, type SubnetLayout } from './subnet-layout';
import type { IVpc } from './vpc-interface';

/** How private subnets reach the internet: not at all, all through one NAT gateway, or through one per zone. */
export type NatGateways = 'none' | 'single' | 'per-az';

const NAT_GATEWAYS: readonly NatGateways[] = ['none', 'single', 'per-az'];
const DEFAULT_ZONE_COUNT = 2;
/** No region has more zones than us-east-1's six. */
const MAX_ZONE_COUNT = 6;
const ANYWHERE_IPV4 = '0.0.0.0/0';
const ANYWHERE_IPV6 = '::/0';
/** In a /56 of 256 subnets of /64, the private tier starts half-way, as in IPv4. */
const FIRST_PRIVATE_IPV6_SUBNET = 128;

export interface VpcProps {
  /**
   * Tag `Name` of the VPC and start of the names of what is in it.
   * @default 'app-vpc'
   */
  readonly name?: string;
  /**
   * IPv4 block, /16 to /28. A change replaces the VPC and everything in it.
   * @default '10.0.0.0/16'
   */
  readonly cidrBlock?: string;
  /**
   * How many zones to use, 1 to 6, of those the account has in the region, in the order of their names.
   * @default the number of `availabilityZones`, or 2
   */
  readonly availabilityZoneCount?: number;
  /**
   * Zones by name, such as `ap-northeast-2a`. A subnet belongs to a position in this list: add zones at the end;
   * another zone in a position replaces that position's subnets.
   * @default the first zones the account has in the region, looked up when the subnets are created
   */
  readonly availabilityZones?: readonly string[];
  /**
   * Each gateway costs by the hour and by the gigabyte. `single` is cheap, but all subnets lose internet access if that
   * zone fails; `none` needs VPC endpoints for what the tasks use. Changing it replaces no subnet and no route table.
   * @default 'single'
   */
  readonly natGateways?: NatGateways;
  /**
   * Prefix length of the public subnets, 16 to 28.
   * @default four more than the VPC's (/20 in a /16), at most 28
   */
  readonly publicSubnetPrefixLength?: number;
  /**
   * Prefix length of the private subnets, 16 to 28.
   * @default four more than the VPC's (/20 in a /16), at most 28
   */
  readonly privateSubnetPrefixLength?: number;
  /** Blocks of the public subnets, one per zone. @default laid out from the start of the VPC's lower half */
  readonly publicSubnetCidrBlocks?: readonly string[];
  /** Blocks of the private subnets, one per zone. @default laid out from the start of the VPC's upper half */
  readonly privateSubnetCidrBlocks?: readonly string[];
  /**
   * Dual stack: a /56 that Amazon provides, a /64 per subnet, and an egress-only gateway for the private subnets.
   * @default false
   */
  readonly ipv6?: boolean;
  /** Tags on everything made here, besides `Name`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A VPC with one public and one private subnet per zone.
 *
 * Closed by default: the default security group has no rules, no subnet gives out public IPv4 addresses, private
 * subnets are not reachable from outside. Every private subnet has its own route table, even with a single NAT gateway,
 * so that a switch to one per zone only changes routes. This resource is stateful: what is in a VPC has to move before
 * the VPC can be replaced.
 *
 * @throws ValidationError naming every invalid prop.
 */
export class Vpc extends Construct implements IVpc {
  readonly vpc: AwsVpc;
  readonly defaultSecurityGroup: DefaultSecurityGroup;
  readonly internetGateway: InternetGateway;
  /** Only with `ipv6`. */
  readonly egressOnlyInternetGateway?: EgressOnlyInternetGateway;
  readonly publicSubnets: readonly Subnet[];
  readonly privateSubnets: readonly Subnet[];
  readonly publicRouteTable: RouteTable;
  readonly privateRouteTables: readonly RouteTable[];
  readonly elasticIps: readonly Eip[];
  readonly natGateways: readonly NatGateway[];
  readonly natMode: NatGateways;

  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly ipv6CidrBlock?: string;
  /** What refers to one of these is made when its subnet has its routes. */
  readonly publicSubnetIds: string[];
  /** What refers to one of these is made when its subnet has its routes. */
  readonly privateSubnetIds: string[];
  readonly privateRouteTableIds: string[];
  readonly availabilityZones: string[];
  /** Public IPv4 addresses that connections from the private subnets come from: what a partner's firewall lets in. */
  readonly natPublicIps: string[];

  private readonly publicAssociations: RouteTableAssociation[] = [];
  private readonly privateAssociations: RouteTableAssociation[] = [];
  private readonly name: string;
  private readonly tags: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: VpcProps = {}) {
    super(scope, id);
    this.name = props.name ?? 'app-vpc';
    this.tags = props.tags ?? {};
    this.natMode = props.natGateways ?? 'single';
    const ipv6 = props.ipv6 ?? false;
    const layout = this.checkedLayout(props);

    this.vpc = new AwsVpc(this, 'vpc', {
      cidrBlock: props.cidrBlock ?? '10.0.0.0/16',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: ipv6 ? true : undefined,
      tags: this.tagged(),
    });
    // Terraform adopts the default group and removes its rules.
    this.defaultSecurityGroup = new DefaultSecurityGroup(this, 'default-security-group', {
      vpcId: this.vpc.id,
      ingress: [],
      egress: [],
      tags: this.tagged('default'),
    });
    this.internetGateway = new InternetGateway(this, 'internet-gateway', {
      vpcId: this.vpc.id,
      tags: this.tagged('internet'),
    });
    this.egressOnlyInternetGateway = ipv6
      ? new EgressOnlyInternetGateway(this, 'egress-only-internet-gateway', {
          vpcId: this.vpc.id,
          tags: this.tagged('egress-only'),
        })
      : undefined;

    const zones = this.zones(props, layout.privateCidrBlocks.length);
    this.publicSubnets = this.makeSubnets('public', layout.publicCidrBlocks, zones, props);
    this.privateSubnets = this.makeSubnets('private', layout.privateCidrBlocks, zones, props);

    this.publicRouteTable = this.makePublicRoutes(ipv6);
    const natCount = { none: 0, single: 1, 'per-az': zones.length }[this.natMode];
    this.elasticIps = positions(natCount).map(
      (n) =>
        new Eip(this, `nat-eip-${n}`, {
          domain: 'vpc',
          tags: this.tagged(`nat-${n}`),
          dependsOn: [this.internetGateway],
        }),
    );
    this.natGateways = this.elasticIps.map(
      (eip, i) =>
        new NatGateway(this, `nat-${i + 1}`, {
          allocationId: eip.id,
          subnetId: this.publicSubnets[i]!.id,
          tags: this.tagged(`nat-${i + 1}`),
          dependsOn: [this.internetGateway],
        }),
    );
    this.privateRouteTables = this.privateSubnets.map((subnet, i) => this.makePrivateRoutes(subnet, i));

    this.vpcId = this.vpc.id;
    this.cidrBlock = this.vpc.cidrBlock;
    this.ipv6CidrBlock = ipv6 ? this.vpc.ipv6CidrBlock : undefined;
    // By way of their associations: what refers to one waits until it has its way out. Otherwise a public load balancer
    // in the same stack is refused for want of an internet gateway, and a task starts without NAT.
    this.publicSubnetIds = this.publicAssociations.map(({ subnetId }) => subnetId);
    this.privateSubnetIds = this.privateAssociations.map(({ subnetId }) => subnetId);
    this.privateRouteTableIds = this.privateRouteTables.map((table) => table.id);
    this.availabilityZones = this.privateSubnets.map((subnet) => subnet.availabilityZone);
    this.natPublicIps = this.elasticIps.map((eip) => eip.publicIp);
  }

  private checkedLayout(props: VpcProps): SubnetLayout {
    const problems = new Problems(this);
    const { availabilityZones: zones, availabilityZoneCount: count } = props;
    checkName(problems, 'name', this.name, NAME_RULE);
    checkOneOf(problems, 'natGateways', this.natMode, NAT_GATEWAYS);
    if (zones === undefined) checkInteger(problems, 'availabilityZoneCount', count, { min: 1, max: MAX_ZONE_COUNT });
    else {
      problems.check(
        zones.length >= 1 && zones.length <= MAX_ZONE_COUNT,
        `availabilityZones: ${zones.length} given; use 1 to ${MAX_ZONE_COUNT} zones`,
      );
      problems.check(
        count === undefined || count === zones.length,
        `availabilityZoneCount: ${count} does not go with the ${zones.length} availabilityZones; leave it out`,
      );
      const known = zones.filter(isResolved);
      const twice = known.find((zone, i) => known.indexOf(zone) !== i);
      problems.check(twice === undefined, `availabilityZones: "${twice}" is listed twice; list each zone once`);
    }
    const zoneCount = zones?.length ?? count ?? DEFAULT_ZONE_COUNT;
    const cidrBlock = props.cidrBlock ?? '10.0.0.0/16';
    const texts = [cidrBlock, ...(props.publicSubnetCidrBlocks ?? []), ...(props.privateSubnetCidrBlocks ?? [])];
    problems.check(
      texts.every(isResolved),
      'cidrBlock: is known only to Terraform; subnets are laid out at synth, so use a literal block',
    );
    // Without a sane number of zones and plain blocks there is nothing to lay out.
    const possible =
      Number.isInteger(zoneCount) && zoneCount >= 1 && zoneCount <= MAX_ZONE_COUNT && texts.every(isResolved);
    const layout = possible ? subnetLayout(problems, { ...props, cidrBlock, zoneCount }) : undefined;
    problems.throwIfAny();
    return layout!;
  }

  private zones(props: VpcProps, zoneCount: number): readonly string[] {
    if (props.availabilityZones !== undefined) return props.availabilityZones;
    const data = new DataAwsAvailabilityZones(this, 'availability-zones', {
      state: 'available',
      // Local and Wavelength zones have no NAT gateways.
      filter: [{ name: 'zone-type', values: ['availability-zone'] }],
      lifecycle: {
        // element() wraps around: without this the same zone would be used twice.
        postcondition: [
          {
            condition: `\${length(self.names) >= ${zoneCount}}`,
            errorMessage:
              `[${this.node.path}] availabilityZoneCount: ${zoneCount} zones are required, but the account has ` +
              `\${length(self.names)} in this region: \${join(", ", self.names)}`,
          },
        ],
      },
    });
    return positions(zoneCount).map((n) => Fn.element(data.names, n - 1) as string);
  }

  private makeSubnets(
    tier: 'public' | 'private',
    cidrBlocks: readonly string[],
    zones: readonly string[],
    props: VpcProps,
  ): readonly Subnet[] {
    const firstIpv6 = tier === 'public' ? 0 : FIRST_PRIVATE_IPV6_SUBNET;
    const subnets = cidrBlocks.map(
      (cidrBlock, i) =>
        new Subnet(this, `${tier}-subnet-${i + 1}`, {
          vpcId: this.vpc.id,
          cidrBlock,
          availabilityZone: zones[i]!,
          mapPublicIpOnLaunch: false,
          ...(props.ipv6 === true && {
            ipv6CidrBlock: Fn.cidrsubnet(this.vpc.ipv6CidrBlock, 8, firstIpv6 + i),
            // An IPv6 address in a public subnet is reachable from outside, as a public IPv4 address would be.
            assignIpv6AddressOnCreation: tier === 'private',
          }),
          tags: this.tagged(`${tier}-${i + 1}`),
          // A zone that AWS opens later may sort before the ones in use; subnets that exist stay where they are.
          ...(props.availabilityZones === undefined && { lifecycle: { ignoreChanges: ['availability_zone'] } }),
        }),
    );
    if (props.availabilityZones === undefined) this.requireDistinctZones(subnets);
    return subnets;
  }

  /** Subnets that stay where they are may be in the zone that is found for a new one. */
  private requireDistinctZones(subnets: readonly Subnet[]): void {
    const last = subnets.at(-1);
    const zones = subnets.slice(0, -1).map((subnet) => `${subnet.fqn}.availability_zone`);
    if (last === undefined || zones.length === 0) return;
    last.lifecycle = {
      ...last.lifecycle,
      postcondition: [
        {
          condition: `\${!contains([${zones.join(', ')}], self.availability_zone)}`,
          errorMessage:
            `[${this.node.path}] availabilityZoneCount: zone \${self.availability_zone} would hold two subnets of a tier, ` +
            'as there is one in it already and the zones that AWS lists have changed; name all zones with availabilityZones',
        },
      ],
    };
  }

  private makePublicRoutes(ipv6: boolean): RouteTable {
    const table = new RouteTable(this, 'public-route-table', { vpcId: this.vpc.id, tags: this.tagged('public') });
    const toInternet = { routeTableId: table.id, gatewayId: this.internetGateway.id };
    const routes = [new Route(this, 'public-route-ipv4', { ...toInternet, destinationCidrBlock: ANYWHERE_IPV4 })];
    if (ipv6)
      routes.push(new Route(this, 'public-route-ipv6', { ...toInternet, destinationIpv6CidrBlock: ANYWHERE_IPV6 }));
    this.publicSubnets.forEach((subnet, i) => {
      this.publicAssociations.push(
        new RouteTableAssociation(this, `public-association-${i + 1}`, {
          routeTableId: table.id,
          subnetId: subnet.id,
          dependsOn: routes,
        }),
      );
    });
    return table;
  }

  private makePrivateRoutes(subnet: Subnet, i: number): RouteTable {
    const n = i + 1;
    const table = new RouteTable(this, `private-route-table-${n}`, {
      vpcId: this.vpc.id,
      tags: this.tagged(`private-${n}`),
    });
    const routes: Route[] = [];
    const nat = this.natGateways[i] ?? this.natGateways[0];
    if (nat !== undefined) {
      routes.push(
        new Route(this, `private-route-ipv4-${n}`, {
          routeTableId: table.id,
          destinationCidrBlock: ANYWHERE_IPV4,
          natGatewayId: nat.id,
        }),
      );
    }
    if (this.egressOnlyInternetGateway !== undefined) {
      routes.push(
        new Route(this, `private-route-ipv6-${n}`, {
          routeTableId: table.id,
          destinationIpv6CidrBlock: ANYWHERE_IPV6,
          egressOnlyGatewayId: this.egressOnlyInternetGateway.id,
        }),
      );
    }
    this.privateAssociations.push(
      new RouteTableAssociation(this, `private-association-${n}`, {
        routeTableId: table.id,
        subnetId: subnet.id,
        dependsOn: routes.length > 0 ? routes : undefined,
      }),
    );
    return table;
  }

  private tagged(suffix?: string): Record<string, string> {
    return { ...this.tags, Name: suffix === undefined ? this.name : `${this.name}-${suffix}` };
  }
}

/** 1 to `count`. */
function positions(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
