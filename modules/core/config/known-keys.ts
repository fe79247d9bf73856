import type * as z from 'zod';

type Definition = {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly catchall?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
};

/** The keys that a schema allows in the object at `path`, given the object found there; empty if they are not fixed. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], found: unknown): string[] {
  const names = at(schema, path)
    .flatMap(unwrap)
    .filter((option) => accepts(option, found))
    .flatMap(namedKeys);
  return [...new Set(names)];
}

/** The keys of an object, or those of a record whose keys are an enum. */
function namedKeys(schema: z.ZodType): string[] {
  const { shape, keyType } = definition(schema);
  if (keyType !== undefined) return Object.values(definition(keyType).entries ?? {}).map(String);
  return Object.keys(shape ?? {});
}

function definition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** The schemas at a path: several if a union allows more than one. */
function at(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  return unwrap(schema).flatMap((inner) => {
    const { shape, catchall, element, valueType } = definition(inner);
    const next = shape?.[String(key)] ?? catchall ?? element ?? valueType;
    return next === undefined ? [] : at(next, rest);
  });
}

/** A schema without its wrappers (optional, default, pipe); a union as its options. */
function unwrap(schema: z.ZodType): z.ZodType[] {
  const { innerType, options, in: input } = definition(schema);
  if (innerType !== undefined) return unwrap(innerType);
  if (options !== undefined) return options.flatMap(unwrap);
  if (input !== undefined) return unwrap(input);
  return [schema];
}

/** Whether every literal of the schema (a union's discriminator) matches the value. */
function accepts(schema: z.ZodType, found: unknown): boolean {
  return Object.entries(definition(schema).shape ?? {}).every(([key, field]) => {
    const { type, values } = definition(field);
    const value = (found as Record<string, unknown> | undefined)?.[key];
    return type !== 'literal' || value === undefined || values?.includes(value) === true;
  });
}
