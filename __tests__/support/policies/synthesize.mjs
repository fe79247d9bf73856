// Prints, as JSON, every policy document that environments of cdktf.json and option variants synthesize: one process for
// many of them, as starting one for each takes minutes.
// Usage: node synthesize.mjs <folder for what is synthesized> <part> <parts>
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from '../../../scripts/functions/build.mjs';
import { bundle } from '../../../scripts/synth/bundle.mjs';
import { runCached } from '../../../scripts/synth/run-cached.mjs';
import { synthCases } from '../../../scripts/synth-diff/cases.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..', '..');
const [folder, part = '0', parts = '1'] = process.argv.slice(2);
const [main] = await Promise.all([
  bundle({ root, entry: 'main.ts', folder: join(root, '.strata', 'synth') }),
  buildFunctions({ root, layers: ['ml'] }),
]);
process.env.STRATA_FUNCTIONS_BUILT = root;
process.chdir(root);

/** By text: where a document stands first, and which others have the same. */
const documents = new Map();
// What a layer says while it synthesizes would stand in the result.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const cases = synthCases(root).filter((_, index) => index % Number(parts) === Number(part));
const outdir = join(folder, part);
mkdirSync(outdir, { recursive: true });
process.env.CDKTF_OUTDIR = outdir;
for (const { name, context, fixtures, patched } of cases) {
  const layers = affected(patched);
  if (layers === undefined) delete process.env.STRATA_LAYERS;
  else process.env.STRATA_LAYERS = layers.join(',');
  process.env.CDKTF_CONTEXT_JSON = JSON.stringify(context);
  if (fixtures === undefined) delete process.env.STRATA_FIXTURES;
  else process.env.STRATA_FIXTURES = fixtures;
  runCached(main);
  for (const file of readdirSync(outdir, { recursive: true }).filter((path) => path.endsWith('cdk.tf.json')))
    collect(name, JSON.parse(readFileSync(join(outdir, file), 'utf8')), file.split(/[\\/]/).at(-2));
  // The archives of functions stay: compressing them takes longer than all else.
  for (const entry of readdirSync(outdir).filter((written) => written !== 'code-archives'))
    rmSync(join(outdir, entry), { recursive: true });
}
print(JSON.stringify([...documents.values()]));

/** Layers that a variant may change, where it changes layers alone; `undefined` for all. The rest is as in others. */
function affected(patched = {}) {
  const { layers, ...others } = patched;
  const removes = Object.values(layers ?? {}).includes(null);
  if (layers === undefined || removes || Object.keys(others).length > 0) return undefined;
  const changed = Object.keys(layers);
  return [...new Set([...changed, 'network', 'compute', ...(changed.includes('ci-cd') ? ['ml'] : [])])];
}

function collect(variant, { resource = {} }, layer) {
  for (const [type, resources] of Object.entries(resource)) {
    for (const [id, attributes] of Object.entries(resources)) {
      for (const [attribute, text] of Object.entries(attributes)) {
        if (typeof text !== 'string' || !/"Statement":\[/.test(text)) continue;
        // Ids end in a hash of their path.
        const key = `${layer} ${type}.${id.replace(/_[0-9A-F]{8}$/, '')}.${attribute} ${text}`;
        if (documents.has(key)) continue;
        documents.set(key, {
          variant,
          policy: key.slice(0, key.indexOf(' ', layer.length + 1)),
          type,
          attribute,
          text,
        });
      }
    }
  }
}
