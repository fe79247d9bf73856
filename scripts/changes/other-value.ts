// Another value for an option, where its schema tells what else is allowed.
import type * as z from 'zod';
import { definitionOf, isWrapper, throughPipe, type Schema } from './schema-options';

/** A valid value other than `current`; `undefined` where the schema alone does not tell one. */
export function otherValue(schema: Schema, current: unknown): unknown {
  const used = current === undefined ? defaultOf(schema) : current;
  const others = candidates(schema, used).filter(
    (value) => JSON.stringify(value) !== JSON.stringify(used) && (schema as z.ZodType).safeParse(value).success,
  );
  return others.find((value) => typeof value === typeof used) ?? others[0];
}

function candidates(schema: Schema, current: unknown): unknown[] {
  const definition = definitionOf(schema);
  if (isWrapper(definition)) return candidates(definition.innerType!, current);
  switch (definition.type) {
    case 'pipe':
      return candidates(throughPipe(definition), current);
    case 'union':
      return definition.options!.flatMap((option) => candidates(option, current));
    case 'boolean':
      return [current !== true];
    case 'enum':
      return Object.values(definition.entries!);
    case 'literal':
      return [...definition.values!];
    case 'number':
      return typeof current === 'number' ? [current + 1, current - 1, current * 2, current / 2] : [];
    case 'string':
      return typeof current === 'string' ? otherTexts(current) : [];
    case 'array': {
      if (!Array.isArray(current) || current.length === 0) return [];
      const [first, ...rest] = current as unknown[];
      return candidates(definition.element!, first).map((value) => [value, ...rest]);
    }
    case 'record': {
      const [first] = Object.entries((current ?? {}) as Record<string, unknown>);
      if (first === undefined) return [];
      const [key, value] = first;
      return candidates(definition.valueType!, value).map((other) => ({ ...(current as object), [key]: other }));
    }
    default:
      return [];
  }
}

/** A text with another last letter or digit, or one more. */
function otherTexts(text: string): string[] {
  const changed = text.replace(/[a-zA-Z0-9](?=[^a-zA-Z0-9]*$)/, (last) =>
    /[zZ9]/.test(last) ? String.fromCharCode(last.charCodeAt(0) - 1) : String.fromCharCode(last.charCodeAt(0) + 1),
  );
  return [changed, `${text}-2`, `${text}2`];
}

function defaultOf(schema: Schema): unknown {
  const definition = definitionOf(schema);
  if (definition.type === 'default' || definition.type === 'prefault') return definition.defaultValue;
  return isWrapper(definition) ? defaultOf(definition.innerType!) : undefined;
}
