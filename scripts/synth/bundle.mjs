// Bundles main.ts into one file and keeps it until an input changes: one file loads in a fraction of the time of the
// several hundred it is made of.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { idOfFile, stampId } from './bundle-id.mjs';
import { replaceFile } from './replace-file.mjs';
import { MODULE, WRAPPER } from './run-cached.mjs';

// What a bundle depends on besides the files in it.
const SETTINGS = [
  'tsconfig.json',
  'package-lock.json',
  'scripts/synth/bundle.mjs',
  'scripts/synth/bundle-id.mjs',
  'scripts/synth/core-plugins.mjs',
  'scripts/synth/run-cached.mjs',
];

/**
 * Bundles `entry` (relative to `root`) into `folder`, for `runCached`, unless the bundle there is up to date.
 * With `traces`, cdktf's token traces stay in and stack traces point into the TypeScript files.
 * @returns {Promise<string>} the bundle's path
 * @throws esbuild's BuildFailure when a file cannot be found or parsed
 */
export async function bundle({ root, entry, folder, traces = false }) {
  const outfile = join(folder, `${basename(entry, '.ts')}${traces ? '.traces' : ''}.js`);
  const stamp = `${outfile}.inputs.json`;
  if (isFresh(root, outfile, stamp)) return outfile;
  mkdirSync(folder, { recursive: true });
  const [{ build }, { fileHelpersOnDemand, plainValuesFirst, withoutTokenTraces }] = await Promise.all([
    import('esbuild'),
    import('./core-plugins.mjs'),
  ]);
  const [start, end] = traces ? MODULE : WRAPPER;
  const started = Date.now();
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'silent',
    sourcemap: traces,
    minifyWhitespace: !traces,
    lineLimit: 200, // an uncaught error shows its line
    banner: { js: start },
    footer: { js: end },
    plugins: [fileHelpersOnDemand, ...(traces ? [] : [withoutTokenTraces, plainValuesFirst])],
    write: false,
  });
  const inputs = fingerprints(root, [...Object.keys(metafile.inputs), ...SETTINGS]);
  const { id, stamped } = await stampId(outputFiles.find(({ path }) => path === outfile).contents);
  for (const { path, contents } of outputFiles) replaceFile(path, path === outfile ? stamped : contents);
  // An input that changed meanwhile may be in the bundle as it was: the next run bundles again.
  const changed = Object.values(inputs).some((fingerprint) => Number.parseFloat(fingerprint) >= started);
  if (!changed) replaceFile(stamp, JSON.stringify({ id, inputs }));
  return outfile;
}

function isFresh(root, outfile, stamp) {
  try {
    const { id, inputs } = JSON.parse(readFileSync(stamp, 'utf8'));
    return (
      Object.entries(inputs).every(([file, fingerprint]) => fingerprintOf(root, file) === fingerprint) &&
      idOfFile(outfile) === id
    );
  } catch {
    return false; // no bundle yet, or an input is gone
  }
}

function fingerprints(root, files) {
  return Object.fromEntries(files.map((file) => [file, fingerprintOf(root, file)]));
}

function fingerprintOf(root, file) {
  // Several hundred files at each run: join() would take longer than the file system.
  const { mtimeMs, size } = statSync(`${root}/${file}`);
  return `${mtimeMs} ${size}`;
}
