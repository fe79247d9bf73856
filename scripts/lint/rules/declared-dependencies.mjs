// A package that works only because a neighbour's dependency was hoisted breaks in the first project that installs it
// alone.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { visitImports } from '../imports.mjs';
import { packageOf, placeOfFile, placeOfImport } from '../places.mjs';

const manifests = new Map();

function manifestFor(root, folder) {
  if (!manifests.has(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) manifests.set(folder, { folder, ...JSON.parse(readFileSync(file, 'utf8')) });
    else
      manifests.set(
        folder,
        folder === root || dirname(folder) === folder ? undefined : manifestFor(root, dirname(folder)),
      );
  }
  return manifests.get(folder);
}

export const declaredDependencies = {
  meta: { type: 'problem', docs: { description: 'a package declares every package that it imports' } },
  create(context) {
    const from = placeOfFile(context.cwd, context.filename);
    if (!['module', 'stack', 'app', 'sagemaker'].includes(from.kind)) return {};
    const manifest = manifestFor(context.cwd, dirname(context.filename));
    if (!manifest || manifest.folder === context.cwd) return {};
    const shipped = { ...manifest.dependencies, ...manifest.peerDependencies };
    // An app is bundled, never installed: what it is built and tested with may stay a development dependency.
    const declared = manifest.private === true ? { ...shipped, ...manifest.devDependencies } : shipped;
    return visitImports((specifier, node) => {
      const to = placeOfImport(context.cwd, context.filename, specifier);
      if (to.byPath) {
        const leaves =
          (to.kind === 'module' || to.kind === 'stack') && (to.kind !== from.kind || to.name !== from.name);
        if (leaves) {
          const name = to.kind === 'stack' ? `@strata/stack-${to.name}` : `@strata/${to.name}`;
          context.report({
            node,
            message:
              `declared dependencies: "${specifier}" leaves the package by path; import "${name}" and declare ` + 'it',
          });
        }
        return;
      }
      const name = packageOf(specifier);
      if (isBuiltin(specifier) || name === manifest.name || name in declared || `@types/${name}` in declared) return;
      const section = /^(cdktf|constructs)$|^@cdktf\//.test(name) ? 'peerDependencies' : 'dependencies';
      context.report({
        node,
        message: `declared dependencies: "${name}" is not in ${manifest.name}'s package.json; add it to its ${section}`,
      });
    });
  },
};
