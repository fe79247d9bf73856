// `changeset version`, but a reader of a contract keeps its range while that accepts the contract's new version: npm's
// range is the range that the layer reads the contract in, and a new output is nothing to its former readers.
// Usage: node scripts/changesets/version.mjs [root]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import semver from 'semver';
import { layerOfContract } from '../contract-ranges.mjs';
import { workspaces } from '../workspaces.mjs';

const root = resolve(process.argv[2] ?? '.');
const changesets = join(dirname(createRequire(import.meta.url).resolve('@changesets/cli/package.json')), 'bin.js');

const before = new Map(workspaces(root).map(({ path, manifest }) => [path, manifest]));
const { status } = spawnSync(process.execPath, [changesets, 'version'], { cwd: root, stdio: 'inherit' });
if (status === 0) restoreRanges();
process.exitCode = status ?? 1;

function restoreRanges() {
  const after = workspaces(root);
  const versions = new Map(after.map(({ manifest }) => [manifest.name, manifest.version]));
  for (const { folder, path, kind } of after.filter((workspace) => workspace.kind === 'stack')) {
    const file = join(folder, 'package.json');
    const text = readFileSync(file, 'utf8');
    let restored = text;
    for (const [name, range] of Object.entries(before.get(path)?.dependencies ?? {})) {
      // The layer's own contract is what it publishes: that range follows.
      const isReader = layerOfContract(name) !== undefined && path !== `${kind}s/${layerOfContract(name)}`;
      if (!isReader || !semver.satisfies(versions.get(name), range)) continue;
      restored = restored.replace(new RegExp(`("${name}": )"[^"]*"`), `$1${JSON.stringify(range)}`);
    }
    if (restored !== text) writeFileSync(file, restored);
  }
}
