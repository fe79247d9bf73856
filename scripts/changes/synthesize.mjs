// Synthesizes many environments in one process, as starting one for each takes minutes. Reads jobs from standard input:
// [{ "outdir": "...", "context": {...}, "layer": "network" }], and answers with [null | what was refused].
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { buildFunctions } from '../functions/build.mjs';
import { bundle } from '../synth/bundle.mjs';
import { runCached } from '../synth/run-cached.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [main] = await Promise.all([
  bundle({ root, entry: 'main.ts', folder: join(root, '.strata', 'synth') }),
  buildFunctions({ root, layers: ['ml'] }),
]);
process.env.STRATA_FUNCTIONS_BUILT = root;
delete process.env.STRATA_FIXTURES;
// What a layer says while it synthesizes would stand in the answer.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
console.warn = console.error = () => undefined;

const answers = [];
for (const { outdir, context, layer } of JSON.parse(await text(process.stdin))) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  process.env.CDKTF_OUTDIR = outdir;
  process.env.STRATA_ENVIRONMENT = context.environment;
  process.env.STRATA_LAYERS = layer;
  try {
    runCached(main);
    const written = existsSync(join(outdir, context.environment, layer, 'cdk.tf.json'));
    answers.push(written ? null : 'the layer was not synthesized');
  } catch (error) {
    if (!['ConfigError', 'ContractError', 'ValidationError'].includes(error?.name) && error?.errors === undefined)
      error.message = error.stack;
    answers.push(error.message);
  }
}
print(JSON.stringify(answers));
