import { propertyAccess, Token, type IResolvable } from 'cdktf';
import { snakeCase, type OutputType } from './output-type';

/** What a reader gets for an output: tokens that Terraform resolves from the state. */
export type Reading<T> = T extends { kind: 'string' }
  ? string
  : T extends { kind: 'number' }
    ? number
    : T extends { kind: 'bool' }
      ? boolean | IResolvable
      : T extends { kind: 'list'; element: infer E }
        ? E extends { kind: 'string' }
          ? string[]
          : E extends { kind: 'number' }
            ? number[]
            : IResolvable
        : T extends { kind: 'map'; element: infer E }
          ? ReadingMap<E>
          : T extends { kind: 'object'; attributes: infer A }
            ? { readonly [K in keyof A]: Reading<A[K]> }
            : never;

/** A map read from a contract, whose keys only Terraform knows. */
export interface ReadingMap<E> {
  /** The element under a key. A missing key fails at plan. */
  get(key: string): Reading<E>;
  /** The whole map, for Terraform's own functions. */
  readonly all: IResolvable;
}

/** A reading of `type` that resolves to the Terraform expression `target`. */
export function tokenFor(type: OutputType, target: IResolvable): unknown {
  switch (type.kind) {
    case 'string':
      return Token.asString(target);
    case 'number':
      return Token.asNumber(target);
    case 'list':
      if (type.element.kind === 'string') return Token.asList(target);
      return type.element.kind === 'number' ? Token.asNumberList(target) : target;
    case 'map':
      return { get: (key: string) => tokenFor(type.element, propertyAccess(target, [escaped(key)])), all: target };
    case 'object':
      return lazyRecord(Object.entries(type.attributes), (name, attribute) =>
        tokenFor(attribute, propertyAccess(target, [snakeCase(name)])),
      );
    default:
      return target;
  }
}

/** A key escaped for a quoted Terraform string, which cdktf does not do. */
function escaped(key: string): string {
  return key.replace(/["\\]/g, '\\$&').replace(/[$%](?=\{)/g, '$&$&');
}

/** A reading of a fixture's plain value: the same shape, without Terraform. */
export function tokenForExample(type: OutputType, value: unknown): unknown {
  if (type.kind === 'map') {
    const elements = value as Readonly<Record<string, unknown>>;
    const [first] = Object.values(elements);
    // A consumer asks for the keys it needs, and an example cannot know them all, so any key gets the shape of an
    // existing one.
    return { get: (key: string) => tokenForExample(type.element, elements[key] ?? first), all: Token.asAny(elements) };
  }
  if (type.kind === 'object') {
    return lazyRecord(Object.entries(type.attributes), (name, attribute) =>
      tokenForExample(attribute, (value as Record<string, unknown>)[name]),
    );
  }
  return Array.isArray(value) ? [...value] : value;
}

/** A record whose values are created on access. */
export function lazyRecord<V>(
  entries: readonly (readonly [string, V])[],
  make: (name: string, value: V) => unknown,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of entries)
    Object.defineProperty(record, name, { enumerable: true, get: () => make(name, value) });
  return record;
}
