import type { NameRule } from '@strata/core';

/** A tag may have 256 characters; what is in the VPC appends to its name. */
export const NAME_RULE: NameRule = {
  what: 'VPC name',
  maxLength: 200,
  pattern: /^[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]*$/,
  allowed: 'letters, digits, spaces and . _ : / = + @ -, starting with a letter or digit',
  reservedPrefixes: ['aws:'],
};
