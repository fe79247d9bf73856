import { get, type Primitive, type Reference } from './expressions';

/** A step's properties: each simple value of the job's description, as a reference to what it will be. */
export type Properties<T> = T extends Primitive
  ? Reference<T>
  : T extends readonly (infer Item)[]
    ? PropertyItems<Item, number | string>
    : T extends Readonly<Record<string, infer Item>>
      ? string extends keyof T
        ? PropertyItems<Item, string>
        : { readonly [Member in keyof T]: Properties<T[Member]> }
      : T extends object
        ? { readonly [Member in keyof T]: Properties<T[Member]> }
        : Reference;

/** A list or a map among a step's properties. */
export interface PropertyItems<T, Key extends number | string> {
  /** The entry at an index, or of a name where entries have one, such as a processing output. */
  at(key: Key): Properties<T>;
}

/**
 * References below `path`. What is read is the next part of the path; nothing is looked up here, as the paths of all
 * references are checked against the API when the pipeline is built.
 */
export function properties<T>(path: string): Properties<T> {
  const own = get(path);
  return new Proxy(own as object, {
    get(_target, member) {
      if (member === 'toJSON') return own.toJSON;
      if (member === 'asText') return own.asText;
      // Checks for a promise or an iterable must find neither.
      if (typeof member === 'symbol' || member === 'then') return undefined;
      if (member === 'at')
        return (key: number | string) => properties(`${path}[${typeof key === 'number' ? key : `'${key}'`}]`);
      return properties(`${path}.${member}`);
    },
  }) as Properties<T>;
}
