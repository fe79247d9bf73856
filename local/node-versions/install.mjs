// Installs the Node.js versions that package.json here names into .strata/node-versions, where they are not there yet.
// Plain Node: it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const FILES = ['package.json', 'package-lock.json'];

/**
 * @param {string} root folder of the repository
 * @returns {{ folder: string, problem: string | undefined }} where they are, and why some are missing
 */
export function ensureNodeVersions(root) {
  const folder = join(root, '.strata', 'node-versions');
  const problem =
    process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
      ? install(folder)
      : `npm has Node.js as a package for Linux on x64 and arm64, not for ${process.platform} on ${process.arch}`;
  return { folder, problem };
}

function install(folder) {
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const names = Object.keys(JSON.parse(lock).packages[''].optionalDependencies).filter((name) =>
    name.endsWith(`-${process.platform}-${process.arch}`),
  );
  const missing = () => names.filter((name) => !existsSync(join(folder, 'node_modules', name, 'bin', 'node')));
  const installed = join(folder, 'package-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock && missing().length === 0) return undefined;
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(here, file), join(folder, file));
  const { status, stderr, error } = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) return `npm ci of local/node-versions failed: ${error?.message ?? stderr.trim()}`;
  return missing().length === 0 ? undefined : `npm left out ${missing().join(', ')}`;
}
