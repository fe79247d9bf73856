import {
  cidrContains,
  cidrsOverlap,
  cidrSubnet,
  formatCidr,
  networkOf,
  parseCidr,
} from '../../../../modules/vpc/vpc/ipv4-cidr';

const cidr = (text: string) => parseCidr(text)!;

test.each(['0.0.0.0/0', '10.0.0.0/16', '255.255.255.255/32', '192.168.1.77/24'])(
  '%s is read and written back as it was',
  (text) => {
    expect(formatCidr(cidr(text))).toBe(text);
  },
);

test.each([
  '10.0.0.0',
  '10.0.0/16',
  '10.0.0.256/16',
  '10.0.0.0/33',
  '10.0.00.0/16',
  '010.0.0.0/16',
  ' 10.0.0.0/16',
  '10.0.0.0/',
  'fd00::/8',
  '',
])('"%s" is no IPv4 CIDR block', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test.each([
  ['10.1.2.3/16', '10.1.0.0/16'],
  ['192.168.255.255/17', '192.168.128.0/17'],
  ['255.255.255.255/1', '128.0.0.0/1'],
])('%s lies in %s', (text, network) => {
  expect(formatCidr(networkOf(cidr(text)))).toBe(network);
});

test.each([
  ['10.0.0.0/16', '10.0.255.240/28', true],
  ['10.0.0.0/16', '10.0.0.0/16', true],
  ['10.0.0.0/16', '10.1.0.0/28', false],
  ['10.0.0.0/17', '10.0.0.0/16', false],
  ['128.0.0.0/1', '255.255.255.0/24', true],
])('whether %s contains %s is %s', (outer, inner, expected) => {
  expect(cidrContains(cidr(outer), cidr(inner))).toBe(expected);
});

test.each([
  ['10.0.0.0/20', '10.0.16.0/20', false],
  ['10.0.0.0/19', '10.0.16.0/20', true],
  ['10.0.16.0/20', '10.0.0.0/16', true],
  ['255.255.255.0/24', '255.255.255.128/25', true],
])('whether %s and %s overlap is %s', (a, b, expected) => {
  expect(cidrsOverlap(cidr(a), cidr(b))).toBe(expected);
  expect(cidrsOverlap(cidr(b), cidr(a))).toBe(expected);
});

test.each([
  ['10.0.0.0/16', 20, 15, '10.0.240.0/20'],
  ['10.0.0.0/16', 17, 1, '10.0.128.0/17'],
  ['240.0.0.0/4', 28, 1, '240.0.0.16/28'],
])('of %s, subnet of /%d number %d is %s', (network, prefixLength, index, expected) => {
  expect(formatCidr(cidrSubnet(cidr(network), prefixLength, index))).toBe(expected);
});
