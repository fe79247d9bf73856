// The ranges in which stacks read other layers' contracts, as their sources and their manifests say them.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const CONTRACT = /^@strata\/(.+)-contract$/;

/** Layer of a contract's package, such as `network` for `@strata/network-contract`; `undefined` for any other package. */
export const layerOfContract = (name) => CONTRACT.exec(name)?.[1];

/**
 * Every contract that the sources of a stack read, with its range: `this.read(networkContract, '^1.0')`.
 *
 * @param {string} folder of the stack
 * @returns {{ file: string, contract: string, range: string | undefined }[]} `contract` is the name of its package;
 *   `range` is undefined where it is no literal
 */
export function contractReads(folder) {
  return sources(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const packages = new Map(
      [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*'(@strata\/[\w-]+-contract)'/g)].flatMap(([, names, from]) =>
        names.split(',').map((name) => [
          name
            .trim()
            .split(/\s+as\s+/)
            .at(-1),
          from,
        ]),
      ),
    );
    return [...text.matchAll(/\.(?:read|readIfDeployed|readInstance)\(\s*(\w+),\s*(?:'([^']*)')?/g)]
      .filter(([, name]) => packages.has(name))
      .map(([, name, range]) => ({ file, contract: packages.get(name), range }));
  });
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !/^(contract|lib|node_modules)[\\/]/.test(file))
    .sort();
}
