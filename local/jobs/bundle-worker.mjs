// Bundles the worker into one file that needs nothing but Node.js: node local/jobs/bundle-worker.mjs <file>.mjs
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The same sources give the same bytes. */
export async function bundleWorker(outfile) {
  await build({
    stdin: {
      contents: "import { runMain } from './main'; void runMain();",
      resolveDir: fileURLToPath(new URL('../../modules/worker-runtime/', import.meta.url)),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Packages in CommonJS load what Node.js brings by require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    external: ['pg-native'],
    minify: true,
    keepNames: true, // errors are told apart by the names of their classes
    legalComments: 'eof', // what others wrote keeps its notice
    logLevel: 'warning',
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const [, , outfile] = process.argv;
  if (outfile === undefined) throw new Error('no file is given; usage: node bundle-worker.mjs <file>.mjs');
  await bundleWorker(resolve(outfile));
}
