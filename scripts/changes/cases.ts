// Which changes are tried: for each option of a layer another value on a deployed configuration. The values come from
// the schema where it tells them, else from cases/<layer>.json.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LAYERS, type Layer } from './layers';
import { otherValue } from './other-value';
import { placeLike, placesOf, valueAt, withValue, type Place } from './places';
import { optionsOf, type Option } from './schema-options';

/** A deployed environment, from which options are changed. */
export interface Base {
  /** The layer's configuration; a name such as `a|b` stands for two that are alike. */
  readonly config: object;
  /** The names that stand for things that are alike. */
  readonly alike?: readonly string[];
  /** Other keys of the environment. */
  readonly environment?: object;
  /** Configurations of the layers deployed before, in their order. @default none is deployed */
  readonly before?: Readonly<Partial<Record<Layer, object>>>;
}

/** One change as cases/<layer>.json gives it. */
interface GivenChange {
  /** @default the first that has the option, else the first that may have it */
  readonly base?: string;
  /** The new value; null removes it. @default another that the schema allows */
  readonly to?: unknown;
  /** Where a name is added or removed, such as services.api. @default the option's own places */
  readonly at?: string;
  /** Other options that have to change with it; "<from>" is the value that was there. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** Why it is not applied, where the emulator lacks what it needs. @default it is, where that is needed */
  readonly plannedOnly?: string;
}

interface CasesFile {
  readonly bases: Readonly<Record<string, Base>>;
  readonly changes: Readonly<Record<string, readonly GivenChange[]>>;
}

/** One option, changed. */
export interface Change {
  readonly option: string;
  readonly base: string;
  readonly place: Place;
  readonly from: unknown;
  readonly to: unknown;
  readonly with: Readonly<Record<string, unknown>>;
  readonly plannedOnly?: string;
  /** Everything that is set: a place and its value, `undefined` to remove it. */
  readonly sets: readonly { readonly place: Place; readonly value: unknown }[];
}

export interface Cases {
  readonly bases: Readonly<Record<string, Base>>;
  readonly changes: readonly Change[];
}

/**
 * The changes of a layer, in the order of its options.
 * @throws Error that names the options without a value, and keys of the file that are no options
 */
export function casesOf(layer: Layer): Cases {
  const file = path.join(__dirname, 'cases', `${layer}.json`);
  const { bases: given, changes } = JSON.parse(readFileSync(file, 'utf8')) as CasesFile;
  const bases = Object.fromEntries(
    Object.entries(given).map(([name, base]) => {
      const alike = [...JSON.stringify(base.config).matchAll(/"([\w|-]+\|[\w|-]+)":/g)].flatMap(([, key]) =>
        key!.split('|'),
      );
      return [name, { ...base, alike, config: spread(base.config) as object }];
    }),
  );
  const options = optionsOf(LAYERS[layer]);
  const unknown = Object.keys(changes).filter((key) => !options.some((option) => option.path === key));
  const turn = { count: 0 };
  const missing: string[] = [];
  const all = options.flatMap((option) =>
    (changes[option.path] ?? [{}]).flatMap((one) => {
      const found = changeOf(option, one, bases, turn);
      if (found === undefined) missing.push(option.path);
      return found ?? [];
    }),
  );
  if (unknown.length > 0 || missing.length > 0)
    throw new Error(
      [
        ...unknown.map((key) => `${file}: "${key}" is not an option of the layer; leave it out, or correct its name`),
        ...missing.map(
          (key) => `${file}: "${key}" has no other value that follows from its schema; add one to changes`,
        ),
      ].join('\n'),
    );
  return { bases, changes: all };
}

function changeOf(
  option: Option,
  given: GivenChange,
  bases: CasesFile['bases'],
  turn: { count: number },
): Change | undefined {
  const names = given.base === undefined ? Object.keys(bases) : [given.base];
  const candidates = names.flatMap((base) =>
    placesIn(bases[base]!.config, option, given).map((place) => ({ base, place })),
  );
  const isSet = ({ base, place }: (typeof candidates)[number]) => valueAt(bases[base]!.config, place) !== undefined;
  const [first] = candidates.some(isSet) ? candidates.filter(isSet) : candidates;
  if (first === undefined) return undefined;
  // Options of alike services are changed on one after the other, so that several go into one plan.
  const same = candidates.filter((one) => one.base === first.base && isSet(one) === isSet(first));
  const preferred = same.filter(({ place }) => place.some((key) => bases[first.base]!.alike?.includes(String(key))));
  const alike = preferred.length > 0 ? preferred : same;
  const { base, place } = alike[turn.count++ % alike.length]!;
  const from = valueAt(bases[base]!.config, place);
  const to = given.to === undefined ? otherValue(option.schema, from) : given.to;
  if (to === undefined) return undefined;
  const others = given.with ?? {};
  return {
    option: option.path,
    base,
    place,
    from,
    to,
    with: others,
    ...(given.plannedOnly !== undefined && { plannedOnly: given.plannedOnly }),
    sets: [
      { place, value: to ?? undefined },
      ...Object.entries(others).map(([key, value]) => ({
        place: placeLike(key, place, option.path),
        value: value === '<from>' ? from : (value ?? undefined),
      })),
    ],
  };
}

function placesIn(config: object, { path: option }: Option, { at, to }: GivenChange): Place[] {
  if (at !== undefined) return [placeLike(at, [], at)];
  return to === undefined ? placesOf(config, option) : placesToMake(config, option);
}

/** Also where the objects on the way are still to be made. */
function placesToMake(config: object, option: string): Place[] {
  for (let end = option.length; end > 0; end = Math.max(option.lastIndexOf('.', end - 1), 0)) {
    const found = placesOf(config, option.slice(0, end));
    if (found.length > 0) return found.map((place) => placeLike(option, place, option));
  }
  return [placeLike(option, [], option)];
}

/** The configuration after some changes. */
export function changedConfig(base: Base, changes: readonly Change[]): object {
  return changes
    .flatMap(({ sets }) => sets)
    .reduce((config, { place, value }) => withValue(config, place, value), base.config);
}

/** `a|b` in a key stands for two keys. */
function spread(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spread);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => key.split('|').map((name) => [name, spread(child)])),
  );
}
