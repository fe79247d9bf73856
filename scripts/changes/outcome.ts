// What a change of an option does, as it is recorded.
import type { Change } from './cases';
import type { Difference } from './difference';
import { attributesOf } from './difference';
import type { PlannedAction } from './terraform';

export type Outcome =
  | 'nothing'
  | 'in place'
  | 'added'
  | 'removed'
  | 'released'
  | 'replaced'
  | 'refused at synth'
  | 'refused at plan';

/** What Terraform plans, by action. */
export interface Resources {
  readonly created?: readonly string[];
  readonly updated?: readonly string[];
  readonly replaced?: readonly string[];
  readonly destroyed?: readonly string[];
  /** Dropped from the state; what it stands for stays. */
  readonly released?: readonly string[];
}

/** One row of docs/changes/<layer>.json. */
export interface Row {
  readonly option: string;
  readonly base: string;
  readonly from?: unknown;
  readonly to: unknown;
  /** Other options that changed with it. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  readonly resources?: Resources;
  /** Which of those that are replaced or destroyed refuse it while deletionProtection is on. */
  readonly protected?: readonly string[];
  readonly refusal?: string;
  /** Whether it was applied, planned again without a change, and changed back; else what went wrong. */
  readonly applied?: 'yes' | string;
  /** Why it was not applied. */
  readonly plannedOnly?: string;
  /** Hash of all that decides what happens: provider, values, and what was synthesized. */
  readonly inputs: string;
}

/** What happens, in one word, by the most that happens to a resource. */
export function outcomeOf({
  created = [],
  updated = [],
  replaced = [],
  destroyed = [],
  released = [],
}: Resources): Outcome {
  if (replaced.length > 0) return 'replaced';
  if (destroyed.length > 0) return 'removed';
  if (released.length > 0) return 'released';
  if (created.length > 0) return 'added';
  return updated.length > 0 ? 'in place' : 'nothing';
}

const KEYS = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'destroyed',
  remove: 'released',
} as const;

/** The resources of a plan by action, under names that are the same for all services that are alike. */
export function resourcesOf(actions: readonly PlannedAction[], change: Change): Resources {
  const found: Record<string, string[]> = {};
  for (const { address, action } of actions) {
    const key = KEYS[action as keyof typeof KEYS] ?? action;
    (found[key] ??= []).push(resourceName(address, change));
  }
  return Object.fromEntries(
    Object.entries(found)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, names]) => [key, [...new Set(names)].sort()]),
  );
}

/** `aws_lb.*_load-balancer_resource` for `aws_lb.alpha_load-balancer_resource_F765536C`, where alpha was changed. */
export function resourceName(address: string, { option, place }: Change): string {
  const plain = address.replace(/_[0-9A-F]{8}(?=$|\[)/, '');
  const index = option.split('.').indexOf('*');
  const name = index < 0 ? undefined : place[index];
  return typeof name === 'string' ? plain.replace(new RegExp(`(?<=[._-])${name}(?=$|[._-])`), '*') : plain;
}

const TOUCHY_ATTRIBUTE = /(^|_)(name|port|subnets?|listener|role|key)(_|s?$)/;
const TOUCHY_TYPE = /listener|_role|subnet|_kms_|security_group/;

/**
 * Whether planning is not enough to know that a change can be made and taken back: something is replaced or destroyed,
 * or a name, a port, a subnet, a listener, a role or a key changes.
 */
export function isToBeApplied({ outcome }: Pick<Row, 'outcome'>, difference: Difference): boolean {
  if (outcome === 'replaced' || outcome === 'removed' || outcome === 'released') return true;
  if (outcome !== 'in place' && outcome !== 'added') return false;
  return (
    attributesOf(difference).some((attribute) => TOUCHY_ATTRIBUTE.test(attribute)) ||
    Object.keys(difference.touched).some((address) => TOUCHY_TYPE.test(address.split('.')[0]!))
  );
}
