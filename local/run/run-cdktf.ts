import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../toolchain';
import { DeployProgress } from './deploy-progress';

export interface RunCdktfOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: string;
  readonly names: readonly string[];
  readonly verbose: boolean;
  readonly say: (text: string) => void;
}

/**
 * Runs `npx cdktf …`, says calmly how far it is, and writes everything into a log.
 *
 * @returns the command's exit code
 */
export async function runCdktf(command: readonly string[], options: RunCdktfOptions): Promise<number> {
  mkdirSync(join(options.log, '..'), { recursive: true });
  const log = createWriteStream(options.log);
  const progress = new DeployProgress(options.names);
  const child = spawn('npx', [...command], {
    cwd: options.cwd,
    // Without CI the CLI draws a spinner into the pipe.
    env: { ...options.environment, CI: 'true', FORCE_COLOR: '0' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const read = (stream: NodeJS.ReadableStream): Promise<void> =>
    new Promise((resolve) => {
      const lines = createInterface({ input: stream });
      lines.on('line', (line) => {
        log.write(`${line}\n`);
        for (const shown of options.verbose ? [line] : progress.line(line)) options.say(shown);
      });
      lines.on('close', resolve);
    });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(new UserError(`npx does not start: ${error.message}`)));
    child.on('close', (code) => resolve(code ?? 1));
  });
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const code = await ended;
  await new Promise((resolve) => log.end(resolve));
  // A failure outside Terraform, such as in the app's code, has no error box.
  if (code !== 0 && !options.verbose && !progress.hasErrors) {
    options.say(readFileSync(options.log, 'utf8').trim().split('\n').slice(-25).join('\n'));
  }
  return code;
}
