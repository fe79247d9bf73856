import type { NameRule } from '@strata/core';

const PATTERN = /^[A-Za-z0-9](-*[A-Za-z0-9])*$/;
const ALLOWED = 'letters, digits and hyphens, not starting or ending with a hyphen';

/** `CreateDomain` in the Amazon SageMaker API reference. */
export const DOMAIN_NAME: NameRule = { what: 'domain name', maxLength: 63, pattern: PATTERN, allowed: ALLOWED };

/** `CreateUserProfile` of the same; it becomes part of a construct id. */
export const USER_PROFILE_NAME: NameRule = {
  what: 'user profile name',
  maxLength: 63,
  pattern: PATTERN,
  allowed: ALLOWED,
};

/** `CreateSecurityGroup` in the Amazon EC2 API reference. */
export const SECURITY_GROUP_NAME: NameRule = {
  what: 'security group name',
  maxLength: 255,
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  allowed: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
  reservedPrefixes: ['sg-'],
};
