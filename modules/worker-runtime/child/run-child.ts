import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { type ChildMessage, type ParentHello, type ParentMessage, PROTOCOL_VERSION } from '../protocol/messages';
import { parseMessage } from '../protocol/parse-message';
import { ProtocolError } from '../protocol/protocol-error';
import { readLines } from '../protocol/read-lines';
import { type ChildOutcome, outcomeOf } from './child-outcome';
import { outOfMemoryKills } from './memory-events';

export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly hello: ParentHello;
  /** Called for each list of rows; the program waits while the promise is pending. */
  readonly onRows: (rows: readonly Record<string, unknown>[]) => Promise<void>;
  readonly onProgress: (fraction: number, note: string | undefined) => void;
  readonly onCheckpoint: (value: unknown) => void;
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** The oom_kill counter. @default the container's */
  readonly oomKills?: () => number;
}

/** A program that runs: ask it to end, or end it. */
export interface RunningChild {
  /** Settles when the program has ended and all that it wrote is handled. */
  readonly outcome: Promise<ChildOutcome>;
  readonly pid: number | undefined;
  /** Tells the program why it should end, then kills its process group after `graceSeconds`. */
  end(why: 'cancel' | 'stop', graceSeconds: number): Promise<void>;
}

/**
 * Runs a program as a process group of its own and speaks the protocol with it: it reads on file descriptor 3 and
 * writes on 4. Its output and errors are the worker's log.
 */
export function runChild(options: ChildOptions): RunningChild {
  const [program, ...args] = options.command;
  const count = options.oomKills ?? outOfMemoryKills;
  const before = count();
  const child = spawn(program, args, {
    detached: true, // a group of its own, so that what it started ends with it
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
    env: options.environment ?? process.env,
  });
  const input = child.stdio[3] as Writable;
  const output = child.stdio[4] as Readable;
  input.on('error', () => undefined); // the program ended before it read everything
  const send = (message: ParentMessage): void => void input.write(`${JSON.stringify(message)}\n`);
  const kill = (): void => killGroup(child.pid);
  const closed = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  send(options.hello);

  const outcome = (async (): Promise<ChildOutcome> => {
    try {
      const last = await listen(output, options);
      input.end();
      const [exitCode, signal] = await closed;
      return outcomeOf({ exitCode, signal, last, outOfMemory: count() > before });
    } catch (error) {
      kill();
      if (error instanceof ProtocolError)
        return { kind: 'failed', code: 'protocol', message: error.message, retry: true };
      if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn') === true)
        return { kind: 'failed', code: 'cannot_start', message: (error as Error).message, retry: true };
      throw error;
    } finally {
      kill(); // what the program left behind
    }
  })();
  outcome.catch(() => undefined); // the caller that awaits it gets the error

  return {
    outcome,
    pid: child.pid,
    async end(why, graceSeconds) {
      send({ type: why });
      const timer = setTimeout(kill, graceSeconds * 1000);
      await closed.catch(() => undefined);
      clearTimeout(timer);
      kill();
      await outcome.catch(() => undefined);
    },
  };
}

async function listen(
  output: Readable,
  { onRows, onProgress, onCheckpoint }: ChildOptions,
): Promise<Extract<ChildMessage, { type: 'done' | 'error' }> | undefined> {
  let greeted = false;
  let last: Extract<ChildMessage, { type: 'done' | 'error' }> | undefined;
  for await (const line of readLines(output)) {
    const message = parseMessage(line);
    if (last !== undefined) throw new ProtocolError(`the program wrote "${message.type}" after "${last.type}"`);
    if (!greeted && message.type !== 'hello')
      throw new ProtocolError(`the program began with "${message.type}"; begin with "hello"`);
    if (message.type === 'hello') {
      if (message.protocol !== PROTOCOL_VERSION)
        throw new ProtocolError(
          `the program speaks version ${message.protocol} of the protocol, the worker ${PROTOCOL_VERSION}`,
        );
      greeted = true;
    } else if (message.type === 'rows') await onRows(message.rows);
    else if (message.type === 'progress') onProgress(message.fraction, message.note);
    else if (message.type === 'checkpoint') onCheckpoint(message.value);
    else last = message;
  }
  return last;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of the group have ended.
  }
}
