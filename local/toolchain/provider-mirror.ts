import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The provider every layer needs, as a path below a filesystem mirror. */
const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');

/** Directories whose direct children are looked at for a filesystem mirror of providers. */
export function defaultMirrorParents(): string[] {
  return ['/opt', '/usr/share', '/usr/local/share', join(homedir(), '.terraform.d')];
}

/**
 * Finds a Terraform filesystem mirror that holds the AWS provider: a direct child of one of `parents` with
 * `registry.terraform.io/hashicorp/aws` below it that is not empty. The first in order of parent, then of name.
 */
export function findProviderMirror(parents: readonly string[] = defaultMirrorParents()): string | undefined {
  for (const parent of parents) {
    for (const name of list(parent)) {
      if (list(join(parent, name, PROVIDER)).length > 0) return join(parent, name);
    }
  }
  return undefined;
}

/** The addresses of the providers a filesystem mirror holds, `<host>/<namespace>/<type>`. */
export function mirroredProviders(mirror: string): string[] {
  return list(mirror)
    .filter((host) => host.includes('.'))
    .flatMap((host) => list(join(mirror, host)).map((namespace) => [host, namespace] as const))
    .flatMap(([host, namespace]) => list(join(mirror, host, namespace)).map((type) => `${host}/${namespace}/${type}`));
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
