import { readFileSync } from 'node:fs';
import { main } from '@strata/worker-runtime/program';

/** A row for each line, slowly enough that kills find it at work. */
void main(async function* (input, ctx) {
  const lines = readFileSync(input.path, 'utf8').trim().split('\n');
  for (const [i, text] of lines.entries()) {
    if (i % 50 === 0) {
      ctx.progress(i / lines.length);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    yield { line: i + 1, text };
  }
});
