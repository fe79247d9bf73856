import { readSettings } from './settings';
import { messageOf } from './run/context';
import { runWorker } from './run/run-worker';
import { selfTest } from './run/self-test';
import { imageDigest } from './task/image-digest';

const USAGE = 'usage: worker [--self-test] -- <program> [arguments]';

/**
 * The command line: `worker [--self-test] -- <program> [arguments]`. `--self-test` may also be the last word, where the
 * command of a container is put behind the entry point of its image.
 */
export async function main(given: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const args = given.at(-1) === '--self-test' ? ['--self-test', ...given.slice(0, -1)] : given;
  const separator = args.indexOf('--');
  const [program, ...rest] = separator === -1 ? [] : args.slice(separator + 1);
  const unknown = args.slice(0, Math.max(separator, 0)).find((arg) => arg !== '--self-test');
  if (program === undefined || unknown !== undefined)
    throw new Error(`${unknown === undefined ? 'no program is given' : `"${unknown}" is not an option`}; ${USAGE}`);
  if (args.slice(0, separator).includes('--self-test')) {
    await selfTest([program, ...rest]);
    process.stdout.write('the program starts and speaks the protocol\n');
    return;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  const digest = environment.STRATA_IMAGE_DIGEST ?? (await imageDigest(environment.ECS_CONTAINER_METADATA_URI_V4));
  const settings = readSettings({ ...environment, STRATA_IMAGE_DIGEST: digest });
  await runWorker({ settings, command: [program, ...rest], signal: stopping.signal });
}

/** Runs the command and ends the process. */
export async function runMain(): Promise<never> {
  try {
    await main(process.argv.slice(2), process.env);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}
