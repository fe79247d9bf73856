// Brings node_modules in line with package-lock.json, and does nothing where it is already.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Why `npm ci` is needed, or undefined where what is installed is what the lock file says. Compares package by package
 * with npm's own record of what it installed, so that a lock file that was only reformatted costs nothing.
 *
 * @param {string} root folder that holds package-lock.json
 */
export function staleInstall(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is missing';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are those of other platforms too; the root and the workspaces themselves are no installed
    // copies.
    if (!path.includes('node_modules/') || entry.optional === true) continue;
    const found = installed[path];
    if (found === undefined || found.version !== entry.version)
      return `${path.replace(/^.*node_modules\//, '')} is not installed as package-lock.json says`;
    if (entry.link === true && !existsSync(join(root, path))) return `the link to ${entry.resolved} is missing`;
  }
  return undefined;
}

/**
 * Installs when needed. npm's own output goes to stderr, so that a caller may keep stdout for its result.
 *
 * @param {string} root folder that holds package-lock.json
 * @returns {boolean} whether the packages are there now
 */
export function ensureInstalled(root) {
  const reason = staleInstall(root);
  if (reason === undefined) return true;
  console.error(`Installing packages (npm ci): ${reason}.`);
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return true;
  console.error(
    result.error?.code === 'ENOENT'
      ? 'npm was not found; install Node.js 20.19 or newer, which brings it.'
      : 'The packages could not be installed: npm ci failed, its message is above. If it speaks of a lock file ' +
          'out of sync, run npm install and commit ' +
          'package-lock.json; otherwise check that the npm registry can be reached (npm ping). Then run this again.',
  );
  return false;
}
