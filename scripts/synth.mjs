// The app command of cdktf.json: bundles main.ts when it changed, then runs it.
// STRATA_TRACES=1 keeps the stack traces of tokens and maps errors to the TypeScript files.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from './functions/build.mjs';
import { bundle } from './synth/bundle.mjs';
import { dropFinishedRecoveries } from './synth/finished-recoveries.mjs';
import { runCached } from './synth/run-cached.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const traces = process.env.STRATA_TRACES === '1';
if (traces) process.setSourceMapsEnabled(true);

try {
  const [main] = await Promise.all([
    bundle({ root, entry: 'main.ts', folder: join(root, '.strata', 'synth'), traces }),
    // The jobs layer, which few environments have, bundles its own when it is synthesized.
    buildFunctions({ root, layers: ['ml'] }),
    dropFinishedRecoveries(process.cwd(), process.env.CDKTF_OUTDIR ?? 'cdktf.out'),
  ]);
  process.env.STRATA_FUNCTIONS_BUILT = root;
  runCached(main);
} catch (error) {
  process.exitCode = 1;
  console.error(describe(error));
}

/** An error of Strata's own speaks for itself; anything else is shown with its stack. */
function describe(error) {
  const own = ['ConfigError', 'ContractError', 'ValidationError'].includes(error?.name) || error?.errors !== undefined;
  if (own && !traces) return `\n${error.message}\n`;
  return traces ? error : `${error?.stack ?? error}\n(STRATA_TRACES=1 shows where in the TypeScript files)`;
}
