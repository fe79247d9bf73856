import * as z from 'zod';
import { describeIssue } from '../config/describe-issue';
import type { OptionProblem } from './options';
import { isResolved, type Problems } from './validation-error';

/**
 * Checks a construct's options against their schema, key by key; tokens are skipped, as their values are not known yet.
 */
export function checkOptions(problems: Problems, schema: z.ZodObject, options: object, prefix = ''): void {
  const known = Object.fromEntries(
    // A token list looks like a list with one odd string.
    Object.entries(options).filter(
      ([key, value]) => key in schema.shape && (!Array.isArray(value) || isResolved(value)),
    ),
  );
  const { error } = schema.safeParse(known, { reportInput: true });
  for (const issue of error?.issues ?? []) {
    if (issue.input !== undefined && !isResolved(issue.input)) continue;
    // No option of a union matches an object with a token in it, though one may once the token is resolved.
    if (issue.code === 'invalid_union' && holdsToken(issue.input)) continue;
    for (const message of describeIssue(issue, prefix, schema)) problems.add(message);
  }
}

/** Adds the problems that a rule over several options found, in the format of configuration errors. */
export function addProblems(problems: Problems, found: readonly OptionProblem[], prefix = ''): void {
  for (const problem of found) {
    const issue = { code: 'custom' as const, ...problem };
    for (const message of describeIssue(issue, prefix, z.unknown())) problems.add(message);
  }
}

function holdsToken(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => !isResolved(inner));
}
