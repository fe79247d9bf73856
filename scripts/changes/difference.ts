// What two synthesized layers differ in: which resources, and which others follow from them.
import { isDeepStrictEqual } from 'node:util';

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
export interface LayerJson {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly [key: string]: unknown;
}

/** Stands for what every resource depends on, such as the provider. */
const EVERYTHING = '*';

export interface Difference {
  /** Address -> what was there and what is there, each `undefined` where it is not. */
  readonly touched: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
  /** The addresses touched, and those that refer to them, directly or through others. */
  readonly reaches: ReadonlySet<string>;
}

export function differenceOf(before: LayerJson, after: LayerJson): Difference {
  const [old, now] = [blocksOf(before), blocksOf(after)];
  const addresses = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed = addresses.filter((address) => differs(old.get(address), now.get(address)));
  const touched = Object.fromEntries(
    changed.map((address) => [address, { before: old.get(address), after: now.get(address) }]),
  );
  return { touched, reaches: changed.includes(EVERYTHING) ? new Set(addresses) : reached(changed, [old, now]) };
}

export function areApart({ reaches: one }: Difference, { reaches: other }: Difference): boolean {
  return ![...one].some((address) => other.has(address));
}

/** Names of the attributes that differ, at any depth, and of all of a resource that comes or goes. */
export function attributesOf({ touched }: Difference): string[] {
  return [...new Set(Object.values(touched).flatMap((one) => differing(...acted(one.before, one.after))))].sort();
}

function differs(before: unknown, after: unknown): boolean {
  return !isDeepStrictEqual(...acted(before, after));
}

/** Two versions of a resource without the attributes whose changes Terraform ignores. */
function acted(before: unknown, after: unknown): [unknown, unknown] {
  const ignored = ignoredIn(after);
  return before === undefined || ignored.length === 0
    ? [before, after]
    : [without(before as object, ignored), without(after as object, ignored)];
}

function ignoredIn(block: unknown): readonly string[] {
  const { lifecycle } = (block ?? {}) as { readonly lifecycle?: { readonly ignore_changes?: unknown } };
  return Array.isArray(lifecycle?.ignore_changes) ? (lifecycle.ignore_changes as string[]) : [];
}

function without(block: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(block).filter(([key]) => !keys.includes(key)));
}

function differing(before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [one, other] = [before, after].map((value) => (typeof value === 'object' && value !== null ? value : {}));
  return [...new Set([...Object.keys(one!), ...Object.keys(other!)])].flatMap((key) => {
    const [left, right] = [one, other].map((value) => (value as Record<string, unknown>)[key]);
    return isDeepStrictEqual(left, right) ? [] : [...(/^\d+$/.test(key) ? [] : [key]), ...differing(left, right)];
  });
}

function blocksOf({ resource = {}, data = {}, ...rest }: LayerJson): Map<string, unknown> {
  // Checks warn and change nothing.
  const { '//': _, check: _check, output = {}, locals = {}, removed = [], ...shared } = rest;
  const named = (blocks: Blocks, prefix: string): [string, unknown][] =>
    Object.entries(blocks).flatMap(([type, resources]) =>
      Object.entries(resources).map(([id, { '//': _comment, ...block }]): [string, unknown] => [
        `${prefix}${type}.${id}`,
        block,
      ]),
    );
  return new Map([
    ...named(resource, ''),
    ...named(data, 'data.'),
    ...Object.entries(output as object).map(([key, value]) => [`output.${key}`, value] as [string, unknown]),
    ...Object.entries(locals as object).map(([key, value]) => [`local.${key}`, value] as [string, unknown]),
    ...(removed as { readonly from: string }[]).map((one) => [`removed.${one.from}`, one] as [string, unknown]),
    [EVERYTHING, shared],
  ]);
}

function reached(start: readonly string[], versions: readonly ReadonlyMap<string, unknown>[]): Set<string> {
  const users = new Map<string, string[]>();
  for (const version of versions) {
    for (const [address, block] of version) {
      if (address === EVERYTHING || address.startsWith('output.')) continue;
      for (const used of referencesOf(block)) users.set(used, [...(users.get(used) ?? []), address]);
    }
  }
  const found = new Set(start);
  for (const address of found) for (const user of users.get(address) ?? []) found.add(user);
  // All plans change the outputs, which are no resources; what is released is a resource that is gone as well.
  return new Set([...found].filter((address) => !/^(output|removed)\./.test(address)));
}

const REFERENCE = /\b(?:data\.)?(?:aws|terraform)_\w+\.[\w-]+|\blocal\.[\w-]+/g;

function referencesOf(block: unknown): string[] {
  return [...new Set(JSON.stringify(block).match(REFERENCE))];
}
