import { Token } from 'cdktf';
import type { StateBackend } from './config';
import type { StateKey } from './state-key';

/**
 * Rejects a state without a definite location: values that Terraform would have to resolve, as a backend is read before
 * anything is and a token would be written out as text such as `${var.bucket}` without a word; names that would change
 * the key.
 * @throws Error naming the value.
 */
export function requirePlaceable(backend: StateBackend, key: StateKey): void {
  const what = `state of layer "${key.layer}"`;
  // One after the other: both have a `project`.
  requireResolved(what, backend);
  requireResolved(what, key);
  for (const [part, name] of Object.entries(key)) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      throw new Error(
        `${what}: ${part} "${name}" cannot be part of a state key; use lower-case letters, digits and hyphens`,
      );
    }
  }
}

function requireResolved(what: string, values: object): void {
  for (const [key, value] of Object.entries(values)) {
    if (Token.isUnresolved(value) || (typeof value === 'string' && value.includes('${'))) {
      throw new Error(
        `${what}: ${key} holds a value that is only known to Terraform; a backend is read before Terraform ` +
          'resolves anything, so use a plain string',
      );
    }
  }
}
