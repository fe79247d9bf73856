// Bundles the code of Lambda functions, each into one file with the SDK clients it uses. `npm run build:functions` does
// it for those whose sources changed.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { replaceFile } from '../synth/replace-file.mjs';

/** Layer -> its functions by name: the file with the handler. */
const FUNCTIONS = {
  ml: { 'deploy-endpoint': 'sagemaker/deploy-endpoint/handler.ts' },
  jobs: {
    'jobs-submit': 'jobs/api/submit/index.ts',
    'jobs-status': 'jobs/api/status/index.ts',
    'jobs-dead-letter': 'jobs/api/dead-letter/index.ts',
    'jobs-wake': 'jobs/api/wake/index.ts',
    'jobs-migrate': 'jobs/migrate/index.ts',
  },
};

/** Function -> a folder that it reads beside its code. */
const BESIDE = { 'jobs-migrate': 'jobs/schema/migrations' };

// What a bundle depends on besides the files in it.
const SETTINGS = ['package-lock.json', 'scripts/functions/build.mjs'];

/**
 * Bundles each function into `<folder>/<name>/index.js`, unless the bundle there is up to date. The same sources give
 * the same bytes, so that a plan of Terraform sees a change only where there is one.
 *
 * @param {{ root: string, folder?: string, layers?: readonly string[] }} what `folder` is `.strata/functions` by default;
 *   `layers` are those whose functions are bundled, by default all
 * @throws esbuild's BuildFailure when a file cannot be found or parsed
 */
export async function buildFunctions({
  root,
  folder = join(root, '.strata/functions'),
  layers = Object.keys(FUNCTIONS),
}) {
  const entries = layers.flatMap((layer) => Object.entries(FUNCTIONS[layer]));
  for (const [name, entry] of entries) {
    const outfile = join(folder, name, 'index.js');
    const stamp = join(folder, `${name}.inputs.json`);
    if (isFresh(root, outfile, stamp)) continue;
    const { build } = await import('esbuild'); // takes longer to load than to see that nothing changed
    const started = Date.now();
    const { metafile, outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      minify: true,
      keepNames: true, // errors are told apart by the names of their classes
      legalComments: 'eof', // what others wrote keeps its notice
      metafile: true,
      logLevel: 'silent',
      write: false,
    });
    mkdirSync(dirname(outfile), { recursive: true });
    replaceFile(outfile, outputFiles[0].contents);
    // Packages are as the lock file says: looking at each of their files would cost every synth some milliseconds.
    const own = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'));
    const beside = copyBeside(root, name, dirname(outfile));
    const inputs = Object.fromEntries(
      [...own, ...beside, ...SETTINGS].map((file) => [file, fingerprintOf(root, file)]),
    );
    const changed = Object.values(inputs).some((fingerprint) => Number.parseFloat(fingerprint) >= started);
    if (!changed) replaceFile(stamp, JSON.stringify({ size: outputFiles[0].contents.length, inputs }));
  }
}

/** Copies what a function reads into its folder, and returns the files that were copied. */
function copyBeside(root, name, folder) {
  const from = BESIDE[name];
  if (from === undefined) return [];
  const to = join(folder, basename(from));
  rmSync(to, { recursive: true, force: true });
  cpSync(join(root, from), to, { recursive: true });
  // A file that is added changes its folder.
  return [from, ...readdirSync(join(root, from)).map((file) => `${from}/${file}`)];
}

function isFresh(root, outfile, stamp) {
  try {
    const { size, inputs } = JSON.parse(readFileSync(stamp, 'utf8'));
    return (
      statSync(outfile).size === size &&
      Object.entries(inputs).every(([file, fingerprint]) => fingerprintOf(root, file) === fingerprint)
    );
  } catch {
    return false; // no bundle yet, or an input is gone
  }
}

function fingerprintOf(root, file) {
  const { mtimeMs, size } = statSync(`${root}/${file}`);
  return `${mtimeMs} ${size}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  try {
    const [, , ...layers] = process.argv;
    await buildFunctions({ root, layers: layers.length === 0 ? undefined : layers });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
