import type { Candidates } from './candidates';
import { isOwned, ownerInWords, type Found, type Owner } from './found';
import { asText, type Planned } from './plan';

/** A resource in AWS that the layer's state lacks. */
export interface Orphan {
  readonly address: string;
  readonly found: Found;
}

/** A resource that is not imported, and what to do. */
export interface LeftAlone {
  readonly address: string;
  readonly ids: readonly string[];
  readonly reason: string;
  readonly remedy: string;
}

export interface Matches {
  readonly orphans: readonly Orphan[];
  readonly leftAlone: readonly LeftAlone[];
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Decides which resource in AWS is which of the configuration's. Never two for one, nor one for two, and none whose
 * tags are not the layer's.
 */
export function match(all: readonly Candidates[], existing: ReadonlyMap<Found, Values>, owner: Owner): Matches {
  const leftAlone: LeftAlone[] = [];
  const claims = new Map<string, { readonly found: Found; readonly planned: Planned[] }>();
  for (const { planned, found } of all) {
    const real = found.filter((one) => existing.has(one));
    const own = real.filter((one) => belongs(one, existing.get(one)!, owner));
    if (own.length === 0 && real.length > 0) leftAlone.push(foreignOne(planned, real, existing));
    const alike = own.length > 1 ? own.filter((one) => isAlike(planned, existing.get(one)!)) : own;
    const [only, ...others] = alike;
    if (only === undefined || others.length > 0) {
      if (own.length > 0) leftAlone.push(ambiguousOne(planned, alike.length > 0 ? alike : own));
      continue;
    }
    const key = `${only.type} ${only.id}`;
    claims.set(key, { found: only, planned: [...(claims.get(key)?.planned ?? []), planned] });
  }
  const orphans: Orphan[] = [];
  for (const { found, planned } of claims.values()) {
    const alike = planned.length > 1 ? planned.filter((one) => isAlike(one, existing.get(found)!)) : planned;
    const [only, ...others] = alike;
    if (only !== undefined && others.length === 0) orphans.push({ address: only.address, found });
    else leftAlone.push(contestedOne(planned, found));
  }
  return { orphans, leftAlone };
}

/** Whether what exists is the layer's: by its tags, or, where its type has none, as a part of what is. */
function belongs({ isPart }: Found, values: Values, owner: Owner): boolean {
  if (!('tags_all' in values)) return true;
  const tags = (values.tags_all ?? {}) as Record<string, string>;
  // AWS makes a group's first rule, without tags, and the deploy was killed before it took that away.
  if (isPart === true && Object.keys(tags).length === 0) return true;
  return isOwned(tags, owner);
}

/** Whether all plain values that are planned are those that exist. */
function isAlike({ values }: Planned, existing: Values): boolean {
  return Object.entries(values).every(([attribute, value]) => {
    const planned = asText(value);
    return (
      planned === undefined || asText(existing[attribute]) === undefined || planned === asText(existing[attribute])
    );
  });
}

function foreignOne({ address }: Planned, found: readonly Found[], existing: ReadonlyMap<Found, Values>): LeftAlone {
  const tags = existing.get(found[0]!)!.tags_all as Record<string, string> | undefined;
  return {
    address,
    ids: found.map(({ id }) => id),
    reason: `exists, but is not this layer's (${ownerInWords(tags)})`,
    remedy:
      'give one of the two another name; if it is yours, delete it, or tag it with project, environment and layer',
  };
}

function ambiguousOne({ address }: Planned, found: readonly Found[]): LeftAlone {
  return {
    address,
    ids: found.map(({ id }) => id),
    reason: `${found.length} have its tags`,
    remedy: 'delete those that nothing uses, and run this again',
  };
}

function contestedOne(planned: readonly Planned[], { id }: Found): LeftAlone {
  const [first, ...others] = planned.map(({ address }) => address);
  return {
    address: first!,
    ids: [id],
    reason: `may as well be ${others.join(' or ')}`,
    remedy: `import it by hand: terraform import <address> ${id}`,
  };
}
