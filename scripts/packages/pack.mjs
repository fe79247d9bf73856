// `npm run pack`: builds every package and packs it into .strata/packages, as it would be published.
// Usage: node scripts/packages/pack.mjs [destination] [--json]
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { workspaces } from '../workspaces.mjs';
import { build } from './build.mjs';

const allowed =
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|contract\.json|lib\/.+\.(js|d\.ts|json)|lib\/python\/\w+\.py|lib\/functions\/jobs-migrate\/migrations\/\d{4}-[\w.-]+\.sql)$/;
const required = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'lib/index.js', 'lib/index.d.ts'];

/**
 * Builds and packs every package.
 *
 * @param {string} root folder of the repository
 * @param {string} [destination] folder of the tarballs, emptied first; `.strata/packages` by default
 * @returns {{ name: string, version: string, tarball: string, files: string[], bytes: number }[]}
 * @throws Error when a tarball holds what it must not, or lacks what it must have
 */
export function pack(root, destination = join(root, '.strata', 'packages')) {
  const all = build(root);
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const selected = all.flatMap(({ path }) => ['--workspace', path]);
  const npm = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...selected], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (npm.status !== 0) throw new Error(`npm pack ended with ${npm.status}: ${npm.stderr}${npm.stdout}`);

  const packed = Object.values(JSON.parse(npm.stdout)).map(({ name, version, filename, files, size }) => ({
    name,
    version,
    tarball: join(destination, filename),
    files: files.map(({ path }) => path),
    bytes: size,
  }));
  const wrong = packed.flatMap(({ name, files }) => [
    ...files.filter((file) => !allowed.test(file)).map((file) => `${name}: ${file} must not be in the tarball`),
    ...required.filter((file) => !files.includes(file)).map((file) => `${name}: ${file} is missing from the tarball`),
  ]);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return packed;
}

/**
 * How many packages of this repository npm installs with each package, itself included.
 *
 * @param {string} root folder of the repository
 * @returns {[string, number][]} by name
 */
function closureSizes(root) {
  const byName = new Map(
    workspaces(root).map(({ manifest }) => [manifest.name, Object.keys(manifest.dependencies ?? {})]),
  );
  const closure = (name, found = new Set()) => {
    if (!byName.has(name) || found.has(name)) return found;
    found.add(name);
    for (const needed of byName.get(name)) closure(needed, found);
    return found;
  };
  return [...byName.keys()].sort().map((name) => [name, closure(name).size]);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const {
      values: { json },
      positionals: [destination],
    } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
    const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
    const packed = pack(root, destination);
    if (json) console.log(JSON.stringify(packed));
    else {
      for (const { name, version, files, bytes, tarball } of packed) {
        console.log(
          `${`${name}@${version}`.padEnd(44)} ${String(files.length).padStart(3)} files ` +
            `${(bytes / 1024).toFixed(1).padStart(7)} kB  ${tarball}`,
        );
      }
      console.log('\nPackages of this repository that one brings along, itself included:');
      for (const [name, count] of closureSizes(root)) console.log(`${name.padEnd(44)} ${String(count).padStart(3)}`);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
