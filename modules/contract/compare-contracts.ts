import { diff, gt, inc, lt } from 'semver';
import type { ContractDescription } from './describe-contract';

/** Impact of a change: `major` breaks readers, `minor` adds outputs, `patch` changes texts only. */
export type Impact = 'major' | 'minor' | 'patch';

export interface ContractChange {
  readonly impact: Impact;
  /** What changed, such as `output "vpc_id" was removed`. */
  readonly text: string;
}

export interface ContractComparison {
  readonly changes: readonly ContractChange[];
  /** The largest impact; `undefined` if nothing changed. */
  readonly required: Impact | undefined;
  /** The lowest version that the change allows. */
  readonly lowestVersion: string;
  /** Why the change must not be published; empty if it may be. */
  readonly problems: readonly string[];
}

const ORDER: readonly Impact[] = ['patch', 'minor', 'major'];

/** Compares a contract with its previous state and says whether its version was raised far enough. */
export function compareContracts(before: ContractDescription, after: ContractDescription): ContractComparison {
  const changes = [...identityChanges(before, after), ...outputChanges(before, after)];
  const required = changes.map((change) => change.impact).sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0];
  const lowestVersion = required === undefined ? before.version : inc(before.version, required)!;
  return {
    changes,
    required,
    lowestVersion,
    problems: versionProblems(before, after, changes, required, lowestVersion),
  };
}

function identityChanges(before: ContractDescription, after: ContractDescription): ContractChange[] {
  return [
    ...(before.layer === after.layer
      ? []
      : [{ impact: 'major' as const, text: `layer "${before.layer}" was renamed to "${after.layer}"` }]),
    ...(before.owner === after.owner
      ? []
      : [{ impact: 'patch' as const, text: `owner "${before.owner}" became "${after.owner}"` }]),
  ];
}

function outputChanges(before: ContractDescription, after: ContractDescription): ContractChange[] {
  const removedOrChanged = Object.entries(before.outputs).flatMap(([name, old]): ContractChange[] => {
    const now = after.outputs[name];
    if (now === undefined) return [{ impact: 'major', text: `output "${name}" was removed` }];
    if (now.type !== old.type)
      return [{ impact: 'major', text: `output "${name}" changed its type from ${old.type} to ${now.type}` }];
    return now.description === old.description
      ? []
      : [{ impact: 'patch', text: `output "${name}" has a new description` }];
  });
  const added = Object.keys(after.outputs)
    .filter((name) => before.outputs[name] === undefined)
    .map((name): ContractChange => ({ impact: 'minor', text: `output "${name}" was added` }));
  return [...removedOrChanged, ...added];
}

function versionProblems(
  before: ContractDescription,
  after: ContractDescription,
  changes: readonly ContractChange[],
  required: Impact | undefined,
  lowest: string,
): string[] {
  const what = `contract "${after.layer}" (owner ${after.owner})`;
  if (lt(after.version, before.version))
    return [
      `${what}: version ${after.version} is lower than the ${before.version} before it; raise it to ` +
        `${lowest} or higher`,
    ];
  if (required === undefined || !lt(after.version, lowest)) return [];
  const raised = gt(after.version, before.version)
    ? `raised only by ${diff(before.version, after.version)}, from ${before.version} to ${after.version}`
    : `still ${before.version}`;
  return changes
    .filter((change) => change.impact === required)
    .map(
      (change) =>
        `${what}: ${change.text}, which is a ${required} change, but the version is ${raised}; raise it to ` +
        `${lowest} or higher`,
    );
}
