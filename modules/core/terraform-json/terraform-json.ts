import { Fn, Token, Tokenization } from 'cdktf';
import { unescapeTemplates } from './escape-templates';

/** A JSON value; members that are `undefined` are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * JSON text for a Terraform argument that takes JSON, such as a policy or container definitions.
 *
 * The text is built at synth with members in the given order, so that a plan shows it as written and an unchanged
 * program produces unchanged text. A token inside is encoded by Terraform (`jsonencode`) when its value is known: a
 * quote or a line break in it would otherwise break the document. As everywhere in Terraform, `$${` in a text stands for
 * `${`.
 */
export function terraformJson(value: JsonValue): string {
  if (typeof value === 'string') return Token.isUnresolved(value) ? encodedByTerraform(value) : JSON.stringify(value);
  if (typeof value === 'number') return Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : String(value);
  if (Array.isArray(value)) {
    return Token.isUnresolved(value)
      ? Fn.jsonencode(value)
      : `[${value.map((v) => terraformJson(v as JsonValue)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => `${JSON.stringify(k)}:${terraformJson(v)}`);
    return `{${members.join(',')}}`;
  }
  return String(value ?? null);
}

/** A `jsonencode` call around a text's literal parts and tokens. */
function encodedByTerraform(text: string): string {
  const parts: string[] = [
    Tokenization.reverseString(text).join({ join: (left: string | string[], right: string) => [left, right].flat() }),
  ].flat();
  // cdktf does not escape the literal parts of arguments to its own functions, so the call is written out here. It also
  // treats every brace in a text as one of Terraform's, so braces are written as escapes.
  const literal = (part: string): string =>
    JSON.stringify(unescapeTemplates(part)).replace(/[{}]/g, (brace) => (brace === '{' ? '\\u007b' : '\\u007d'));
  const args = parts.map((part) => (Token.isUnresolved(part) ? part : literal(part)));
  return `\${jsonencode(${args.length === 1 ? args[0] : `join("", [${args.join(', ')}])`})}`;
}
