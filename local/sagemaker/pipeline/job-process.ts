import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { Stopped } from './execution-error';

/** How long a job may live on after it was asked to stop. */
const STOP_MILLISECONDS = 10_000;

export interface JobProps {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Called with each complete line. */
  readonly onLine: (line: string) => void;
  /** Called with a line that is incomplete or overwritten: a progress bar. */
  readonly onBar?: (text: string) => void;
  /** Stops the job when it aborts. */
  readonly signal: AbortSignal;
}

export interface JobEnd {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The last lines that it wrote. */
  readonly lastLines: readonly string[];
}

/**
 * Runs a job's process to its end, in its own process group so that everything it starts ends with it.
 * @throws Stopped when the run is stopped; the process has ended then
 */
export async function runJob(props: JobProps): Promise<JobEnd> {
  mkdirSync(dirname(props.logFile), { recursive: true });
  const log = createWriteStream(props.logFile);
  const child = spawn(props.program, [...props.arguments], {
    cwd: props.directory,
    env: { ...props.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lastLines: string[] = [];
  const take = (line: string): void => {
    log.write(`${line}\n`);
    if (line.trim() !== '') lastLines.push(line);
    if (lastLines.length > 40) lastLines.shift();
    props.onLine(line);
  };
  const streams = [child.stdout, child.stderr].map((stream) =>
    readLines(stream, take, props.onBar ?? (() => undefined)),
  );
  const stop = (): void => end(child);
  props.signal.addEventListener('abort', stop, { once: true });
  if (props.signal.aborted) stop();
  try {
    const ended = await new Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.once('error', (error) => reject(new Error(`${props.program} does not start: ${error.message}`)));
        child.once('close', (code, signal) => resolve({ code, signal }));
      },
    );
    await Promise.all(streams);
    if (props.signal.aborted) throw new Stopped();
    return { code: ended.code ?? undefined, signal: ended.signal ?? undefined, lastLines };
  } finally {
    props.signal.removeEventListener('abort', stop);
    await new Promise((resolve) => log.end(resolve));
  }
}

function end(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_MILLISECONDS);
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // no groups on this system, or it has just ended
  }
}

/** A carriage return restarts the line: the text before it was a progress bar. */
function readLines(
  stream: NodeJS.ReadableStream,
  onLine: (line: string) => void,
  onBar: (text: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.slice(line.lastIndexOf('\r') + 1));
      const bar = rest.slice(rest.lastIndexOf('\r') + 1);
      if (rest.includes('\r')) rest = `\r${bar}`;
      if (rest !== '') onBar(bar);
    });
    stream.on('end', () => {
      const line = rest.slice(rest.lastIndexOf('\r') + 1);
      if (line.trim() !== '') onLine(line);
      resolve();
    });
  });
}
