import { readFileSync } from 'node:fs';
import type { LocalS3 } from '../local-s3';
import { ExecutionError } from './execution-error';
import type { ParameterValue } from './parameters';

/** A plain JSON value, such as a step's arguments after all references are resolved. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** What references are resolved from. */
export interface Scope {
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Behind `Execution.`. */
  readonly execution: Readonly<Record<string, string>>;
  /** By step, what can be read of it once it has run. */
  readonly steps: ReadonlyMap<string, StepResult>;
  readonly s3: LocalS3;
}

export interface StepResult {
  /** As AWS's Describe call would answer for what the step made. */
  readonly properties: { readonly [key: string]: Plain };
  /** Property files, by name: the S3 URI of each. */
  readonly propertyFiles: ReadonlyMap<string, string>;
}

/** A reference leads to a step that has not run. */
export class NotYetKnown extends ExecutionError {}

/**
 * Resolves all references in a value: `Get`, `Std:Join`, `Std:JsonGet`.
 *
 * @throws NotYetKnown when it needs a step that has not run
 * @throws ExecutionError when a reference leads nowhere
 */
export function resolveValue(value: unknown, scope: Scope): Plain {
  if (Array.isArray(value)) return value.map((inner) => resolveValue(inner, scope));
  if (typeof value !== 'object' || value === null) return value as Plain;
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 1) {
    const [key, inner] = entries[0]!;
    if (key === 'Get' && typeof inner === 'string') return get(inner, scope);
    if (key === 'Std:Join') {
      const { On, Values } = inner as { On: string; Values: readonly unknown[] };
      return Values.map((part) => textOf(resolveValue(part, scope))).join(On);
    }
    if (key === 'Std:JsonGet') return jsonGet(inner as JsonGet, scope);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, resolveValue(inner, scope)]));
}

/** SageMaker writes numbers and booleans as JSON does when it joins them. */
function textOf(value: Plain): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function get(path: string, scope: Scope): Plain {
  const [kind, name = '', ...rest] = splitPath(path);
  if (kind === 'Parameters') {
    const value = scope.parameters.get(name);
    if (value === undefined) throw new ExecutionError(`"${path}": there is no parameter "${name}"`);
    return value;
  }
  if (kind === 'Execution') {
    const value = scope.execution[name];
    if (value === undefined)
      throw new ExecutionError(
        `"${path}": there is no execution variable "${name}" here; there are ` +
          `${Object.keys(scope.execution).join(', ')}`,
      );
    return value;
  }
  if (kind !== 'Steps')
    throw new ExecutionError(`"${path}" is not a reference; it begins with Steps., Parameters. or Execution.`);
  const step = scope.steps.get(name);
  if (step === undefined) throw new NotYetKnown(`"${path}": step "${name}" has not run`);
  const found = walk(step.properties, rest);
  if (found === undefined) throw new ExecutionError(`"${path}": step "${name}" has no such property here`);
  return found;
}

interface JsonGet {
  readonly PropertyFile?: { readonly Get: string };
  readonly S3Uri?: unknown;
  readonly Path: string;
}

function jsonGet({ PropertyFile, S3Uri, Path }: JsonGet, scope: Scope): Plain {
  const uri = PropertyFile === undefined ? textOf(resolveValue(S3Uri, scope)) : propertyFile(PropertyFile.Get, scope);
  const file = scope.s3.path(uri);
  let content: Plain;
  try {
    content = JSON.parse(readFileSync(file, 'utf8')) as Plain;
  } catch (error) {
    throw new ExecutionError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  const found = walk(content, splitPath(Path));
  if (found === undefined) throw new ExecutionError(`${file} has nothing at "${Path}"`);
  return found;
}

function propertyFile(path: string, { steps }: Scope): string {
  const [kind, name = '', files, file = ''] = splitPath(path);
  if (kind !== 'Steps' || files !== 'PropertyFiles')
    throw new ExecutionError(`"${path}" is not a property file; write Steps.<step>.PropertyFiles.<name>`);
  const step = steps.get(name);
  if (step === undefined) throw new NotYetKnown(`"${path}": step "${name}" has not run`);
  const uri = step.propertyFiles.get(file);
  if (uri === undefined) throw new ExecutionError(`"${path}": step "${name}" has no property file "${file}"`);
  return uri;
}

/** `a.b[0]['c d']` as its parts. */
export function splitPath(path: string): string[] {
  return [...path.matchAll(/\[\s*'([^']*)'\s*\]|\[\s*"([^"]*)"\s*\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '',
  );
}

/** Lists in AWS's answers are read by index, or by the name of an entry: `Outputs['evaluation']`. */
function walk(value: Plain, path: readonly string[]): Plain | undefined {
  let at: Plain | undefined = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Array.isArray(at)
      ? /^\d+$/.test(part)
        ? (at as readonly Plain[])[Number(part)]
        : named(at as readonly Plain[], part)
      : (at as { readonly [key: string]: Plain })[part];
  }
  return at;
}

function named(list: readonly Plain[], name: string): Plain | undefined {
  return list.find(
    (entry) =>
      typeof entry === 'object' &&
      entry !== null &&
      Object.entries(entry).some(([key, value]) => /Name$/.test(key) && value === name),
  );
}
