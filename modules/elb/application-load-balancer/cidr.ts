import { isIP, isIPv4 } from 'node:net';

/** Whether a CIDR block is IPv6; it need not be valid. */
export function isIpv6Cidr(cidr: string): boolean {
  return cidr.includes(':');
}

/**
 * Checks a CIDR block; `undefined` if it is valid.
 *
 * The AWS provider rejects a block with host bits set (`10.0.0.1/16`) at plan; for IPv4 it is reported here.
 */
export function cidrProblem(cidr: string): string | undefined {
  const [address, length, ...rest] = cidr.split('/');
  const version = isIP(address!);
  const longest = version === 6 ? 128 : 32;
  if (
    version === 0 ||
    length === undefined ||
    rest.length > 0 ||
    !/^\d{1,3}$/.test(length) ||
    Number(length) > longest
  ) {
    return `"${cidr}" is not a CIDR block; use an address and a prefix length, such as 10.0.0.0/16 or 2001:db8::/32`;
  }
  if (!isIPv4(address!)) return undefined;
  const bits = address!.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(length));
  if (bits % size === 0) return undefined;
  const network = bits - (bits % size);
  const shown = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
  return `"${cidr}" has host bits set; use ${shown}/${length}`;
}
