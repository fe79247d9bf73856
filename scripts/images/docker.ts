import { spawnSync } from 'node:child_process';
import { findProgram, UserError } from '../../local/toolchain';

const INSTEAD = "Or have the application's pipeline build it: see docs/shipping.md.";

/**
 * Finds Docker on this machine.
 * @throws UserError saying what is missing: the program, its builder, or the daemon behind it
 */
export function requireDocker(): string {
  const docker = findProgram('docker');
  if (docker === undefined)
    throw new UserError(
      'no docker on PATH. This command needs Docker with its builder buildx: ' +
        `https://docs.docker.com/engine/install/. ${INSTEAD}`,
    );
  if (spawnSync(docker, ['buildx', 'version']).status !== 0)
    throw new UserError(
      `docker (${docker}) has no buildx. Install the plugin: https://docs.docker.com/build/buildx/install/. ${INSTEAD}`,
    );
  const info = spawnSync(docker, ['info', '--format', '{{.ServerVersion}}'], { encoding: 'utf8' });
  if (info.status !== 0)
    throw new UserError(
      `docker (${docker}) has no daemon that answers: ${lastLine(info.stderr)}. Start it, or let your user ` +
        `reach it. ${INSTEAD}`,
    );
  return docker;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Runs docker with its output on the terminal. @throws UserError when it fails */
export function runDocker(docker: string, args: readonly string[], input?: string): void {
  const { status, error } = spawnSync(docker, [...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    input,
  });
  // If docker exits before it has read its input, the pipe breaks; its status says what happened.
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  if (status !== 0) throw new UserError(`docker ${args[0]} ended with ${status}`);
}
