// The AWS provider, started once for many commands: starting it takes longer than a plan.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { providerProgram } from '../../local/toolchain';

export interface RunningProvider {
  /** Variables with which Terraform uses it. */
  readonly environment: NodeJS.ProcessEnv;
  stop(): void;
}

const LONGEST_START_MILLISECONDS = 60_000;

/**
 * Starts the provider of the machine's mirror, as its own developers do for a debugger; `undefined` where Terraform
 * has to start it.
 */
export async function startProvider(environment: NodeJS.ProcessEnv): Promise<RunningProvider | undefined> {
  const program = providerProgram();
  if (program === undefined) return undefined;
  const child = spawn(program, ['-debug'], {
    env: { ...environment, TF_LOG: 'ERROR' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), LONGEST_START_MILLISECONDS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
    timer.unref();
  });
  if (address === undefined) {
    child.kill();
    return undefined;
  }
  return { environment: { TF_REATTACH_PROVIDERS: address }, stop: () => void child.kill() };
}
