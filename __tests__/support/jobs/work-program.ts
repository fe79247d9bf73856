import { readFileSync } from 'node:fs';

import { main, ProgramError } from '../../../modules/worker-runtime/program';

/** A row for each line of the input; `parameters` say what goes wrong. */
void main(async function* (input, ctx) {
  const { fail, waitAfter, oom } = input.parameters as { fail?: boolean; waitAfter?: number; oom?: boolean };
  const lines = readFileSync(input.path, 'utf8').trim().split('\n');
  if (fail === true) throw new ProgramError('bad_input', 'as it was told');
  if (oom === true) process.kill(process.pid, 'SIGKILL');
  const from = (ctx.saved as { line: number } | null)?.line ?? 0;
  for (const [i, text] of lines.entries()) {
    yield { line: i + 1, text, resumedFrom: from };
    // A long job: it waits once, after it said how far it came, until it is asked to end.
    if (waitAfter === i && from === 0) {
      ctx.checkpoint({ line: i + 1 });
      while (!ctx.cancelled) await new Promise((resolve) => setTimeout(resolve, 20));
      return;
    }
  }
  ctx.summary = { lines: lines.length };
});
