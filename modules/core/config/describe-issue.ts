import type * as z from 'zod';
import { didYouMean } from './did-you-mean';
import { knownKeys } from './known-keys';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One line for each problem in a schema's issue: the key, the value, what is allowed. */
export function describeIssue(issue: Issue, prefix: string, schema: z.ZodType): string[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(
        (key) =>
          `${join(prefix, [...issue.path, key])}: unknown ` +
          `key${allowedKeys(knownKeys(schema, issue.path, issue.input), key)}`,
      );
    case 'invalid_union':
      if (issue.errors.length === 0) return [describeDiscriminator(issue, prefix)];
      return issue.errors.every(isOfAnotherType)
        ? [
            `${join(prefix, issue.path)}: ` +
              `${found(issue)}${issue.errors.map(([first]) => allowed(first!)).join(', or ')}`,
          ]
        : closestBranch(issue.errors).flatMap((inner) =>
            describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, prefix, schema),
          );
    case 'invalid_key':
      return [`${join(prefix, issue.path)}: ${issue.issues.map(allowed).join('; ')}`];
    default:
      return [`${join(prefix, issue.path)}: ${found(issue)}${allowed(issue)}`];
  }
}

function found(issue: Issue): string {
  // A rule over several keys is reported at one of them, and its message says what is wrong. The value is shown only if
  // it is plain or a list of plain values.
  if (issue.code === 'custom')
    return isPlain(issue.input) || (Array.isArray(issue.input) && issue.input.every(isPlain))
      ? `${show(issue.input)} is not allowed; `
      : '';
  if (issue.input === undefined) return 'is missing; ';
  if (issue.code === 'too_big' && (issue.origin === 'array' || issue.origin === 'set')) return 'has too many entries; ';
  if (issue.code === 'too_small' && (issue.origin === 'array' || issue.origin === 'set'))
    return 'has too few entries; ';
  return `${show(issue.input)} is not allowed; `;
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function allowed(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return (
        'use one of ' + `${issue.values.map((value) => show(value)).join(', ')}${suggestion(issue.input, issue.values)}`
      );
    case 'too_small':
      return `use ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `use ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case 'invalid_type':
      return `use ${article(issue.expected)}`;
    case 'not_multiple_of':
      return `use a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

/** A discriminated union: the value of its key is none of the options. */
function describeDiscriminator(issue: Extract<Issue, { code: 'invalid_union' }>, prefix: string): string {
  const { discriminator = '', options = [] } = issue as { discriminator?: string; options?: readonly unknown[] };
  const value = (issue.input as Record<string, unknown> | null | undefined)?.[discriminator];
  const lead = value === undefined ? 'is missing' : `${show(value)} is not allowed`;
  return (
    `${join(prefix, issue.path)}: ${lead}; use one of ` + `${options.map(show).join(', ')}${suggestion(value, options)}`
  );
}

/**
 * The union's branch closest to the value: of those whose type matches, the one with the fewest problems, the deepest
 * on a tie.
 */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  return [...branches].sort(
    (a, b) => Number(isOfAnotherType(a)) - Number(isOfAnotherType(b)) || a.length - b.length || depth(b) - depth(a),
  )[0]!;
}

function isOfAnotherType(issues: readonly Issue[]): boolean {
  return issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function allowedKeys(known: readonly string[], key: string): string {
  return known.length === 0 ? '; remove it' : `; allowed are ${known.join(', ')}${suggestion(key, known)}`;
}

function suggestion(value: unknown, known: readonly unknown[]): string {
  return typeof value === 'string'
    ? didYouMean(
        value,
        known.filter((word): word is string => typeof word === 'string'),
      )
    : '';
}

function unit(origin: string, count: number | bigint): string {
  const one = Number(count) === 1;
  if (origin === 'string') return one ? ' character' : ' characters';
  if (!['array', 'set', 'map', 'record'].includes(origin)) return '';
  return one ? ' entry' : ' entries';
}

function article(type: string): string {
  if (type === 'record') return 'an object';
  return type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function join(prefix: string, path: Path): string {
  return (
    [...(prefix === '' ? [] : [prefix]), ...path].reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
      '',
    ) || 'configuration'
  );
}
