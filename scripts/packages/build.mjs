// `npm run build`: compiles every module and stack in one program and puts JavaScript and declarations into each
// package's lib/.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { workspaces } from '../workspaces.mjs';

/**
 * Builds every package of the repository.
 *
 * @param {string} root folder of the repository
 * @returns {ReturnType<typeof workspaces>} the packages that were built
 * @throws Error when the sources do not compile, or a compiled file would reach out of its package
 */
export function build(root) {
  const out = join(root, '.build');
  rmSync(out, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (compiled.status !== 0) throw new Error('the packages do not compile; the messages of tsc are above');

  const all = workspaces(root);
  for (const { folder, path, manifest } of all) {
    const from = join(out, path);
    if (!existsSync(from)) throw new Error(`${path} has no TypeScript source; a package needs an index.ts`);
    rmSync(join(from, 'package.json'), { force: true });
    for (const file of filesBelow(from)) refuseEscape(from, file, manifest.name);
    const lib = join(folder, 'lib');
    rmSync(lib, { recursive: true, force: true });
    mkdirSync(dirname(lib), { recursive: true });
    renameSync(from, lib);
    // The licence asks to travel with every copy; npm packs it when it lies in the package's folder.
    copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  }
  addFunctions(root);
  addPythonHelper(root);
  return all;
}

/** The helper for programs in Python travels with the worker that runs them. */
function addPythonHelper(root) {
  const worker = join(root, 'modules/worker-runtime');
  if (!existsSync(worker)) return; // a copy of the repository with other packages
  cpSync(join(worker, 'python'), join(worker, 'lib/python'), { recursive: true });
}

/** The code of functions travels with the package that says where it is. */
function addFunctions(root) {
  const bundled = spawnSync(process.execPath, [join(root, 'scripts/functions/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (bundled.status !== 0) throw new Error('the code of the Lambda functions does not bundle; the message is above');
  const bundles = join(root, '.strata/functions');
  const copy = (name, to) => cpSync(join(bundles, name), join(root, to), { recursive: true });
  copy('deploy-endpoint', 'sagemaker/pipeline/lib/deploy-endpoint');
  for (const name of readdirSync(bundles).filter((name) => /^jobs-[a-z-]+$/.test(name)))
    copy(name, `stacks/jobs/lib/functions/${name}`);
}

/** A relative path out of the package works in this repository and nowhere else. */
function refuseEscape(base, file, name) {
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
    /(?:from|require\(|import\()\s*['"](\.[^'"]*)['"]/g,
  )) {
    if (relative(base, resolve(dirname(file), specifier)).startsWith('..')) {
      throw new Error(
        `${name}: ${relative(base, file)} refers to "${specifier}", which is outside the package; import it ` +
          `by its package's name`,
      );
    }
  }
}

export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const built = build(resolve(dirname(fileURLToPath(import.meta.url)), '../..'));
    console.log(`Built ${built.length} packages: ${built.map(({ manifest }) => manifest.name).join(', ')}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
