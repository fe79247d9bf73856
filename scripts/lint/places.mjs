// Where a file or an import belongs: a module, a stack, a contract, an app, the local cloud, the scripts, or the
// infrastructure libraries.
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether a package or an import is one of the Terraform libraries. */
export function isInfrastructure(specifier) {
  return /^(cdktf|cdktn|constructs)(\/|$)|^@(cdktf|cdktn)\//.test(specifier);
}

/** The place of a file, by its path from the repository's root. */
export function placeOfFile(root, file) {
  const path = relative(root, isAbsolute(file) ? file : resolve(root, file))
    .split(sep)
    .join('/');
  const [top, name, ...rest] = path.split('/');
  if (top === 'modules' && rest.length > 0) return { kind: 'module', name, entry: rest.join('/'), path };
  if (top === 'stacks' && rest[0] === 'contract')
    return { kind: 'contract', name, entry: rest.slice(1).join('/'), path };
  if (top === 'local' || top === 'scripts') return { kind: top, path };
  if (top === 'stacks' && rest.length > 0) return { kind: 'stack', name, entry: rest.join('/'), path };
  if (top === 'app-web' || top === 'app-was') return { kind: 'app', name: top, path };
  if (top === 'jobs') return { kind: 'app', name: 'jobs', path };
  if (top === 'sagemaker' && name === 'endpoint') return { kind: 'app', name: 'sagemaker/endpoint', path };
  if (top === 'sagemaker' && name === 'pipeline' && rest.length > 0)
    return { kind: 'module', name: 'sagemaker-pipeline', entry: rest.join('/'), path };
  if (top === 'sagemaker') return { kind: 'sagemaker', name, path };
  if (path === 'main.ts' || path === 'main') return { kind: 'main', path };
  return { kind: 'other', path };
}

/** The place that an import reaches, whether it is written by package name or as a path. */
export function placeOfImport(root, fromFile, specifier) {
  if (isInfrastructure(specifier)) return { kind: 'infrastructure', specifier };
  const stack = /^@strata\/stack-([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (stack) return { kind: 'stack', name: stack[1], entry: stack[2] ?? '' };
  const contract = /^@strata\/(.+)-contract(?:\/(.+))?$/.exec(specifier);
  if (contract) return { kind: 'contract', name: contract[1], entry: contract[2] ?? '' };
  const module = /^@strata\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (module) return { kind: 'module', name: module[1], entry: module[2] ?? '' };
  if (specifier.startsWith('.')) {
    const place = placeOfFile(root, resolve(dirname(fromFile), specifier));
    // A path that ends at a package's folder (`../../stacks/network`) is its main entry.
    const folder = /^(modules|stacks)\/([^/]+)$/.exec(place.path);
    return folder
      ? { kind: folder[1].slice(0, -1), name: folder[2], entry: '', path: place.path, byPath: true }
      : { ...place, byPath: true };
  }
  return { kind: 'package', specifier };
}

/** The npm package that a bare import comes from: `@cdktf/provider-aws` for `@cdktf/provider-aws/lib/vpc`. */
export function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
