import {
  checkCidr,
  checkSubnetCidrs,
  LARGEST_PREFIX_LENGTH,
  SMALLEST_PREFIX_LENGTH,
  type ProblemReport,
} from './cidr-rules';
import { cidrSubnet, formatCidr, type Ipv4Cidr } from './ipv4-cidr';

export interface SubnetLayoutProps {
  /** The VPC's IPv4 block. */
  readonly cidrBlock: string;
  /** How many zones there are; each has one public and one private subnet. */
  readonly zoneCount: number;
  /** Prefix length of the public subnets. @default four more than the VPC's, at most 28 */
  readonly publicSubnetPrefixLength?: number;
  /** Prefix length of the private subnets. @default four more than the VPC's, at most 28 */
  readonly privateSubnetPrefixLength?: number;
  /** Blocks of the public subnets, one per zone, instead of a layout. */
  readonly publicSubnetCidrBlocks?: readonly string[];
  /** Blocks of the private subnets, one per zone, instead of a layout. */
  readonly privateSubnetCidrBlocks?: readonly string[];
}

/** Where each subnet's addresses are: one entry per zone. */
export interface SubnetLayout {
  readonly publicCidrBlocks: readonly string[];
  readonly privateCidrBlocks: readonly string[];
}

/** The prefix length that a VPC's subnets have unless told otherwise: a sixteenth of the VPC, /20 in a /16. */
export function defaultSubnetPrefixLength(vpcPrefixLength: number): number {
  return Math.min(SMALLEST_PREFIX_LENGTH, vpcPrefixLength + 4);
}

/**
 * Lays out the subnets of a VPC: the public ones fill the lower half from its start, the private ones the upper half.
 *
 * A subnet's block depends on its zone's position alone, never on how many zones there are, so adding a zone at the end
 * moves no subnet (a subnet that moves is replaced, with everything in it). Each tier is one range, `10.0.0.0/17` and
 * `10.0.128.0/17`, which a firewall elsewhere can name.
 *
 * What is wrong is added to `problems`; the layout is then undefined.
 */
export function subnetLayout(problems: ProblemReport, props: SubnetLayoutProps): SubnetLayout | undefined {
  const vpc = checkCidr(problems, 'cidrBlock', props.cidrBlock, 'VPC');
  if (vpc === undefined) return undefined;
  const publicTier = tier(
    problems,
    vpc,
    props.zoneCount,
    0,
    'publicSubnet',
    props.publicSubnetCidrBlocks,
    props.publicSubnetPrefixLength,
  );
  const privateTier = tier(
    problems,
    vpc,
    props.zoneCount,
    1,
    'privateSubnet',
    props.privateSubnetCidrBlocks,
    props.privateSubnetPrefixLength,
  );
  if (publicTier === undefined || privateTier === undefined) return undefined;
  checkSubnetCidrs(problems, vpc, [...publicTier, ...privateTier]);
  return {
    publicCidrBlocks: publicTier.map(({ cidr }) => formatCidr(cidr)),
    privateCidrBlocks: privateTier.map(({ cidr }) => formatCidr(cidr)),
  };
}

interface PlacedSubnet {
  readonly key: string;
  readonly cidr: Ipv4Cidr;
}

function tier(
  problems: ProblemReport,
  vpc: Ipv4Cidr,
  zoneCount: number,
  half: 0 | 1,
  key: string,
  blocks: readonly string[] | undefined,
  prefixLength: number | undefined,
): PlacedSubnet[] | undefined {
  if (blocks === undefined) return laidOut(problems, vpc, zoneCount, half, key, prefixLength);
  if (prefixLength !== undefined)
    problems.add(`${key}PrefixLength: ${prefixLength} does not go with ${key}CidrBlocks; set only one of them`);
  if (blocks.length !== zoneCount) {
    problems.add(
      `${key}CidrBlocks: ${blocks.length} given for ${zoneCount} zones; list one per zone, in the order of the zones`,
    );
    return undefined;
  }
  const placed = blocks.map((block, i) => ({
    key: `${key}CidrBlocks[${i}]`,
    cidr: checkCidr(problems, `${key}CidrBlocks[${i}]`, block, 'subnet'),
  }));
  return placed.every((subnet): subnet is PlacedSubnet => subnet.cidr !== undefined) ? placed : undefined;
}

function laidOut(
  problems: ProblemReport,
  vpc: Ipv4Cidr,
  zoneCount: number,
  half: 0 | 1,
  key: string,
  wanted: number | undefined,
): PlacedSubnet[] | undefined {
  const prefixLength = wanted ?? defaultSubnetPrefixLength(vpc.prefixLength);
  const given = wanted === undefined ? `${key}PrefixLength: the default` : `${key}PrefixLength:`;
  if (
    !Number.isInteger(prefixLength) ||
    prefixLength < LARGEST_PREFIX_LENGTH ||
    prefixLength > SMALLEST_PREFIX_LENGTH
  ) {
    const nearest = Math.min(SMALLEST_PREFIX_LENGTH, Math.max(LARGEST_PREFIX_LENGTH, Math.round(prefixLength)));
    problems.add(
      `${given} ${prefixLength} is not a subnet's size; use a whole number from ${LARGEST_PREFIX_LENGTH} to ` +
        `${SMALLEST_PREFIX_LENGTH}, such as ${nearest}`,
    );
    return undefined;
  }
  // One bit for the half, the rest of the new bits for the zones.
  const fits = vpc.prefixLength + 1 + Math.ceil(Math.log2(zoneCount));
  if (prefixLength < fits) {
    const remedy =
      fits > SMALLEST_PREFIX_LENGTH
        ? `use a VPC of /${SMALLEST_PREFIX_LENGTH - 1 - Math.ceil(Math.log2(zoneCount))} or larger`
        : `use ${fits} or more`;
    problems.add(
      `${given} ${prefixLength} does not fit ${zoneCount} times into half of "${formatCidr(vpc)}"; ${remedy}`,
    );
    return undefined;
  }
  const tierCidr = cidrSubnet(vpc, vpc.prefixLength + 1, half);
  return Array.from({ length: zoneCount }, (_, i) => ({
    key: `the layout's ${key} ${i + 1}`,
    cidr: cidrSubnet(tierCidr, prefixLength, i),
  }));
}
