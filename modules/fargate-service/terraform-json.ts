import { Fn, Token, Tokenization } from 'cdktf';

/** What JSON can hold; members that are `undefined` are left out. */
export type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * JSON text for a Terraform argument that takes JSON, such as a policy or container definitions.
 *
 * The text is made at synth, members in the order given, so that a plan shows it as written here and an unchanged program gives
 * unchanged text. A token inside is encoded by Terraform (`jsonencode`) when its value is known: a quote or a line break in it
 * would otherwise break the document.
 */
export function terraformJson(value: JsonValue): string {
  if (typeof value === 'string') return Token.isUnresolved(value) ? `\${jsonencode(${JSON.stringify(value)})}` : JSON.stringify(value);
  if (typeof value === 'number') return Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : String(value);
  if (Array.isArray(value)) {
    return Token.isUnresolved(value) ? Token.asString(Fn.jsonencode(value)) : `[${value.map((v) => terraformJson(v as JsonValue)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => `${JSON.stringify(k)}:${terraformJson(v)}`);
    return `{${members.join(',')}}`;
  }
  return String(value ?? null);
}
