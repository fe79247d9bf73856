import type { NameRule } from '@strata/core';

/** `CreateProject` in the AWS CodeBuild API reference. */
export const PROJECT_NAME: NameRule = {
  what: 'build project name',
  maxLength: 150,
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]+$/,
  allowed: '2 or more letters, digits, hyphens and underscores, starting with a letter or digit',
};
