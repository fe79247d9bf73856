import { NAME_ATTRIBUTES, TAGGED } from './arn-types';
import type { Found } from './found';
import { NAMED, SET_AGAIN, type KnownValue } from './import-ids';
import { asText, valueReader, type Planned, type StackJson } from './plan';

/** A resource that Terraform would make, and what in AWS may be it. */
export interface Candidates {
  readonly planned: Planned;
  readonly found: readonly Found[];
}

export interface CandidatesOptions {
  readonly stack: StackJson;
  readonly creates: readonly Planned[];
  /** What AWS has of the layer, without what is in its state. */
  readonly found: readonly Found[];
}

/** Types whose own values tell them apart, where their names and tags do not. */
const BY_VALUES = new Set([
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_route',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
]);
/** Types that are found by a name which is no part of an ARN with tags. */
const BY_NAMES = new Set(['aws_iam_policy']);

/** Types that nothing here finds: neither by tags nor by name. */
export function notLookedFor(creates: readonly Planned[]): string[] {
  const types = creates
    .map(({ type }) => type)
    .filter((type) => !(type in NAMED) && ![TAGGED, BY_VALUES, BY_NAMES, SET_AGAIN].some((types) => types.has(type)));
  return [...new Set(types)].sort();
}

/** What in AWS may be each resource that Terraform would make: by names, by tags, by what it is part of. */
export function candidates({ stack, creates, found }: CandidatesOptions): Candidates[] {
  const planned = new Map(creates.map((one) => [one.address, one]));
  const known = new Map<string, readonly Found[]>();

  const ofFound = (address: string, attribute: string): string | undefined => {
    const other = planned.get(address);
    if (other === undefined) return undefined;
    const [only, ...others] = foundFor(other);
    if (only !== undefined && others.length === 0) {
      if (attribute === 'id') return only.id;
      if (attribute === 'arn' && only.arn !== undefined) return only.arn;
    }
    return attribute === 'id' || attribute === 'arn' ? undefined : valueReader(stack, other, ofFound)(attribute);
  };

  const foundFor = (one: Planned): readonly Found[] => {
    const before = known.get(one.address);
    if (before !== undefined) return before;
    known.set(one.address, []); // two that refer to each other
    const value = valueReader(stack, one, ofFound);
    const result = lookUp(one, value, found);
    known.set(one.address, result);
    return result;
  };

  return creates.map((one) => ({ planned: one, found: foundFor(one) }));
}

function lookUp(planned: Planned, value: KnownValue, found: readonly Found[]): readonly Found[] {
  const { type } = planned;
  const importId = NAMED[type];
  if (importId !== undefined) {
    const id = importId(value);
    return id === undefined ? [] : [{ type, id }];
  }
  return found.filter(
    (one) => one.type === type && hasName(planned, one) && hasTagName(planned, one) && hasValues(value, one),
  );
}

function hasName({ type, values }: Planned, { name }: Found): boolean {
  const attribute = NAME_ATTRIBUTES[type] ?? 'name';
  const [exact, prefix] = [asText(values[attribute]), asText(values[`${attribute}_prefix`])];
  if (name === undefined) return true;
  if (exact !== undefined) return name === exact;
  return prefix === undefined || name.startsWith(prefix);
}

function hasTagName({ values }: Planned, { tags }: Found): boolean {
  const wanted = (values.tags_all as Record<string, string> | undefined)?.Name;
  return wanted === undefined || tags === undefined || tags.Name === wanted;
}

function hasValues(value: KnownValue, { values = {} }: Found): boolean {
  return Object.entries(values).every(([attribute, is]) => value(attribute) === is);
}
