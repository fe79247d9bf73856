// Changes every option of a layer on a deployed one, and records what happens.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Account } from './account';
import { casesOf, changedConfig, type Base, type Change } from './cases';
import { Deployment, type Version } from './deployment';
import { differenceOf, type Difference, type LayerJson } from './difference';
import { halves, ownOf, resourcesIn, toApplyTogether, toldApart, toPlan } from './groups';
import type { Layer } from './layers';
import { isToBeApplied, outcomeOf, resourceName, resourcesOf, type Row } from './outcome';
import { isOf, readResults, writeResults } from './results';
import type { PlannedAction } from './terraform';

/** Stands in a row until the change was applied. */
const PENDING = 'not yet';

/** A change that can be synthesized. */
interface Tried {
  readonly change: Change;
  readonly version: Version;
  readonly difference: Difference;
  readonly inputs: string;
}

export interface RecordOptions {
  readonly account: Account;
  /** Where the layer is synthesized and deployed; emptied. */
  readonly folder: string;
  /** Version of the AWS provider. */
  readonly provider: string;
  readonly say: (text: string) => void;
  /** Options to record; all others stay as they are. @default all */
  readonly options?: readonly string[];
  /** Whether to apply what a plan alone does not show. @default true */
  readonly apply?: boolean;
}

/**
 * Records a layer. What is recorded already, with the same inputs, is left alone; the file is written after each step,
 * so that a run which was ended goes on where it was.
 * @throws Error where a configuration to start from cannot be deployed, or is not what is deployed afterwards
 */
export async function recordLayer(layer: Layer, options: RecordOptions): Promise<void> {
  const { bases, changes } = casesOf(layer);
  const results = readResults(layer);
  const rows = (results?.provider === options.provider ? results.changes : []).map((row) =>
    asPlannedOnly(row, changes),
  );
  const wanted = changes.filter(({ option }) => options.options?.includes(option) ?? true);
  for (const [name, base] of Object.entries(bases)) {
    const own = wanted.filter((change) => change.base === name);
    if (own.length === 0) continue;
    options.say(`${layer}, ${name}: ${own.length} changes`);
    const recorder = new BaseRecorder(layer, base, options, (row, change) => {
      const index = rows.findIndex((one) => isOf(one, change));
      rows.splice(index < 0 ? rows.length : index, index < 0 ? 0 : 1, row);
      writeResults(layer, options.provider, rows, changes);
    });
    await recorder.record(own, rows);
  }
  writeResults(layer, options.provider, rows, changes);
}

/**
 * What some changes of a layer from one configuration do now, by their plans alone.
 * @throws Error where the configuration cannot be deployed
 */
export async function planAgain(
  layer: Layer,
  baseName: string,
  changes: readonly Change[],
  options: Omit<RecordOptions, 'options' | 'apply'>,
): Promise<Row[]> {
  const rows: Row[] = [];
  const base = casesOf(layer).bases[baseName]!;
  await new BaseRecorder(layer, base, { ...options, apply: false }, (row) => void rows.push(row)).record(changes, []);
  return rows;
}

/** A row of a change that is no longer applied. */
function asPlannedOnly(row: Row, changes: readonly Change[]): Row {
  const plannedOnly = changes.find((change) => isOf(row, change))?.plannedOnly;
  if (plannedOnly === undefined || row.applied === undefined || row.applied === 'yes') return row;
  const { applied: _, ...rest } = row;
  return { ...rest, plannedOnly };
}

class BaseRecorder {
  private deployment!: Deployment;
  private start!: Version;
  private round = 0;
  private protected: ReadonlySet<string> = new Set();

  constructor(
    private readonly layer: Layer,
    private readonly base: Base,
    private readonly options: RecordOptions,
    private readonly keep: (row: Row, change: Change) => void,
  ) {}

  async record(changes: readonly Change[], rows: readonly Row[]): Promise<void> {
    this.deployment = await this.prepare();
    const configs = changes.map((change) => changedConfig(this.base, [change]));
    const [start, ...versions] = this.deployment.versions([this.base.config, ...configs]);
    const [guarded] = this.deployment.versions([this.base.config], true);
    this.start = accepted(start);
    this.protected = protectedIn(accepted(guarded).json);

    const tried: Tried[] = [];
    for (const [index, version] of versions.entries()) {
      const change = changes[index]!;
      if ('refusal' in version) this.keepRefusedAtSynth(change, version.refusal);
      else tried.push(this.asTried(change, version));
    }
    const todo = tried.filter(
      ({ change, inputs }) =>
        !rows.some(
          (row) => isOf(row, change) && row.inputs === inputs && (this.options.apply === false || isComplete(row)),
        ),
    );
    this.options.say(`  ${versions.length - tried.length} refused at synth, ${todo.length} to plan`);
    const unchanged = todo.filter(({ difference }) => Object.keys(difference.touched).length === 0);
    for (const one of unchanged) this.keep(this.rowOf(one, { outcome: 'nothing' }), one.change);
    const changed = todo.filter((one) => !unchanged.includes(one));
    if (changed.length === 0) return;

    await this.deployment.deploy(this.start);
    await this.expectUnchanged('after its deployment');
    const toApply = new Map<Tried, Row>();
    for (const group of this.together(toPlan(changed))) {
      for (const [one, row] of await this.planned(group)) {
        if (!isToBeApplied(row, one.difference)) this.keep(row, one.change);
        else if (one.change.plannedOnly !== undefined)
          this.keep({ ...row, plannedOnly: one.change.plannedOnly }, one.change);
        else {
          toApply.set(one, row);
          this.keep({ ...row, applied: PENDING }, one.change);
        }
      }
    }
    this.options.say(`  ${toApply.size} to apply`);
    if (this.options.apply === false) return;
    for (const group of this.together(toApplyTogether(toApply))) await this.apply(group, toApply);
    if (toApply.size > 0) await this.expectUnchanged('after everything was changed back');
  }

  private prepare(): Promise<Deployment> {
    return Deployment.prepare(this.options.account, this.options.folder, this.layer, this.base);
  }

  private asTried(change: Change, version: Version): Tried {
    const difference = differenceOf(this.start.json, version.json);
    const { option, from, to, with: others } = change;
    const inputs = hash([this.options.provider, option, from, to, others, difference.touched]);
    return { change, version, difference, inputs };
  }

  /** Groups with the version that has all their changes; in parts where those cannot be made together. */
  private together(groups: readonly (readonly Tried[])[]): Group[] {
    const several = groups.filter((group) => group.length > 1);
    const configs = several.map((group) =>
      changedConfig(
        this.base,
        group.map(({ change }) => change),
      ),
    );
    const versions = this.deployment.versions(configs, false, `together-${this.round++}`);
    return groups.flatMap((members) => {
      const index = several.indexOf(members);
      const version = index < 0 ? members[0]!.version : versions[index]!;
      if ('refusal' in version) return this.together(halves(members));
      const touched = resourcesIn([differenceOf(this.start.json, version.json)]);
      const apart = resourcesIn(members.map(({ difference }) => difference));
      return isDeepStrictEqual(touched, apart) ? [{ members, version }] : this.together(halves(members));
    });
  }

  /** The rows of a group. Where its plan does not tell its members apart, parts of it are planned. */
  private async planned({ members, version }: Group): Promise<[Tried, Row][]> {
    this.options.say(`  ${time()} plan: ${members.map(({ change }) => change.option).join(', ')}`);
    const { actions, errors } = await this.deployment.plan(version);
    if (members.length === 1) {
      const one = members[0]!;
      return [[one, errors.length > 0 ? this.refusedAtPlan(one, errors) : this.rowWith(one, actions)]];
    }
    const parts = errors.length > 0 ? halves(members) : toldApart(members, actions);
    if (parts === undefined) return members.map((one) => [one, this.rowWith(one, ownOf(one, members, actions))]);
    const rows: [Tried, Row][] = [];
    for (const group of this.together(parts)) rows.push(...(await this.planned(group)));
    return rows;
  }

  private refusedAtPlan(one: Tried, errors: readonly string[]): Row {
    return this.rowOf(one, { outcome: 'refused at plan', refusal: this.deployment.withoutIds(errors.join('\n')) });
  }

  private rowWith(one: Tried, actions: readonly PlannedAction[]): Row {
    const resources = resourcesOf(actions, one.change);
    const lost = actions.filter(
      ({ address, action }) =>
        ['replace', 'delete'].includes(action) && this.protected.has(address.replace(/\[.*\]$/, '')),
    );
    const guarded = [...new Set(lost.map(({ address }) => resourceName(address, one.change)))].sort();
    return this.rowOf(one, {
      outcome: outcomeOf(resources),
      ...(actions.length > 0 && { resources }),
      ...(guarded.length > 0 && { protected: guarded }),
    });
  }

  /** Applies, plans again, changes back. Where something goes wrong in a group, each of it is tried alone. */
  private async apply({ members, version }: Group, rows: ReadonlyMap<Tried, Row>): Promise<void> {
    this.options.say(`  ${time()} apply: ${members.map(({ change }) => change.option).join(', ')}`);
    const wrong = await this.applyAndReturn(version);
    if (wrong !== undefined && members.length > 1) {
      this.options.say(`    ${wrong}`);
      for (const member of members) await this.apply(alone(member), rows);
      return;
    }
    if (wrong !== undefined) this.options.say(`    ${wrong}`);
    for (const member of members) this.keep({ ...rows.get(member)!, applied: wrong ?? 'yes' }, member.change);
  }

  private async applyAndReturn(version: Version): Promise<string | undefined> {
    const there = await this.deployment.apply(version);
    let wrong = there.errors.length > 0 ? `the apply fails: ${there.errors.join('; ')}` : undefined;
    if (wrong === undefined) {
      const { actions, errors } = await this.deployment.plan(version, { refresh: true });
      if (errors.length > 0) wrong = `the second plan fails: ${errors.join('; ')}`;
      else if (actions.length > 0) wrong = `the second plan is not empty: ${listed(actions)}`;
    }
    const back = await this.deployment.apply(this.start);
    if (back.errors.length > 0) {
      wrong ??= `changing back fails: ${back.errors.join('; ')}`;
      await this.deployment.redeploy(this.start);
    } else if (wrong !== undefined) {
      const { actions, errors } = await this.deployment.plan(this.start, { refresh: true });
      if (actions.length > 0 || errors.length > 0) await this.deployment.redeploy(this.start);
    }
    return wrong === undefined ? undefined : this.deployment.withoutIds(wrong);
  }

  private async expectUnchanged(when: string): Promise<void> {
    const { actions, errors } = await this.deployment.plan(this.start, { refresh: true });
    if (actions.length > 0 || errors.length > 0)
      throw new Error(`${this.layer}: a plan ${when} is not empty: ${listed(actions)}${errors.join('\n')}`);
  }

  private keepRefusedAtSynth(change: Change, refusal: string): void {
    const { option, from, to, with: others } = change;
    const inputs = hash([this.options.provider, option, from, to, others, refusal]);
    this.keep({ ...told(change), outcome: 'refused at synth', refusal: refusal.trim(), inputs }, change);
  }

  private rowOf({ change, inputs }: Tried, rest: Omit<Row, 'option' | 'base' | 'to' | 'inputs'>): Row {
    return { ...told(change), ...rest, inputs };
  }
}

interface Group {
  readonly members: readonly Tried[];
  readonly version: Version;
}

function alone(one: Tried): Group {
  return { members: [one], version: one.version };
}

function told({ option, base, from, to, with: others }: Change) {
  return {
    option,
    base,
    ...(from !== undefined && { from }),
    to,
    ...(Object.keys(others).length > 0 && { with: others }),
  };
}

/** A row that was only planned and has to be applied is not complete. */
function isComplete({ applied }: Row): boolean {
  return applied !== PENDING;
}

function accepted(version: Version | { readonly refusal: string } | undefined): Version {
  if (version === undefined || 'refusal' in version)
    throw new Error(`a configuration to start from is refused: ${version?.refusal}`);
  return version;
}

/** Addresses of what may not be destroyed. */
function protectedIn({ resource = {} }: LayerJson): Set<string> {
  return new Set(
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.entries(resources).flatMap(([id, block]) =>
        (block as { lifecycle?: { prevent_destroy?: boolean } }).lifecycle?.prevent_destroy === true
          ? [`${type}.${id}`]
          : [],
      ),
    ),
  );
}

function time(): string {
  return new Date().toISOString().slice(11, 19);
}

function listed(actions: readonly PlannedAction[]): string {
  return actions.map(({ address, action }) => `${action} ${address}`).join(', ');
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
