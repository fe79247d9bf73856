import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

/** The version of the protocol that this helper speaks. */
const PROTOCOL = 1;
const ROWS_PER_MESSAGE = 100;
const BYTES_PER_MESSAGE = 192 * 1024;

/** A row of the result: names and JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** What a job is given. */
export interface ProgramInput {
  /** A file that can be read as often as needed. */
  readonly path: string;
  readonly bytes: number;
  readonly parameters: unknown;
  readonly job: { readonly id: string; readonly tenant: string; readonly kind: string; readonly attempt: number };
}

/** What a job may say while it runs. */
export interface ProgramContext {
  /** The value that the last `checkpoint` of this job saved, by whichever attempt; null without one. */
  readonly saved: unknown;
  /** True when the result is no longer wanted, or the machine is needed: save a checkpoint and return. */
  readonly cancelled: boolean;
  /** @param fraction from 0 to 1 */
  progress(fraction: number, note?: string): void;
  /** Saves a JSON value for the next attempt. */
  checkpoint(value: unknown): void;
  /** Said of the whole job, beside its rows. */
  summary: unknown;
}

/** An error that tells a person what is wrong; with `retry: false` no other attempt is made. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  constructor(
    /** Lower case with underscores, such as `bad_header`. */
    readonly code: string,
    message: string,
    readonly retry = true,
  ) {
    super(message);
  }
}

export type Run = (
  input: ProgramInput,
  context: ProgramContext,
) => Iterable<Row> | AsyncIterable<Row> | Promise<Iterable<Row>>;

/**
 * Runs a function as the program of a worker: reads file descriptor 3, writes 4. Rows are sent as the function yields
 * them, and the function waits while the worker stores them.
 */
export async function main(
  run: Run,
  descriptors: { readonly read: number; readonly write: number } = { read: 3, write: 4 },
): Promise<void> {
  const lines = createInterface({ input: new Socket({ fd: descriptors.read, writable: false }) });
  const received = lines[Symbol.asyncIterator]();
  const hello = JSON.parse(((await received.next()).value as string | undefined) ?? 'null') as Hello | null;
  if (hello?.type !== 'hello' || hello.protocol !== PROTOCOL)
    throw new Error(`the worker speaks another protocol than ${PROTOCOL}: ${JSON.stringify(hello)}`);

  const sendText = (text: string): void => writeAll(descriptors.write, `${text}\n`);
  const send = (message: object): void => sendText(JSON.stringify(message));
  send({ type: 'hello', protocol: PROTOCOL });
  let cancelled = false;
  void (async () => {
    while (!(await received.next()).done) cancelled = true;
  })();

  const context: ProgramContext = {
    saved: hello.checkpoint,
    get cancelled() {
      return cancelled;
    },
    progress: (fraction, note) => send({ type: 'progress', fraction, ...(note === undefined ? {} : { note }) }),
    checkpoint: (value) => send({ type: 'checkpoint', value }),
    summary: null,
  };
  try {
    const { path, bytes } = hello.input;
    await sendRows(await run({ path, bytes, parameters: hello.parameters, job: hello.job }, context), sendText);
    send({ type: 'done', summary: context.summary });
  } catch (error) {
    const { code, retry } = error instanceof ProgramError ? error : { code: 'program_failed', retry: true };
    process.stderr.write(`${inspect(error)}\n`);
    send({ type: 'error', code, message: String((error as Error).message ?? error).slice(0, 4000), retry });
  }
  process.exit(0); // what the function left open would keep the process alive
}

interface Hello {
  readonly type: string;
  readonly protocol: number;
  readonly job: ProgramInput['job'];
  readonly input: { readonly path: string; readonly bytes: number };
  readonly parameters: unknown;
  readonly checkpoint: unknown;
}

async function sendRows(rows: Iterable<Row> | AsyncIterable<Row>, send: (text: string) => void): Promise<void> {
  let batch: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (batch.length > 0) send(`{"type":"rows","rows":[${batch.join(',')}]}`);
    batch = [];
    bytes = 0;
  };
  let count = 0;
  for await (const row of rows) {
    const text = JSON.stringify(row);
    if (bytes + text.length > BYTES_PER_MESSAGE) flush();
    batch.push(text);
    bytes += text.length;
    if (batch.length === ROWS_PER_MESSAGE) flush();
    if (++count % 1000 === 0) await new Promise((resolve) => setImmediate(resolve)); // hear of cancel
  }
  flush();
}

/** Waits for a full pipe: the worker is storing what it has. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
