import type { ChildMessage } from '../protocol/messages';

/** How a program's run ended. */
export type ChildOutcome =
  | { readonly kind: 'done'; readonly summary: unknown }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly retry: boolean };

/** What is known when the program has ended and its last message is read. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the kernel killed for memory in this control group while the program ran. */
  readonly outOfMemory: boolean;
  readonly last: Extract<ChildMessage, { type: 'done' | 'error' }> | undefined;
}

/** Exit status of a shell whose program was killed by SIGKILL. */
const KILLED = 137;

export function outcomeOf({ exitCode, signal, outOfMemory, last }: ChildEnd): ChildOutcome {
  if (last?.type === 'error')
    return { kind: 'failed', code: last.code, message: last.message, retry: last.retry ?? true };
  if ((signal === 'SIGKILL' || exitCode === KILLED) && outOfMemory)
    return {
      kind: 'failed',
      code: 'out_of_memory',
      message: 'the program was killed because the task was out of memory; raise memoryMiB or read the input in parts',
      retry: true,
    };
  if (exitCode !== 0)
    return {
      kind: 'failed',
      code: 'program_ended',
      message: `the program ended with ${signal ?? `exit code ${exitCode}`}; its log says why`,
      retry: true,
    };
  if (last === undefined)
    return {
      kind: 'failed',
      code: 'no_result',
      message: 'the program ended with exit code 0 and without "done"',
      retry: true,
    };
  return { kind: 'done', summary: last.summary ?? null };
}
