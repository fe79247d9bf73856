// Changes that one plan, or one apply, can tell apart.
import { areApart, attributesOf, type Difference } from './difference';
import type { Row } from './outcome';
import type { PlannedAction } from './terraform';

/** A change, and what it changes in what is synthesized. */
export interface Differing {
  readonly difference: Difference;
}

const MOST = 12;

/** Attributes whose change mostly replaces a resource, and with it others. */
const MOSTLY_REPLACING = /(^|_)(name|cidr|cidr_block|zone|family|vpc_id|subnet_ids|container_definitions)$/;

/** Groups to plan: those that may replace something reach nothing in common; all others may. */
export function toPlan<T extends Differing>(changes: readonly T[]): T[][] {
  const replacing = changes.filter(({ difference }) => mayReplace(difference));
  const others = changes.filter((change) => !replacing.includes(change));
  return [...apart(replacing), ...chunks(others)];
}

/** Groups to apply: what only updates resources in place may do so together. */
export function toApplyTogether<T extends Differing>(rows: ReadonlyMap<T, Pick<Row, 'outcome'>>): T[][] {
  const [updating, others]: [T[], T[]] = [[], []];
  for (const [change, { outcome }] of rows) (outcome === 'in place' ? updating : others).push(change);
  return [...apart(others), ...chunks(updating)];
}

/**
 * The parts of a group to plan instead, or `undefined` where this plan tells its members apart: each resource follows
 * from one of them, or from several that each change it and replace, add and remove nothing.
 */
export function toldApart<T extends Differing>(
  members: readonly T[],
  actions: readonly PlannedAction[],
): readonly (readonly T[])[] | undefined {
  const restless = members.filter((one) =>
    actions.some(({ address, action }) => action !== 'update' && withoutIndex(address) in one.difference.touched),
  );
  const unclear = actions.filter(({ address, action }) => {
    const by = membersReaching(address, members);
    if (by.length === 1) return false;
    const touching = by.filter(({ difference }) => withoutIndex(address) in difference.touched);
    return touching.length === 0 || action === 'replace' || by.some((one) => restless.includes(one));
  });
  if (unclear.length === 0) return undefined;
  const involved = members.filter((one) =>
    unclear.some(({ address }) => membersReaching(address, members).includes(one)),
  );
  if (involved.length > 0 && involved.length < members.length)
    return [...apart(involved), members.filter((member) => !involved.includes(member))];
  const groups = apart(members);
  return groups.length > 1 ? groups : halves(members);
}

/** The actions that are due to one of several changes, in a plan that tells them apart. */
export function ownOf<T extends Differing>(
  one: T,
  members: readonly T[],
  actions: readonly PlannedAction[],
): PlannedAction[] {
  return actions.filter(({ address }) => {
    const by = membersReaching(address, members);
    return by.length === 1 ? by[0] === one : withoutIndex(address) in one.difference.touched;
  });
}

function membersReaching<T extends Differing>(address: string, members: readonly T[]): T[] {
  return members.filter(({ difference }) => difference.reaches.has(withoutIndex(address)));
}

/** The resources that differ, without outputs. */
export function resourcesIn(differences: readonly Difference[]): string[] {
  const all = differences.flatMap(({ touched }) => Object.keys(touched));
  return [...new Set(all.filter((address) => !/^(output|removed)\./.test(address)))].sort();
}

export function halves<T>(members: readonly T[]): T[][] {
  const middle = Math.ceil(members.length / 2);
  return [members.slice(0, middle), members.slice(middle)].filter((half) => half.length > 0);
}

function apart<T extends Differing>(changes: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const change of changes) {
    const group = groups.find(
      (members) => members.length < MOST && members.every((member) => areApart(member.difference, change.difference)),
    );
    if (group === undefined) groups.push([change]);
    else group.push(change);
  }
  return groups;
}

function chunks<T>(changes: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(changes.length / MOST) }, (_, index) =>
    changes.slice(index * MOST, (index + 1) * MOST),
  );
}

function mayReplace(difference: Difference): boolean {
  return attributesOf(difference).some((attribute) => MOSTLY_REPLACING.test(attribute));
}

function withoutIndex(address: string): string {
  return address.replace(/\[.*\]$/, '');
}
