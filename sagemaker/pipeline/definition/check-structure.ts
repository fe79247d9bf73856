import { didYouMean } from '@strata/core/config';
import { definitionSchema } from './schema';

/** The words of JSON schema that `definitionSchema` uses. */
interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly discriminator?: { readonly propertyName: string };
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** Something wrong at a place in a definition: `['Steps', 0, 'Arguments', 'RoleArn']`. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = readonly (string | number)[];
type Report = (path: Path, message: string) => void;

let schema: (Schema & { readonly definitions: Readonly<Record<string, Schema>> }) | undefined;

/**
 * Everything in which a definition differs from `definitionSchema()`.
 *
 * A general validator compiles a schema before it uses it, which for this one takes longer than the whole synth of an
 * application; a synth checks three definitions. This walks the schema once instead. A test holds that ajv comes to the
 * same verdicts.
 */
export function checkStructure(definition: unknown): readonly Finding[] {
  schema ??= definitionSchema() as unknown as NonNullable<typeof schema>;
  const findings: Finding[] = [];
  check(schema, definition, [], (path, message) => findings.push({ path, message }));
  return findings;
}

function check(given: Schema, value: unknown, path: Path, report: Report): void {
  const rule = given.$ref === undefined ? given : schema!.definitions[given.$ref.slice('#/definitions/'.length)]!;
  if (rule.anyOf !== undefined) {
    if (!rule.anyOf.some((option) => matches(option, value)))
      report(path, `${show(value)} is not allowed; use ${rule.title}`);
    return;
  }
  if (rule.const !== undefined && value !== rule.const)
    return report(path, `${show(value)} is not allowed; use ${show(rule.const)}`);
  if (rule.enum !== undefined && !rule.enum.includes(value)) return report(path, notOneOf(value, rule.enum));
  if (rule.type !== undefined && !hasType(value, rule.type))
    return report(path, `${show(value)} is not allowed; use ${rule.title ?? article(rule.type)}`);
  if (typeof value === 'string') checkText(rule, value, path, report);
  else if (typeof value === 'number') checkNumber(rule, value, path, report);
  else if (Array.isArray(value)) checkList(rule, value, path, report);
  else if (typeof value === 'object' && value !== null)
    checkObject(rule, value as Record<string, unknown>, path, report);
}

function matches(rule: Schema, value: unknown): boolean {
  let found = false;
  check(rule, value, [], () => {
    found = true;
  });
  return !found;
}

function checkText(rule: Schema, value: string, path: Path, report: Report): void {
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(value))
    report(path, `${show(value)} is not allowed; use ${rule.title}`);
  const length = [...value].length;
  if (rule.minLength !== undefined && length < rule.minLength)
    report(path, `is empty; use at least ${rule.minLength} character`);
  if (rule.maxLength !== undefined && length > rule.maxLength)
    report(
      path,
      `has ${length} characters, at most ${rule.maxLength} are allowed; shorten it by ${length - rule.maxLength}`,
    );
}

function checkNumber(rule: Schema, value: number, path: Path, report: Report): void {
  if ((rule.minimum !== undefined && value < rule.minimum) || (rule.maximum !== undefined && value > rule.maximum)) {
    report(
      path,
      `${value} is out of range; use ` +
        `${rule.minimum ?? 'any number'}${rule.maximum === undefined ? ' or more' : ` to ${rule.maximum}`}`,
    );
  }
}

function checkList(rule: Schema, value: readonly unknown[], path: Path, report: Report): void {
  if (rule.minItems !== undefined && value.length < rule.minItems)
    report(path, `is empty; at least ${rule.minItems} is needed`);
  if (rule.maxItems !== undefined && value.length > rule.maxItems)
    report(path, `has ${value.length} entries, at most ${rule.maxItems} are allowed`);
  if (rule.items !== undefined) value.forEach((item, i) => check(rule.items!, item, [...path, i], report));
}

function checkObject(rule: Schema, value: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  for (const name of rule.required ?? []) if (value[name] === undefined) report(path, `"${name}" is missing`);
  if (rule.discriminator !== undefined) return checkVariant(rule, value, path, report);
  // The one list of alternatives without a discriminator: exactly one of two members.
  if (
    rule.oneOf !== undefined &&
    rule.oneOf.filter(({ required = [] }) => required.every((name) => value[name] !== undefined)).length !== 1
  )
    report(path, `use ${rule.title}`);
  const known = Object.keys(rule.properties ?? {});
  for (const [name, member] of Object.entries(value)) {
    const own = rule.properties?.[name];
    // What is undefined is not written.
    if (member === undefined) continue;
    if (own !== undefined) check(own, member, [...path, name], report);
    else if (typeof rule.additionalProperties === 'object')
      check(rule.additionalProperties, member, [...path, name], report);
    else if (rule.additionalProperties === false) {
      const hint = didYouMean(name, known);
      report(path, `"${name}" is not known here${hint === '' ? `; allowed are ${known.join(', ')}` : hint}`);
    }
  }
}

function checkVariant(rule: Schema, value: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  const key = rule.discriminator!.propertyName;
  const tag = value[key];
  if (tag === undefined) return;
  const tagsOf = (option: Schema): readonly unknown[] =>
    option.properties?.[key]?.enum ?? [option.properties?.[key]?.const];
  const variant = rule.oneOf!.find((option) => tagsOf(option).includes(tag));
  if (variant === undefined) report([...path, key], notOneOf(tag, rule.oneOf!.flatMap(tagsOf)));
  else check(variant, value, path, report);
}

function hasType(value: unknown, type: string | readonly string[]): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(value, one));
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function article(type: string | readonly string[]): string {
  switch (type) {
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'text';
  }
}

function notOneOf(value: unknown, allowed: readonly unknown[]): string {
  return (
    `${show(value)} is not allowed; use one of ` +
    `${allowed.join(', ')}${typeof value === 'string' ? didYouMean(value, allowed.map(String)) : ''}`
  );
}

/** A value as an error shows it, cut short. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
