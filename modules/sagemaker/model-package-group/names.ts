import type { NameRule } from '@strata/core';

/** `CreateModelPackageGroup` in the Amazon SageMaker API reference. */
export const MODEL_PACKAGE_GROUP_NAME: NameRule = {
  what: 'model package group name',
  maxLength: 63,
  pattern: /^[A-Za-z0-9](-*[A-Za-z0-9])*$/,
  allowed: 'letters, digits and hyphens, not starting or ending with a hyphen',
};
