// Builds the model's inference container: one file for the server, one for its worker threads. The two packages with
// native code stay outside; they are found in node_modules, which native-modules.mjs makes for an image.
// Usage: node build.mjs [--outdir=<folder>]
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const endpoint = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { outdir: { type: 'string' } } });
const outdir = resolve(values.outdir ?? join(endpoint, 'dist'));

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: endpoint,
  entryPoints: { server: 'main.ts', 'inference-worker': 'inference-worker.ts' },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Their native code cannot be bundled.
  external: JSON.parse(readFileSync(new URL('native-packages.json', import.meta.url), 'utf8')),
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  // Names stay, for logs and profiles.
  minifySyntax: true,
  minifyWhitespace: true,
  // The ES form of a package where it has one: what is not used stays out.
  mainFields: ['module', 'main'],
});
