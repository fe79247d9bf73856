import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { patience } from './patience';

export interface CommandOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Seconds after which it is killed, and fails. @default 300 */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  /** `null` for one that was killed. */
  readonly status: number | null;
  /** Standard output and error as they came, without colours. */
  readonly output: string;
}

/** A command that runs. */
export interface RunningCommand {
  /** Settles when it has ended. */
  readonly ended: Promise<CommandResult>;
  /** What it has said so far, without colours. */
  output(): string;
  /** Ends it and all it has started at once, as a machine that loses power does. */
  kill(): void;
}

const running = new Set<ChildProcess>();

/** Starts a command in a process group of its own. */
export function startCommand(program: string, args: readonly string[], options: CommandOptions): RunningCommand {
  const child = spawn(program, [...args], {
    cwd: options.cwd,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  const output = (): string => stripVTControlCharacters(chunks.join(''));
  const seconds = (options.timeoutSeconds ?? 300) * patience;
  const timer = setTimeout(() => {
    chunks.push(`\nended by the test: it took longer than ${seconds} s`);
    killGroup(child);
  }, seconds * 1000);
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: output() }));
  }).finally(() => {
    clearTimeout(timer);
    running.delete(child);
  });
  // Awaited later, or not at all where the test has failed before.
  ended.catch(() => undefined);
  return { ended, output, kill: () => killGroup(child) };
}

/** Runs a command to its end. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return startCommand(program, args, options).ended;
}

/**
 * What was said, without the frame and the line breaks that fit it to a terminal, and without the layer that `cdktf`
 * puts before each part it received.
 */
export function oneLine(output: string): string {
  return output.replaceAll(/^(bootstrap|network|registry|ml|compute|ci-cd) +/gm, '').replaceAll(/[\s│╷╵]+/g, ' ');
}

/**
 * Expects that a command said something. Neither line breaks and frames count, nor where the parts begin in which
 * `cdktf` received it: on a busy machine one ends in the middle of a word.
 */
export function expectSaid(output: string, text: string): void {
  const squeezed = (said: string): string => oneLine(said).replaceAll(' ', '');
  if (!squeezed(output).includes(squeezed(text))) expect(oneLine(output)).toContain(text);
}

/** Ends what a failed test has left running. */
export function endCommands(): void {
  for (const child of running) killGroup(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
