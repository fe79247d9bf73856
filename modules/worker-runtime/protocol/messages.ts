import * as z from 'zod';

/** The version that `hello` names. A program refuses one that it does not know. */
export const PROTOCOL_VERSION = 1;

/** The longest line that either side sends, without its end. A larger value belongs into a file. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** What the program is told first: the job, where its input is, and what an earlier attempt left. */
export interface ParentHello {
  readonly type: 'hello';
  readonly protocol: typeof PROTOCOL_VERSION;
  readonly job: { readonly id: string; readonly tenant: string; readonly kind: string; readonly attempt: number };
  /** The input as a file that the program reads as often as it likes. */
  readonly input: { readonly path: string; readonly bytes: number };
  readonly parameters: unknown;
  /** The last checkpoint of this job, by whichever attempt; null without one. */
  readonly checkpoint: unknown;
}

/** The program should end: the result is not wanted (`cancel`), or the machine is (`stop`: save a checkpoint). */
export interface ParentStop {
  readonly type: 'cancel' | 'stop';
}

export type ParentMessage = ParentHello | ParentStop;

const code = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);

/** What a program says. Unknown types are refused, so that a misspelled one is noticed. */
export const childMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number().int() }),
  z.object({
    type: z.literal('progress'),
    fraction: z.number().min(0).max(1),
    note: z.string().max(500).optional(),
  }),
  z.object({ type: z.literal('checkpoint'), value: z.json() }),
  z.object({ type: z.literal('rows'), rows: z.array(z.record(z.string(), z.json())) }),
  z.object({ type: z.literal('done'), summary: z.json().optional() }),
  z.object({ type: z.literal('error'), code, message: z.string().max(4000), retry: z.boolean().optional() }),
]);

export type ChildMessage = z.infer<typeof childMessage>;
