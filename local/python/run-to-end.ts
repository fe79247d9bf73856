import { spawn } from 'node:child_process';

import type { Environment } from '../toolchain';

export interface Ended {
  /** Exit code; -1 when it did not start or was ended by a signal. */
  readonly code: number;
  readonly stdout: string;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** Runs a program to its end. `onLine` is told each line of either stream. */
export function runToEnd(
  program: string,
  args: readonly string[],
  environment: Environment,
  onLine?: (line: string) => void,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    let line = '';
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      if (onLine === undefined) return;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) onLine(whole);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      take(chunk);
    });
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: -1, stdout, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, output }));
  });
}
