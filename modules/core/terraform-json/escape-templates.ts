/**
 * Text as Terraform takes it literally: `${` and `%{` begin a template and are doubled. Goes through lists and objects,
 * keys included, and leaves everything else as it is.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeTemplates<T>(value: T): T {
  return mapText(value, (text) => text.replaceAll(/([$%])\{/g, '$1$1{')) as T;
}

/** What an escaped text says. */
export function unescapeTemplates(text: string): string {
  return text.replaceAll(/([$%])\1\{/g, '$1{');
}

function mapText(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((member) => mapText(member, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [map(key), mapText(member, map)]));
}
