// A temporary worktree of a git ref that runs without an install: packages of others are those of this checkout, its own are the ref's.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Third-party packages are not those that the ref's lock file says: a difference that a new version of one makes does not show.
 *
 * @param {string} root folder of the checkout whose packages are installed
 * @param {string} ref
 * @param {string} folder where the worktree is made
 * @returns {{ folder: string, remove: () => void }}
 * @throws Error where the ref is unknown, or nothing is installed
 */
export function checkOut(root, ref, folder) {
  if (!existsSync(join(root, 'node_modules'))) throw new Error('node_modules is missing; run npm install first');
  const commit = commitOf(root, ref);
  git(root, 'worktree', 'add', '--quiet', '--detach', folder, commit);
  const remove = () => git(root, 'worktree', 'remove', '--force', folder);
  try {
    linkPackages(root, folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

/** Links each installed package, and each workspace of the worktree by its name. Workspaces of this checkout are left out: the ref may lack them, or keep them elsewhere. */
function linkPackages(root, folder) {
  const installed = join(root, 'node_modules');
  const target = join(folder, 'node_modules');
  mkdirSync(target);
  for (const name of packageNames(installed)) {
    const real = realpathSync(join(installed, name));
    if (real.split(sep).includes('node_modules')) link(real, join(target, name));
  }
  const today = workspaces(root);
  for (const [name, path] of workspaces(folder)) {
    link(relative(dirname(join(target, name)), join(folder, path)), join(target, name));
    // What npm could not put at the top.
    const own = today.has(name) ? join(root, today.get(name), 'node_modules') : undefined;
    if (own !== undefined && existsSync(own)) link(realpathSync(own), join(folder, path, 'node_modules'));
  }
}

/** The entries of a node_modules folder: packages, those in scopes, and what tools keep there. */
function packageNames(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
  );
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** The workspaces of a tree: name -> folder. As npm does, a later pattern decides over an earlier one, and one with ! leaves out. */
function workspaces(root) {
  const { workspaces: listed = [] } = readManifest(root, '.');
  const patterns = (Array.isArray(listed) ? listed : (listed.packages ?? [])).map((pattern) => ({
    out: pattern.startsWith('!'),
    matches: matcher(pattern.replace(/^!/, '')),
  }));
  const files = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*/package.json').split(
    '\0',
  );
  const folders = files.filter((file) => file !== '' && existsSync(join(root, file))).map((file) => dirname(file));
  const chosen = folders.filter((path) => patterns.findLast(({ matches }) => matches.test(path))?.out === false);
  return new Map(chosen.map((path) => [readManifest(root, path).name, path]));
}

/** A glob as a regular expression: * is a part of a folder's name, ** any folders. */
function matcher(glob) {
  const parts = glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .split(/(\*\*\/|\*\*|\*)/);
  const source = parts.map(
    (part) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`);
}

function readManifest(root, path) {
  return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
}

function commitOf(root, ref) {
  try {
    return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch {
    throw new Error(
      `"${ref}" is not a commit of this repository; give a branch, a tag or a hash, such as HEAD or main`,
    );
  }
}

function git(cwd, ...args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
