import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** Folder of the training code, which Python finds its modules in. */
export const trainingFolder = join(__dirname, '../../sagemaker/training');

/**
 * Runs Python on this terminal with the training code on its path, until it ends.
 * @param python the interpreter
 * @param cwd folder that paths in `args` are relative to
 * @returns its exit code; 130 after Ctrl-C, 143 after SIGTERM
 */
export function runPython(python: string, args: readonly string[], cwd: string): Promise<number> {
  const path = [trainingFolder, process.env.PYTHONPATH]
    .filter((part) => part !== undefined && part !== '')
    .join(delimiter);
  const child = spawn(python, [...args], { cwd, stdio: 'inherit', env: { ...process.env, PYTHONPATH: path } });
  // Ctrl-C reaches the child by itself; this process waits for what it says.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
