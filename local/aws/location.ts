import { join, resolve } from 'node:path';

import { type Environment, UserError } from '../toolchain';

export const DEFAULT_PORT = 5555;

/** Where one emulator lives: its port, and its files below `.strata/` of the checkout. */
export interface Location {
  /** The checkout. */
  readonly root: string;
  readonly port: number;
  readonly endpoint: string;
  /** `.strata/`: everything here can be deleted while the emulator is stopped. */
  readonly directory: string;
  /** Process id and port of the emulator that was started. */
  readonly stateFile: string;
  readonly logFile: string;
  readonly venv: string;
  readonly terraformConfig: string;
}

/**
 * @param environment read for `STRATA_EMULATOR_PORT`
 * @throws UserError when that is not a port
 */
export function locate(
  environment: Environment = process.env,
  root: string = resolve(__dirname, '..', '..'),
): Location {
  const given = environment.STRATA_EMULATOR_PORT;
  const port = given === undefined || given === '' ? DEFAULT_PORT : Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UserError(
      `STRATA_EMULATOR_PORT is '${given}': give a port between 1 and 65535, or unset it for ${DEFAULT_PORT}`,
    );
  }
  const directory = join(root, '.strata');
  return {
    root,
    port,
    // The address, not `localhost`: SDKs address buckets by path when the host is an IP address, so no bucket name
    // needs to resolve.
    endpoint: `http://127.0.0.1:${port}`,
    directory,
    stateFile: join(directory, 'emulator.json'),
    logFile: join(directory, 'emulator.log'),
    venv: join(directory, 'venv'),
    terraformConfig: join(directory, 'terraform.rc'),
  };
}
