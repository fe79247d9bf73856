import type { NameRule } from '@strata/core';

/**
 * `CreateDBInstance` in the Amazon RDS API reference. The name of the final snapshot, which is longer by 6 characters,
 * may have 255.
 */
export const DATABASE_IDENTIFIER: NameRule = {
  what: 'database identifier',
  maxLength: 63,
  pattern: /^[a-z](-?[a-z0-9])*$/,
  allowed: 'lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen',
};

/** `CreateDBInstance`: the name of the first database, for PostgreSQL. */
export const DATABASE_NAME: NameRule = {
  what: 'database name',
  maxLength: 63,
  pattern: /^[a-z_][a-z0-9_]*$/,
  allowed: 'lower-case letters, digits and underscores, starting with a letter or an underscore',
};

/** `CreateDBInstance`: the name of the master user, for PostgreSQL. */
export const USER_NAME: NameRule = {
  what: 'user name',
  maxLength: 63,
  pattern: /^[a-z][a-z0-9_]*$/,
  allowed: 'lower-case letters, digits and underscores, starting with a letter',
  reservedPrefixes: ['rds', 'pg_'],
};
