import type { NameRule } from '@strata/core';

/** `CreateFunction` in the AWS Lambda API reference. */
export const FUNCTION_NAME: NameRule = {
  what: 'function name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};

/** `CreateLogGroup` in the CloudWatch Logs API reference. */
export const LOG_GROUP_NAME: NameRule = {
  what: 'log group name',
  maxLength: 512,
  pattern: /^[.\-_/#A-Za-z0-9]+$/,
  allowed: 'letters, digits and ._-/#',
  reservedPrefixes: ['aws/'],
};

/** `PutRule` in the Amazon EventBridge API reference. */
export const RULE_NAME: NameRule = {
  what: 'rule name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};

/** Name of a trigger: it becomes part of construct ids and of a statement id. */
export const TRIGGER_NAME: NameRule = {
  what: 'trigger name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};
