import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';

type Schema = z.core.$ZodType;

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly innerType?: Schema;
  readonly defaultValue?: unknown;
  readonly element?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly options?: readonly Schema[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

/**
 * The paths of a schema that none of `values`, each valid under it, sets: keys, values of an enum, alternatives of a union,
 * entries of lists and records. A default that is left alone somewhere counts as set; text and numbers have to be set to something else. Where an object has named keys and a schema for others, such as
 * services, the values of all of them count together for the options of one; each named key has to be set besides, in each form that it has.
 */
export function missingOptions(schema: Schema, values: readonly unknown[], path: string): string[] {
  return walk(schema, values, path, undefined);
}

function walk(schema: Schema, all: readonly unknown[], path: string, byDefault: unknown): string[] {
  const definition = definitionOf(schema);
  const values: unknown[] = all.filter((value) => value !== undefined);
  const { type } = definition;
  if (values.length === 0) return [path];
  switch (type) {
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return walk(definition.innerType!, values, path, byDefault);
    case 'default':
    case 'prefault':
      return walk(definition.innerType!, [...values, definition.defaultValue], path, definition.defaultValue);
    case 'pipe':
      return definitionOf(definition.in!).type === 'transform'
        ? walk(
            definition.out!,
            values.map((value) => parsed(definition.in!, value)),
            path,
            byDefault,
          )
        : walk(definition.in!, values, path, byDefault);
    case 'object':
      return walkObject(definition, values as Readonly<Record<string, unknown>>[], path);
    case 'record':
      return walkRecord(definition, values as Readonly<Record<string, unknown>>[], path);
    case 'array':
      return walk(definition.element!, (values as unknown[][]).flat(), `${path}[]`, undefined);
    case 'union':
      return definition.options!.flatMap((option) =>
        walk(
          option,
          values.filter((value) => accepts(option, value)),
          `${path}${labelOf(option)}`,
          byDefault,
        ),
      );
    case 'enum':
      return Object.values(definition.entries!)
        .filter((value) => !values.includes(value))
        .map((value) => `${path} ${JSON.stringify(value)}`);
    case 'boolean':
      return [true, false].filter((value) => !values.includes(value)).map((value) => `${path} ${value}`);
    case 'literal':
      return [];
    case 'string':
    case 'number':
      return values.every((value) => isDeepStrictEqual(value, byDefault))
        ? [`${path} other than ${JSON.stringify(byDefault)}`]
        : [];
    default:
      throw new Error(`${path}: "${type}" is a kind of schema that is not known here; add it to ${__filename}`);
  }
}

function walkObject(
  { shape = {}, catchall }: Definition,
  values: readonly Readonly<Record<string, unknown>>[],
  path: string,
): string[] {
  const at = (key: string) => values.map((value) => value[key]);
  if (catchall === undefined || definitionOf(catchall).type === 'never')
    return Object.entries(shape).flatMap(([key, field]) => walk(field, at(key), `${path}.${key}`, undefined));
  const named = Object.entries(shape).flatMap(([key, field]) =>
    formsOf(field)
      .filter(({ schema }) => !at(key).some((value) => value !== undefined && accepts(schema, value)))
      .map(({ label }) => `${path}.${key}${label}`),
  );
  return [
    ...named,
    ...walk(
      catchall,
      values.flatMap((value) => Object.values(value)),
      `${path}.*`,
      undefined,
    ),
  ];
}

function walkRecord(
  { keyType, valueType }: Definition,
  values: readonly Readonly<Record<string, unknown>>[],
  path: string,
): string[] {
  const keys = Object.values(definitionOf(keyType!).entries ?? {}).map(String);
  const unset = keys.filter((key) => !values.some((value) => key in value)).map((key) => `${path}.${key}`);
  return [
    ...unset,
    ...walk(
      valueType!,
      values.flatMap((value) => Object.values(value)),
      `${path}.*`,
      undefined,
    ),
  ];
}

/** The alternatives of a schema; itself where it has none. */
function formsOf(schema: Schema): { readonly schema: Schema; readonly label: string }[] {
  const { innerType, options } = definitionOf(schema);
  if (innerType !== undefined) return formsOf(innerType);
  return options === undefined
    ? [{ schema, label: '' }]
    : options.map((option) => ({ schema: option, label: labelOf(option) }));
}

/** How an alternative is told in a path: by its literal, by the literals among its keys, else by its kind. */
function labelOf(schema: Schema): string {
  const { type, values, shape = {}, innerType } = definitionOf(schema);
  if (innerType !== undefined) return labelOf(innerType);
  if (type === 'literal') return `(${String(values)})`;
  const literals = Object.values(shape)
    .map(definitionOf)
    .filter((field) => field.type === 'literal');
  return `(${literals.length === 0 ? type : literals.map((field) => String(field.values)).join()})`;
}

function accepts(schema: Schema, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}

function parsed(schema: Schema, value: unknown): unknown {
  return (schema as z.ZodType).parse(value);
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}
