// Builds the model's inference container: one file for the server, one for its worker threads. The two packages with
// native code stay outside; they are found in node_modules, which native-modules.mjs makes for an image.
// Usage: node build.mjs [--outdir=<folder>] [--no-source-maps] [--metafile=<file>]
import { build } from 'esbuild';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const endpoint = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  allowNegative: true,
  options: {
    outdir: { type: 'string' },
    'source-maps': { type: 'boolean', default: true },
    metafile: { type: 'string' },
  },
});
const outdir = resolve(values.outdir ?? join(endpoint, 'dist'));

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: endpoint,
  entryPoints: { server: 'main.ts', 'inference-worker': 'inference-worker.ts' },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Their native code cannot be bundled.
  external: JSON.parse(readFileSync(new URL('native-packages.json', import.meta.url), 'utf8')),
  metafile: true,
  sourcemap: values['source-maps'] ? 'linked' : false,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  // Names stay, for logs and profiles.
  minifySyntax: true,
  minifyWhitespace: true,
  // The ES form of a package where it has one: what is not used stays out.
  mainFields: ['module', 'main'],
});
// What went into them, for the list of an image's contents.
if (values.metafile !== undefined) writeFileSync(values.metafile, JSON.stringify(metafile));
