import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { type Environment, findProgram } from './find-program';
import { UserError } from './user-error';

const run = promisify(execFile);

/** The first version whose S3 backend locks with a lock file (`use_lockfile`). */
export const MINIMUM_TERRAFORM_VERSION = '1.10.0';

export interface Terraform {
  /** Absolute path of the binary. */
  readonly path: string;
  /** For example `1.11.4`. */
  readonly version: string;
}

/**
 * Finds the Terraform that the CDKTF CLI will start: `TERRAFORM_BINARY_NAME` when it is set, otherwise `terraform` on
 * `PATH`.
 *
 * @throws UserError when there is none, when it does not start, or when it is older than `MINIMUM_TERRAFORM_VERSION`
 */
export async function findTerraform(environment: Environment = process.env): Promise<Terraform> {
  const named = environment.TERRAFORM_BINARY_NAME;
  const name = named !== undefined && named !== '' ? named : 'terraform';
  const path = findProgram(name, environment);
  if (path === undefined) {
    const where =
      named === name ? `'${name}', from TERRAFORM_BINARY_NAME, is not an executable` : `no 'terraform' on PATH`;
    throw new UserError(
      `${where}: install Terraform ${MINIMUM_TERRAFORM_VERSION} or newer ` +
        '(https://developer.hashicorp.com/terraform/install), ' +
        'or set TERRAFORM_BINARY_NAME to its path',
    );
  }
  const version = await readVersion(path, environment);
  if (!isAtLeast(version, MINIMUM_TERRAFORM_VERSION)) {
    throw new UserError(
      `${path} is Terraform ${version}, and ${MINIMUM_TERRAFORM_VERSION} or newer is needed for S3 state ` +
        'locking (use_lockfile): ' +
        'upgrade it (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME to a newer one',
    );
  }
  return { path, version };
}

async function readVersion(path: string, environment: Environment): Promise<string> {
  let output: string;
  try {
    // A CLI configuration that does not exist makes `terraform version` warn on the same stream.
    const env = { ...environment, TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: '1' };
    output = (await run(path, ['version', '-json'], { env })).stdout;
    return String((JSON.parse(output.slice(output.indexOf('{'))) as { terraform_version?: unknown }).terraform_version);
  } catch (error) {
    throw new UserError(
      `${path} did not answer 'version -json': ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  }
}

/** Whether `version` is `minimum` or newer; what follows a hyphen (`-beta1`) is not compared. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string): number[] => (text.split('-')[0] ?? '').split('.').map(Number);
  const left = numbers(version);
  const right = numbers(minimum);
  for (let index = 0; index < right.length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (Number.isNaN(difference)) return false;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
