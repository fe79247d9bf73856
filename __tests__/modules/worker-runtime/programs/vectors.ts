import { readFileSync } from 'node:fs';

import { main, ProgramError } from '../../../../modules/worker-runtime/program';

void main(async (input, ctx) => {
  const { what } = input.parameters as { what: string };
  if (what === 'rows') {
    ctx.progress(0.5, 'half');
    ctx.checkpoint({ line: 3 });
    ctx.summary = { text: readFileSync(input.path, 'utf8'), saved: ctx.saved };
    return Array.from({ length: 250 }, (_, n) => ({ n, text: '한글 \t\\n "\\"' }));
  }
  if (what === 'error') throw new ProgramError('bad_header', 'line 1 has no column text', false);
  if (what === 'crash') throw new TypeError('unexpected');
  if (what === 'print') console.log('to the log');
  if (what === 'wait') {
    ctx.progress(0.1);
    while (!ctx.cancelled) await new Promise((resolve) => setTimeout(resolve, 10));
    ctx.checkpoint('saved at the end');
  }
  return [];
});
