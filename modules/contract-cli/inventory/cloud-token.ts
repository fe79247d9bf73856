import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_HOSTNAME } from '@strata/state/config';

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'TF_TOKEN_';

/**
 * The token for an HCP Terraform host, looked up where Terraform and its `tfe` provider look: `TF_TOKEN_<host>`, then
 * `TFE_TOKEN` (for the host in `TFE_HOSTNAME`, else HCP Terraform's own), then the file that `terraform login` writes.
 * `undefined` if there is none.
 */
export function cloudToken(hostname: string, environment: Environment): string | undefined {
  return hostVariable(hostname, environment) ?? tfeVariable(hostname, environment) ?? loginFile(hostname, environment);
}

function hostVariable(hostname: string, environment: Environment): string | undefined {
  // In a variable's name a dot is written as one underscore, a hyphen as two.
  const named = Object.keys(environment).find(
    (name) =>
      name.startsWith(PREFIX) &&
      name.slice(PREFIX.length).replaceAll('__', '-').replaceAll('_', '.').toLowerCase() === hostname.toLowerCase(),
  );
  return named === undefined ? undefined : given(environment[named]);
}

function tfeVariable(hostname: string, environment: Environment): string | undefined {
  // A token is sent only to the host it belongs to.
  return (given(environment.TFE_HOSTNAME) ?? DEFAULT_HOSTNAME).toLowerCase() === hostname.toLowerCase()
    ? given(environment.TFE_TOKEN)
    : undefined;
}

function loginFile(hostname: string, environment: Environment): string | undefined {
  try {
    const file = JSON.parse(readFileSync(loginFilePath(environment), 'utf8')) as {
      readonly credentials?: Readonly<Record<string, { readonly token?: string }>>;
    };
    return given(file.credentials?.[hostname]?.token);
  } catch {
    return undefined;
  }
}

function loginFilePath(environment: Environment): string {
  const name = 'credentials.tfrc.json';
  return process.platform === 'win32'
    ? join(environment.APPDATA ?? homedir(), 'terraform.d', name)
    : join(environment.HOME ?? homedir(), '.terraform.d', name);
}

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
