import type { NameRule } from '@strata/core';

/** `CreateRole` in the IAM API reference. */
export const ROLE_NAME: NameRule = {
  what: 'role name',
  maxLength: 64,
  pattern: /^[\w+=,.@-]+$/,
  allowed: 'letters, digits and +=,.@_-',
};
