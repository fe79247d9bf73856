import { cidrContains, cidrsOverlap, formatCidr, networkOf, parseCidr, type Ipv4Cidr } from './ipv4-cidr';

/**
 * Sizes that AWS allows for a VPC's IPv4 block and for a subnet's.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export const LARGEST_PREFIX_LENGTH = 16;
export const SMALLEST_PREFIX_LENGTH = 28;

/** Ranges that cannot carry a VPC: this network, loopback, link-local, multicast and reserved. */
const UNUSABLE_RANGES = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'];

/** Where problems are reported to: `Problems`, or what a schema has in its place. */
export interface ProblemReport {
  add(message: string): void;
}

/** Checks a VPC's or subnet's block on its own. Returns it parsed when nothing is wrong with it. */
export function checkCidr(
  problems: ProblemReport,
  key: string,
  text: string,
  what: 'VPC' | 'subnet',
): Ipv4Cidr | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    problems.add(
      `${key}: "${text}" is not an IPv4 CIDR block; write four numbers from 0 to 255 and a prefix length, ` +
        'such as "10.0.0.0/16"',
    );
    return undefined;
  }
  const nearest = nearestAllowed(cidr);
  if (cidr.prefixLength !== nearest.prefixLength) {
    const size = cidr.prefixLength < nearest.prefixLength ? 'larger' : 'smaller';
    problems.add(
      `${key}: "${text}" is ${size} than a ${what} may be, /${LARGEST_PREFIX_LENGTH} to ` +
        `/${SMALLEST_PREFIX_LENGTH}; use "${formatCidr(nearest)}"`,
    );
    return undefined;
  }
  if (cidr.address !== nearest.address) {
    problems.add(`${key}: "${text}" has host bits set; use "${formatCidr(nearest)}"`);
    return undefined;
  }
  const unusable = UNUSABLE_RANGES.find((range) => cidrsOverlap(parseCidr(range)!, cidr));
  if (unusable !== undefined) {
    problems.add(
      `${key}: "${text}" lies in ${unusable}, which a ${what} cannot use; use a range in 10.0.0.0/8, ` +
        '172.16.0.0/12 or 192.168.0.0/16',
    );
    return undefined;
  }
  return cidr;
}

/** Checks subnets against the VPC they lie in and against each other. */
export function checkSubnetCidrs(
  problems: ProblemReport,
  vpc: Ipv4Cidr,
  subnets: readonly { readonly key: string; readonly cidr: Ipv4Cidr }[],
): void {
  subnets.forEach(({ key, cidr }, i) => {
    if (!cidrContains(vpc, cidr))
      problems.add(`${key}: "${formatCidr(cidr)}" is not in the VPC's "${formatCidr(vpc)}"; use a range inside of it`);
    for (const other of subnets.slice(0, i)) {
      if (cidrsOverlap(cidr, other.cidr)) {
        problems.add(
          `${key}: "${formatCidr(cidr)}" overlaps ${other.key} "${formatCidr(other.cidr)}"; give each subnet ` +
            `its own range`,
        );
      }
    }
  });
}

function nearestAllowed(cidr: Ipv4Cidr): Ipv4Cidr {
  const prefixLength = Math.min(SMALLEST_PREFIX_LENGTH, Math.max(LARGEST_PREFIX_LENGTH, cidr.prefixLength));
  return networkOf({ address: cidr.address, prefixLength });
}
