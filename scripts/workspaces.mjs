// The workspaces of this repository, read from disk: every published package in modules/, stacks/ (with the contract
// inside each) and sagemaker/.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @param {string} root folder of the repository
 * @returns {{ folder: string, path: string, kind: 'module' | 'stack' | 'contract', expectedName: string, manifest:
 *   Record<string, any> }[]} in an order in which a package comes behind those that it depends on
 */
export function workspaces(root) {
  const found = [];
  for (const [top, kind, prefix] of [
    ['modules', 'module', '@strata/'],
    ['stacks', 'stack', '@strata/stack-'],
    ['sagemaker', 'module', '@strata/sagemaker-'],
  ]) {
    const folder = join(root, top);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name, 'package.json');
      if (!existsSync(file)) continue;
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      if (manifest.private === true) continue;
      found.push({ folder: join(folder, name), path: `${top}/${name}`, kind, expectedName: prefix + name, manifest });
      const contract = join(folder, name, 'contract', 'package.json');
      if (kind !== 'stack' || !existsSync(contract)) continue;
      found.push({
        folder: dirname(contract),
        path: `${top}/${name}/contract`,
        kind: 'contract',
        expectedName: `@strata/${name}-contract`,
        manifest: JSON.parse(readFileSync(contract, 'utf8')),
      });
    }
  }
  return dependenciesFirst(found);
}

/**
 * The workspaces that are versioned and tagged but never published: the apps, and what runs the model.
 *
 * @param {string} root folder of the repository
 * @returns {Record<string, any>[]} their package.json files
 */
export function privatePackages(root) {
  const { workspaces: patterns = [] } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return patterns
    .filter((pattern) => !pattern.endsWith('/*'))
    .map((folder) => join(root, folder, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    .filter((manifest) => manifest.private === true);
}

function dependenciesFirst(all) {
  const byName = new Map(all.map((workspace) => [workspace.manifest.name, workspace]));
  const ordered = new Set();
  const visit = (workspace, path) => {
    if (ordered.has(workspace)) return;
    if (path.includes(workspace)) {
      throw new Error(
        'packages depend on each other in a circle: ' +
          `${[...path.slice(path.indexOf(workspace)), workspace].map((w) => w.manifest.name).join(' -> ')}`,
      );
    }
    for (const name of Object.keys(workspace.manifest.dependencies ?? {}))
      if (byName.has(name)) visit(byName.get(name), [...path, workspace]);
    ordered.add(workspace);
  };
  for (const workspace of all) visit(workspace, []);
  return [...ordered];
}
