import { didYouMean } from '../config';
import { logRetentionProblem } from './log-retention-days';
import { isResolved, type Problems } from './validation-error';

/** A naming rule of AWS. */
export interface NameRule {
  /** What is named, as the error message calls it: `load balancer name`. */
  readonly what: string;
  /** Longest name allowed, in characters. */
  readonly maxLength: number;
  /** What the whole name must match. */
  readonly pattern: RegExp;
  /** The rule in words: `letters, digits and hyphens, not starting or ending with a hyphen`. */
  readonly allowed: string;
  /** Prefixes that AWS reserves. */
  readonly reservedPrefixes?: readonly string[];
}

/** Checks a physical name against AWS's rule; tokens are skipped, as their values are not known yet. */
export function checkName(problems: Problems, key: string, name: string | undefined, rule: NameRule): void {
  if (!isResolved(name)) return;
  const reserved = rule.reservedPrefixes?.find((prefix) => name.startsWith(prefix));
  if (name.length === 0)
    problems.add(`${key}: "" is not a ${rule.what}; use 1 to ${rule.maxLength} characters: ${rule.allowed}`);
  else if (name.length > rule.maxLength) {
    problems.add(
      `${key}: "${name}" has ${name.length} characters, a ${rule.what} at most ${rule.maxLength}; shorten it ` +
        `by ${name.length - rule.maxLength}`,
    );
  } else if (!rule.pattern.test(name))
    problems.add(`${key}: "${name}" is not a ${rule.what}; allowed are ${rule.allowed}`);
  else if (reserved)
    problems.add(`${key}: "${name}" starts with "${reserved}", which AWS reserves; choose another ${rule.what}`);
}

/** Checks that a value is one of a fixed set; tokens are skipped. */
export function checkOneOf<T extends string | number>(
  problems: Problems,
  key: string,
  value: T | undefined,
  allowed: readonly T[],
): void {
  if (!isResolved(value) || allowed.includes(value)) return;
  const shown = typeof value === 'string' ? `"${value}"` : value;
  problems.add(
    `${key}: ${shown} is not allowed; use one of ` +
      `${allowed.join(', ')}${didYouMean(String(value), allowed.map(String))}`,
  );
}

/**
 * Checks that a number is whole and within bounds (both inclusive); tokens are skipped. `unit` is shown after the
 * bounds.
 */
export function checkInteger(
  problems: Problems,
  key: string,
  value: number | undefined,
  bounds: { readonly min: number; readonly max: number; readonly unit?: string },
): void {
  if (!isResolved(value)) return;
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return;
  problems.add(
    `${key}: ${value} is out of range; use a whole number from ${bounds.min} to ` +
      `${bounds.max}${bounds.unit ? ` ${bounds.unit}` : ''}`,
  );
}

/** Checks a retention period against the list of CloudWatch Logs; tokens are skipped. */
export function checkLogRetentionDays(problems: Problems, key: string, days: number | undefined): void {
  const problem = isResolved(days) ? logRetentionProblem(days) : undefined;
  if (problem !== undefined) problems.add(`${key}: ${days} is ${problem}`);
}
