import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProviderMirror } from './provider-mirror';

const ADDRESS = 'registry.terraform.io/hashicorp/aws';

/**
 * Lets Terraform start the AWS provider of the machine's mirror without hashing its 700 MB at each command, which is
 * three of the eight seconds that a plan of nothing takes: `init` finds an empty file in its place, and all other
 * commands are told by `dev_overrides` where it is. Nothing changes where the provider comes from elsewhere, nor for a
 * mirror that holds an archive or several versions. `__tests__/e2e/new-user.test.ts` goes without, as users do.
 *
 * @param file the Terraform CLI configuration that names the mirror; it is rewritten
 */
export function skipProviderChecksum(file: string | undefined): void {
  const mirror = findProviderMirror();
  const provider = mirror === undefined ? undefined : unpackedProvider(path.join(mirror, ADDRESS));
  if (file === undefined || mirror === undefined || provider === undefined) return;
  const empty = path.join(path.dirname(file), 'empty-providers');
  const folder = path.join(empty, ADDRESS, provider.version, provider.platform);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, provider.program), '', { mode: 0o755 });
  const override = `  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(provider.folder)}\n  }`;
  const text = readFileSync(file, 'utf8')
    .replace(/^provider_installation \{$/m, (block) => `${block}\n${override}`)
    .replace(JSON.stringify(mirror), JSON.stringify(empty));
  writeFileSync(file, text);
}

/** The AWS provider of the machine's mirror, as a program; `undefined` where there is none to start. */
export function providerProgram(): string | undefined {
  const mirror = findProviderMirror();
  const provider = mirror === undefined ? undefined : unpackedProvider(path.join(mirror, ADDRESS));
  return provider === undefined ? undefined : path.join(provider.folder, provider.program);
}

/** The summary of the warning that Terraform gives meanwhile. */
export const OVERRIDE_WARNING = 'Provider development overrides are in effect';

function unpackedProvider(versions: string) {
  const [version, ...others] = readdirSync(versions).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  if (version === undefined || others.length > 0) return undefined;
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const folder = path.join(versions, version, platform);
  try {
    const program = readdirSync(folder).find((name) => name.startsWith('terraform-provider-aws'));
    return program === undefined ? undefined : { version, platform, folder, program };
  } catch {
    return undefined;
  }
}
