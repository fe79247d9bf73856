// Runs separate-stacks.ts the way scripts/synth.mjs runs main.ts.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../synth/bundle.mjs';
import { runCached } from '../../synth/run-cached.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
runCached(
  await bundle({
    root,
    entry: 'scripts/bench/synth/separate-stacks.ts',
    folder: join(root, '.strata', 'bench', 'separate-stacks'),
  }),
);
