import { Token } from 'cdktf';

/**
 * Refuses values that Terraform would have to resolve: a backend is read before anything is, so a token would be written out
 * as text such as `${var.bucket}` without a word.
 * @throws Error naming the key.
 */
export function requireResolved(what: string, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (Token.isUnresolved(value) || (typeof value === 'string' && value.includes('${'))) {
      throw new Error(`${what}: ${key} holds a value that is only known to Terraform; a backend is read before Terraform resolves anything, so use a plain string`);
    }
  }
}
