import type { NameRule } from '@strata/core';

/** `CreateApi` in the Amazon API Gateway V2 reference; the characters are those its log group takes too. */
export const API_NAME: NameRule = {
  what: 'name of an API',
  maxLength: 128,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};

/** Name of a route's function: it becomes part of construct ids and of a statement id. */
export const FUNCTION_KEY: NameRule = {
  what: 'name of a function',
  maxLength: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};
