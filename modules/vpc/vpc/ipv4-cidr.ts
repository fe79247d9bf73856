/** A block of IPv4 addresses. `address` is the one that was written, host bits included. */
export interface Ipv4Cidr {
  /** Address as an unsigned 32-bit number. */
  readonly address: number;
  /** Length of the network prefix, 0 to 32. */
  readonly prefixLength: number;
}

/** Parses `10.0.0.0/16`; undefined when the text is not an IPv4 CIDR block. */
export function parseCidr(text: string): Ipv4Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  // A leading zero is read as octal by some tools: 010 would be two different addresses.
  if (numbers.some((number, i) => String(number) !== match[i + 1])) return undefined;
  const octets = numbers.slice(0, 4);
  const prefixLength = numbers[4]!;
  if (octets.some((octet) => octet > 255) || prefixLength > 32) return undefined;
  return { address: octets.reduce((address, octet) => address * 256 + octet, 0), prefixLength };
}

export function formatCidr({ address, prefixLength }: Ipv4Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${prefixLength}`;
}

/** How many addresses a block of that prefix length has. */
export function cidrSize(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

/** The block that `cidr` lies in, with the host bits cleared. */
export function networkOf({ address, prefixLength }: Ipv4Cidr): Ipv4Cidr {
  return { address: address - (address % cidrSize(prefixLength)), prefixLength };
}

/** First address after the block. */
function endOf(cidr: Ipv4Cidr): number {
  return networkOf(cidr).address + cidrSize(cidr.prefixLength);
}

export function cidrContains(outer: Ipv4Cidr, inner: Ipv4Cidr): boolean {
  return networkOf(outer).address <= networkOf(inner).address && endOf(inner) <= endOf(outer);
}

export function cidrsOverlap(a: Ipv4Cidr, b: Ipv4Cidr): boolean {
  return networkOf(a).address < endOf(b) && networkOf(b).address < endOf(a);
}

/** The block of length `prefixLength` at position `index` in `cidr`; the caller checks that it fits. */
export function cidrSubnet(cidr: Ipv4Cidr, prefixLength: number, index: number): Ipv4Cidr {
  return { address: networkOf(cidr).address + index * cidrSize(prefixLength), prefixLength };
}
