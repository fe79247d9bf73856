// Where an option stands in a configuration.

/** The keys and indexes that lead to a value. */
export type Place = readonly (string | number)[];

/** Every place of an option in a configuration: one for each name that `*` may stand for, the first entry of a list. */
export function placesOf(config: unknown, path: string): Place[] {
  return follow(config, segmentsOf(path));
}

function follow(value: unknown, [segment, ...rest]: readonly string[]): Place[] {
  if (segment === undefined) return [[]];
  if (typeof value !== 'object' || value === null) return [];
  const keys: (string | number)[] =
    segment === '*'
      ? Object.entries(value).flatMap(([key, child]) => (typeof child === 'object' ? [key] : []))
      : segment === '[]'
        ? Array.isArray(value) && value.length > 0
          ? [0]
          : []
        : [segment];
  return keys.flatMap((key) =>
    follow((value as Record<string | number, unknown>)[key], rest).map((place) => [key, ...place]),
  );
}

/** `path` with the names of `place` for its `*`, `new` where it has none, and the first entry for its `[]`. */
export function placeLike(path: string, place: Place, like: string): Place {
  const names = segmentsOf(like).flatMap((segment, index) =>
    segment === '*' && place[index] !== undefined ? [place[index]] : [],
  );
  return segmentsOf(path).map((segment) =>
    segment === '*' ? (names.shift() ?? 'new') : segment === '[]' ? 0 : segment,
  );
}

export function valueAt(config: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    config,
  );
}

/** A copy of `config` with another value at a place; `undefined` removes it. Objects and lists on the way are made. */
export function withValue<T>(config: T, place: Place, value: unknown): T {
  const [key, ...rest] = place;
  if (key === undefined) return value as T;
  if (Array.isArray(config) || (config === undefined && typeof key === 'number')) {
    const copy = [...((config as unknown[] | undefined) ?? [])];
    copy[Number(key)] = withValue(copy[Number(key)], rest, value);
    return copy.filter((entry) => entry !== undefined) as T;
  }
  const copy = { ...(typeof config === 'object' ? (config as Record<string, unknown>) : {}) };
  const changed = withValue(copy[key], rest, value);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy as T;
}

function segmentsOf(path: string): string[] {
  return path.split('.').flatMap((part) => {
    const [key, ...lists] = part.split('[]');
    return [key!, ...lists.map(() => '[]')];
  });
}
