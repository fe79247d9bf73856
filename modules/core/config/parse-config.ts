import type * as z from 'zod';
import { ConfigError } from './config-error';
import { describeIssue } from './describe-issue';

/** What a check found: the parsed value, or one line for each problem. */
export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly string[] };

/**
 * Checks a value against a schema without throwing.
 * @param path where the value stands, as its owner would write it: `environments.dev.layers.network`. Every problem's
 *   key starts with it.
 */
export function checkConfig<S extends z.ZodType>(schema: S, value: unknown, path = ''): Checked<z.output<S>> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  return { value: undefined, problems: result.error.issues.flatMap((issue) => describeIssue(issue, path, schema)) };
}

/**
 * Validates a value against a schema and fills in the schema's defaults.
 * @throws ConfigError with every problem found.
 */
export function parseConfig<S extends z.ZodType>(
  schema: S,
  value: unknown,
  options: { readonly path?: string; readonly source?: string } = {},
): z.output<S> {
  const checked = checkConfig(schema, value, options.path);
  if (checked.problems.length > 0) throw new ConfigError(checked.problems, options.source);
  return checked.value as z.output<S>;
}
