// Gathers the packages that the container's bundle leaves outside, with what they need at run time and nothing for
// other platforms, and libjpeg-turbo's library where the machine has it. Run on the platform of the image.
// Usage: node native-modules.mjs <folder of the bundle> [--parts=<file>]
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeParts } from './native-parts.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const { platform, arch } = process;
/** Whether the machine's C library is glibc, and not musl. */
const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
const {
  values: { parts: partsFile },
  positionals: [given = ''],
} = parseArgs({ allowPositionals: true, options: { parts: { type: 'string' } } });
const folder = resolve(given);
if (!existsSync(join(folder, 'server.js'))) {
  console.error(
    `${folder} has no server.js; give the folder that "npm run build --workspace=model-endpoint" has written`,
  );
  process.exit(1);
}

/** What the packages need to be installed, and never again. */
const installOnly = new Set(['adm-zip', 'global-agent']);
const modules = join(folder, 'node_modules');
rmSync(modules, { recursive: true, force: true });
const todo = JSON.parse(readFileSync(join(root, 'sagemaker/endpoint/build/native-packages.json'), 'utf8')).map(
  (name) => [name, join(root, 'sagemaker/endpoint')],
);
/** Package -> folder it was taken from. */
const done = new Map();
for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
  const [name, from] = next;
  if (done.has(name) || installOnly.has(name)) continue;
  const source = find(name, from);
  // An optional package that npm has left out: it is another platform's.
  if (source === undefined) continue;
  done.set(name, source);
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  cpSync(source, join(modules, name), {
    recursive: true,
    filter: (path) => isWanted(name, relative(source, path).split(sep)),
  });
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  todo.push(...Object.keys({ ...dependencies, ...optionalDependencies }).map((needed) => [needed, source]));
}
for (const needed of ['koffi', 'onnxruntime-node', 'sharp'])
  if (!done.has(needed)) throw new Error(`${needed} is not installed; run npm ci`);

const library = ['/usr/lib', '/lib']
  .flatMap((base) =>
    existsSync(base) ? readdirSync(base).map((triplet) => join(base, triplet, 'libturbojpeg.so.0')) : [],
  )
  .find((path) => existsSync(path));
if (library === undefined)
  console.warn(
    'libturbojpeg.so.0 is not on this machine (Debian: libturbojpeg0); libvips will decode every photo, in ' +
      'about five times as long',
  );
// It is a link to the file with the version in its name. cpSync with `dereference` fails on one in Node.js 22 and 24
// (https://github.com/nodejs/node/issues/58939).
else copyFileSync(realpathSync(library), join(folder, 'libturbojpeg.so.0'));

// What an image's list of contents says about them.
if (partsFile !== undefined)
  writeFileSync(partsFile, JSON.stringify(describeParts(done, library, join(root, 'sagemaker/endpoint'))));

/** A package's folder, as Node.js looks for it. */
function find(name, from) {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((path) => existsSync(join(path, 'package.json')));
}

/** Leaves out other platforms' libraries, sources, types and documents. */
function isWanted(name, parts) {
  if (parts.includes('node_modules')) return false;
  const path = parts.join('/');
  if (/\.([cm]?ts|map|md|c|cc|h|hh|S|asm|inc|def|bnf|cmake)$/.test(path)) return false;
  if (name === 'onnxruntime-node') {
    if (/^(script|lib)(\/|$)/.test(path)) return false;
    const [bin, , system, cpu] = parts;
    return bin !== 'bin' || ((system === undefined || system === platform) && (cpu === undefined || cpu === arch));
  }
  if (name === 'onnxruntime-common') return !/^(lib|dist\/esm)(\/|$)/.test(path);
  if (name === 'koffi') return !/^(src\/(?!koffi)|vendor|doc|lib)(\/|$)|^cnoke\.cjs$|CMakeLists/.test(path);
  if (name.startsWith('@koromix/')) return !parts[0].startsWith(isGlibc ? 'musl_' : 'linux_');
  return true;
}
