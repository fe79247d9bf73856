// Options as data: what a construct and a layer's configuration share. Loads no construct.
import * as z from 'zod';

/** A problem between several options. */
export interface OptionProblem {
  readonly path: (string | number)[];
  /** What is wrong, what is allowed and what to change; the key and `input` are prepended. */
  readonly message: string;
  /** The wrong value, if it should be shown. */
  readonly input?: unknown;
}

/** Whether a value is set and known. A construct passes `isResolved`, as a token's value is not known. */
export type IsKnown = <T>(value: T) => value is NonNullable<T>;

/** The check for plain data without tokens. */
export const isGiven: IsKnown = (value): value is NonNullable<typeof value> => value !== undefined && value !== null;

/** A whole number within bounds, both inclusive; `unit` is shown after them. */
export function integer({ min, max, unit }: { readonly min: number; readonly max: number; readonly unit?: string }) {
  return z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `use a whole number from ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`,
    );
}

type Shape = z.core.$ZodLooseShape;
type Defaults<S extends Shape> = {
  readonly [K in keyof S as S[K] extends z.ZodDefault ? K : never]: z.output<S[K]>;
};

/** The options, with the schema's defaults for the missing ones. */
export function withDefaults<S extends Shape, T extends { readonly [K in keyof S]?: unknown }>(
  schema: z.ZodObject<S>,
  options: T,
): T & Defaults<S> {
  const given: Record<string, unknown> = { ...options };
  for (const [key, value] of Object.entries(defaultsOf(schema))) given[key] ??= value;
  return given as T & Defaults<S>;
}

/** The schema's defaults, by key; a key without one is left out. */
export function defaultsOf(schema: z.ZodObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schema.shape).flatMap(([key, option]) =>
      option instanceof z.ZodDefault ? [[key, option.def.defaultValue]] : [],
    ),
  );
}
