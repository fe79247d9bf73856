import type { NameRule } from '@strata/core';

const PATTERN = /^[A-Za-z0-9](-*[A-Za-z0-9])*$/;
const ALLOWED = 'letters, digits and hyphens, not starting or ending with a hyphen';

/** `CreateEndpoint` in the Amazon SageMaker API reference. */
export const ENDPOINT_NAME: NameRule = {
  what: 'SageMaker endpoint name',
  maxLength: 63,
  pattern: PATTERN,
  allowed: ALLOWED,
};

/** `ProductionVariant` of the same; it becomes part of construct ids. */
export const VARIANT_NAME: NameRule = { what: 'variant name', maxLength: 63, pattern: PATTERN, allowed: ALLOWED };
