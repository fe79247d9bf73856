import type { NameRule } from '@strata/core';
import * as z from 'zod';

/** A name, by the rule of the module that makes what has it. */
export function nameOf({ pattern, maxLength, allowed }: NameRule): z.ZodString {
  return z.string().max(maxLength, `use at most ${maxLength} characters`).regex(pattern, `use ${allowed}`);
}
