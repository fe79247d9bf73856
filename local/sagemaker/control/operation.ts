import * as z from 'zod';
import { validationException } from '../aws-error';

/** An operation of the control API, by the JSON that it gets and answers. */
export type Operation = (input: Record<string, unknown>) => object | Promise<object>;
export type Operations = Readonly<Record<string, Operation>>;

/** Names of models, endpoints and their configurations. */
export const resourceName = z
  .string()
  .max(63)
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);

/**
 * Makes an operation that checks its input as far as a shape says; members that the shape does not name pass as they
 * are.
 * @throws AwsError ValidationException in SageMaker's words, with every member that is wrong
 */
export function operation<Input extends object>(
  shape: Readonly<Record<string, z.ZodType>>,
  run: (input: Input) => object | Promise<object>,
): Operation {
  const schema = z.looseObject(shape);
  return (input) => {
    const result = schema.safeParse(input);
    if (!result.success) throw validationException(describe(result.error.issues, input));
    return run(result.data as unknown as Input);
  };
}

function describe(issues: readonly z.core.$ZodIssue[], input: unknown): string {
  const texts = issues.map((issue) => {
    const value = issue.path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
      input,
    );
    const where = issue.path.map((key, index) => (index === 0 ? lowerFirst(String(key)) : String(key))).join('.');
    const rule = value === undefined || value === null ? 'Member must not be null' : constraint(issue);
    return (
      'Value ' +
      `${value === undefined ? 'null' : `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`} ` +
      `at '${where}' failed to satisfy constraint: ${rule}`
    );
  });
  return `${texts.length} validation error${texts.length === 1 ? '' : 's'} detected: ${texts.join('; ')}`;
}

function constraint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_format' && 'pattern' in issue)
    return `Member must satisfy regular expression pattern: ${String(issue.pattern).replace(/^\/|\/$/g, '')}`;
  if (issue.code === 'invalid_value') return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
  if (issue.code === 'too_big') return `Member must have length less than or equal to ${String(issue.maximum)}`;
  return `Member ${issue.message}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What List operations have in common. */
interface ListInput {
  readonly NameContains?: string;
  readonly SortBy?: string;
  readonly SortOrder?: 'Ascending' | 'Descending';
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface Listed {
  readonly CreationTime: number;
}

/**
 * Part of a list as the List operations answer it: filtered by name, sorted by creation time or name (newest first), in
 * pages.
 */
export function listPage<Item extends Listed>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  input: ListInput,
): { readonly page: Item[]; readonly NextToken?: string } {
  const start = Number(input.NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw validationException(`NextToken '${input.NextToken}' is none that was given out`);
  const size = input.MaxResults ?? 10;
  const direction = input.SortOrder === 'Ascending' ? 1 : -1;
  const matching = items
    .filter((item) =>
      nameOf(item)
        .toLowerCase()
        .includes((input.NameContains ?? '').toLowerCase()),
    )
    .map((item, index) => ({ item, index }))
    .sort((a, b) => {
      const byTime = a.item.CreationTime - b.item.CreationTime || a.index - b.index;
      return direction * (input.SortBy === 'Name' ? nameOf(a.item).localeCompare(nameOf(b.item)) : byTime);
    })
    .map(({ item }) => item);
  const end = start + size;
  return { page: matching.slice(start, end), ...(end < matching.length ? { NextToken: String(end) } : {}) };
}
