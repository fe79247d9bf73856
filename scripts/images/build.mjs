// Builds an app: one file for the server, so that the image is small and starts fast, and its page if it has one.
// Usage: node build.mjs <app> [--outdir=<folder>] [--watch] [--no-source-maps] [--metafile=<file>]
import { build, context } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const copied = ['.html', '.css', '.svg'];

/** The two kinds of code in an app: what Node runs and what the browser runs. */
function options(app, outdir, sourceMaps) {
  const shared = {
    absWorkingDir: join(root, app),
    bundle: true,
    metafile: true,
    sourcemap: sourceMaps ? 'linked' : false,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const server = {
    ...shared,
    entryPoints: { server: 'main.ts' },
    outdir,
    platform: 'node',
    target: 'node20',
    // Names stay, for logs and profiles.
    minifySyntax: true,
    minifyWhitespace: true,
    // A package's ES modules, if it has them: unused code is dropped.
    mainFields: ['module', 'main'],
  };
  const { config } = JSON.parse(readFileSync(join(root, app, 'package.json'), 'utf8'));
  const healthCheck = {
    ...server,
    entryPoints: { 'health-check': join(root, 'scripts/images/health-check.js') },
    define: { DEFAULT_PORT: JSON.stringify(String(config.port)) },
    sourcemap: false,
  };
  const page = join(root, app, 'page');
  if (!existsSync(page)) return [server, healthCheck];
  return [
    server,
    healthCheck,
    {
      ...shared,
      entryPoints: ['home', 'connection', 'comments'].map((name) => join(page, `${name}.ts`)),
      outdir: join(outdir, 'page'),
      format: 'esm',
      target: 'es2022',
      minify: true,
      sourcemap: false,
    },
  ];
}

function copyPage(app, outdir) {
  const page = join(root, app, 'page');
  if (!existsSync(page)) return;
  mkdirSync(join(outdir, 'page'), { recursive: true });
  for (const name of readdirSync(page))
    if (copied.includes(extname(name))) cpSync(join(page, name), join(outdir, 'page', name));
}

const {
  values,
  positionals: [app],
} = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    outdir: { type: 'string' },
    watch: { type: 'boolean', default: false },
    'source-maps': { type: 'boolean', default: true },
    metafile: { type: 'string' },
  },
});
if (app === undefined || !existsSync(join(root, app, 'main.ts'))) {
  console.error(`"${app ?? ''}" is not an app; use app-web or app-was`);
  process.exit(1);
}
const outdir = resolve(values.outdir ?? join(root, app, 'dist'));
const builds = options(app, outdir, values['source-maps']);
rmSync(outdir, { recursive: true, force: true });

if (values.watch) {
  // One line for each finished build: what `npm run dev` restarts the server on.
  const announce = {
    name: 'announce',
    setup: (b) =>
      b.onEnd(({ errors }) => {
        copyPage(app, outdir);
        if (errors.length === 0) console.log('built');
      }),
  };
  for (const option of builds) await (await context({ ...option, plugins: [announce] })).watch();
} else {
  const metafiles = (await Promise.all(builds.map((option) => build(option)))).map(({ metafile }) => metafile);
  copyPage(app, outdir);
  // What went into them, for the list of an image's contents.
  if (values.metafile !== undefined) {
    const merged = (key) => Object.assign({}, ...metafiles.map((metafile) => metafile[key]));
    writeFileSync(values.metafile, JSON.stringify({ inputs: merged('inputs'), outputs: merged('outputs') }));
  }
}
