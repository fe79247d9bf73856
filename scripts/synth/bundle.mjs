// Bundles main.ts into one file and keeps it until an input changes: one file loads in a fraction of the time of the several hundred it is made of.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

// What a bundle depends on besides the files in it.
const SETTINGS = ['tsconfig.json', 'package-lock.json', 'scripts/synth/bundle.mjs'];

// cdktf notes where each token was made, for messages that are rarely seen; in a large stack that is a third of the time of a synth.
const withoutTokenTraces = {
  name: 'without-token-traces',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/ }, () => ({ contents: 'exports.captureStackTrace = () => [];' }));
  },
};

/**
 * Bundles `entry` (relative to `root`) into `folder`, unless the bundle there is up to date.
 * With `traces`, cdktf's token traces stay in and stack traces point into the TypeScript files.
 * @returns {Promise<string>} the bundle's path
 * @throws esbuild's BuildFailure when a file cannot be found or parsed
 */
export async function bundle({ root, entry, folder, traces = false }) {
  const outfile = join(folder, `${basename(entry, '.ts')}${traces ? '.traces' : ''}.js`);
  const stamp = `${outfile}.inputs.json`;
  if (isFresh(root, stamp)) return outfile;
  mkdirSync(folder, { recursive: true });
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'silent',
    sourcemap: traces,
    plugins: traces ? [] : [withoutTokenTraces],
  });
  writeFileSync(stamp, JSON.stringify(fingerprints(root, [...Object.keys(metafile.inputs), ...SETTINGS])));
  return outfile;
}

function isFresh(root, stamp) {
  try {
    const before = JSON.parse(readFileSync(stamp, 'utf8'));
    return Object.entries(before).every(([file, fingerprint]) => fingerprintOf(join(root, file)) === fingerprint);
  } catch {
    return false; // no bundle yet, or an input is gone
  }
}

function fingerprints(root, files) {
  return Object.fromEntries(files.map((file) => [file, fingerprintOf(join(root, file))]));
}

function fingerprintOf(file) {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
}
