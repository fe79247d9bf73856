import type { Rule } from './rule';

/** What AWS refuses and moto accepts, besides what breaks a model. */
export const RULES: readonly Rule[] = [];
