import type { Inventory } from './inventory';

type Row = readonly string[];

/** The inventory as text for a terminal: a heading and aligned columns for each kind; kinds with nothing say so. */
export function inventoryTable(inventory: Inventory): string {
  const vpcs = inventory.vpcs.flatMap((vpc): Row[] => [
    [vpc.name, vpc.id, vpc.cidrBlock, count(vpc.natGateways.length, 'NAT gateway')],
    ...[...vpc.subnets]
      .sort((a, b) => Number(b.isPublic) - Number(a.isPublic) || a.zone.localeCompare(b.zone))
      .map((subnet): Row => [
        `  ${subnet.isPublic ? 'public' : 'private'} ${subnet.zone}`,
        subnet.id,
        subnet.cidrBlock,
        subnet.name,
      ]),
  ]);
  return [
    section('VPCs and subnets', ['NAME', 'ID', 'CIDR', ''], vpcs),
    section(
      'Container repositories',
      ['NAME', 'URI', 'IMAGES'],
      inventory.repositories.map((item) => [item.name, item.uri, String(item.images)]),
    ),
    section(
      'Load balancers',
      ['NAME', 'SCHEME', 'ADDRESS'],
      inventory.loadBalancers.map((item) => [
        item.name,
        item.scheme,
        item.addresses.length === 0 ? 'no listener' : item.addresses.join(', '),
      ]),
    ),
    section(
      'Services',
      ['NAME', 'CLUSTER', 'DESIRED', 'RUNNING', 'TASK DEFINITION', 'IMAGE'],
      inventory.services.map((item) => [
        item.name,
        item.cluster,
        String(item.desired),
        String(item.running),
        item.taskDefinition,
        item.images.map(shortImage).join(', '),
      ]),
    ),
    section(
      'Machine learning',
      ['NAME', 'KIND', 'STATUS'],
      inventory.machineLearning.map((item) => [item.name, item.kind, item.status]),
    ),
    section(
      'Buckets',
      ['NAME', 'VERSIONS'],
      inventory.buckets.map((item) => [item.name, item.isVersioned ? 'kept' : 'not kept']),
    ),
  ].join('\n');
}

/** Addresses of the load balancers that face the internet: where a browser would go. */
export function webAddresses(inventory: Inventory): string[] {
  return inventory.loadBalancers
    .filter((item) => item.scheme === 'internet-facing')
    .flatMap((item) => item.addresses.slice(0, 1));
}

/** Whether nothing of what the layers make is there. */
export function isEmpty(inventory: Inventory): boolean {
  return Object.values(inventory).every((items: readonly unknown[]) => items.length === 0);
}

/** Repository and tag: the registry's host is the same for all, and in the table of repositories. */
function shortImage(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function section(title: string, header: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return `${title}\n  none\n`;
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)));
  const lines = [header, ...rows].map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return `${title}\n${lines.join('\n')}\n`;
}
