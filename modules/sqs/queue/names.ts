import type { NameRule } from '@strata/core';

/** `CreateQueue` in the Amazon SQS API reference; a standard queue, whose name does not end in `.fifo`. */
export const QUEUE_NAME: NameRule = {
  what: 'queue name',
  maxLength: 80,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};
