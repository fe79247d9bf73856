// Every option of a layer, from its schema.
import type * as z from 'zod';

export type Schema = z.core.$ZodType;

/** One key that a layer's owner may set. */
export interface Option {
  /** Such as `services.*.ports[].containerPort`: `*` is any name, `[]` any entry. */
  readonly path: string;
  /** The schema of the key, with its default and its rules. */
  readonly schema: Schema;
}

export interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly innerType?: Schema;
  readonly defaultValue?: unknown;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly options?: readonly Schema[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

const WRAPPERS = new Set(['optional', 'nullable', 'nonoptional', 'readonly', 'catch', 'default', 'prefault']);

/** The options of a schema in its order; a list or a map of plain values is one option, one of objects is its keys. */
export function optionsOf(schema: Schema): Option[] {
  const found = new Map<string, Schema>();
  collect(schema, '', schema, found);
  return [...found].map(([path, own]) => ({ path, schema: own }));
}

/** @param own the schema of the key, to which plain values below it belong */
function collect(schema: Schema, path: string, own: Schema, found: Map<string, Schema>): void {
  const definition = definitionOf(schema);
  const { type, shape = {}, catchall } = definition;
  if (WRAPPERS.has(type)) return collect(definition.innerType!, path, own, found);
  switch (type) {
    case 'pipe':
      return collect(throughPipe(definition), path, own, found);
    case 'object':
      if (catchall !== undefined && definitionOf(catchall).type !== 'never')
        return collect(catchall, `${path}.*`, own, found);
      for (const [key, field] of Object.entries(shape))
        collect(field, path === '' ? key : `${path}.${key}`, field, found);
      return;
    case 'record':
      return collect(definition.valueType!, `${path}.*`, own, found);
    case 'array':
      return collect(definition.element!, `${path}[]`, own, found);
    case 'union':
      for (const option of definition.options!) collect(option, path, own, found);
      return;
    default: {
      const key = path.replace(/(\.\*|\[\])+$/, '');
      if (!found.has(key)) found.set(key, own);
    }
  }
}

export function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

export function isWrapper({ type }: Definition): boolean {
  return WRAPPERS.has(type);
}

/** What a pipe checks: a transformation before it takes other forms of the same value. */
export function throughPipe(definition: Definition): Schema {
  return definitionOf(definition.in!).type === 'transform' ? definition.out! : definition.in!;
}
