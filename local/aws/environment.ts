import { resolve } from 'node:path';

import { rareCollections, type Environment, type ProviderSource } from '../toolchain';
import type { Location } from './location';

/**
 * Variables to set, by name, and variables to unset, that make Terraform, CDKTF, the AWS CLI and every SDK use the
 * emulator.
 */
export interface EmulatorEnvironment {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

export const EMULATOR_REGION = 'ap-northeast-2';

/** Terraform, such that `cdktf` shows its errors; a shell script. */
const WHOLE_OUTPUT = resolve(__dirname, '..', 'toolchain', 'terraform-whole-output.sh');

/** Credentials of a real account, or endpoints of single services: either would win over the emulator's. */
const CONFLICTING =
  /^(AWS_PROFILE|AWS_DEFAULT_PROFILE|AWS_SESSION_TOKEN|AWS_SECURITY_TOKEN|AWS_ROLE_ARN|AWS_WEB_IDENTITY_TOKEN_FILE|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_ENDPOINT_URL_.+)$/;

export function emulatorEnvironment(
  location: Location,
  source: ProviderSource,
  current: Environment = process.env,
): EmulatorEnvironment {
  const set: Record<string, string> = {
    AWS_ENDPOINT_URL: location.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: EMULATOR_REGION,
    AWS_DEFAULT_REGION: EMULATOR_REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The provider's own default is 25: an error of the emulator would look like a hang.
    AWS_MAX_ATTEMPTS: '3',
    // Terraform and the CDKTF CLI ask for new versions at every start otherwise.
    CHECKPOINT_DISABLE: '1',
    ...rareCollections(current),
    // `cdktf deploy` runs `terraform providers lock`, which needs the public registry even with a mirror.
    CDKTF_SKIP_PROVIDER_LOCK: 'true',
    // Stacks deployed in parallel would write the same plugin cache concurrently: "text file busy".
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
  };
  if (location.port !== 5555) set.STRATA_EMULATOR_PORT = String(location.port);
  if (source.setConfigFile !== undefined) set.TF_CLI_CONFIG_FILE = source.setConfigFile;
  if (process.platform !== 'win32') Object.assign(set, wholeOutput(current));
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const proxied = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].some(
      (proxy) => (current[proxy] ?? '') !== '',
    );
    const hosts = (current[name] ?? '').split(',').filter((host) => host !== '');
    if (proxied) set[name] = [...new Set([...hosts, '127.0.0.1'])].join(',');
  }
  return {
    set,
    unset: Object.keys(current)
      .filter((name) => CONFLICTING.test(name))
      .sort(),
  };
}

/** The script in place of Terraform, and the Terraform it starts where that is another than the one on PATH. */
function wholeOutput(current: Environment): Record<string, string> {
  const named = current.TERRAFORM_BINARY_NAME ?? '';
  const terraform = named === WHOLE_OUTPUT ? (current.STRATA_TERRAFORM ?? '') : named;
  return { TERRAFORM_BINARY_NAME: WHOLE_OUTPUT, ...(terraform !== '' && { STRATA_TERRAFORM: terraform }) };
}

/** Lines for a POSIX shell's `eval`. */
export function shellLines(environment: EmulatorEnvironment): string {
  const unset = environment.unset.map((name) => `unset ${name}`);
  const set = Object.entries(environment.set).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  return `${[...unset, ...set].join('\n')}\n`;
}

/** `current` as it is after the shell lines. */
export function withEmulator(
  environment: EmulatorEnvironment,
  current: Environment = process.env,
): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = { ...current };
  for (const name of environment.unset) delete result[name];
  return { ...result, ...environment.set };
}
