import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../settings';
import type { ContainerRecord } from './container-record';

/**
 * How the process of an inference image is started on this machine. It gets the word `serve` as its last argument, as
 * SageMaker passes it.
 */
export interface ContainerCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ContainerProps {
  readonly command: ContainerCommand;
  /** The model's own variables, as CreateModel was given them. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is `/opt/ml/model` on SageMaker. */
  readonly modelDirectory: string;
  readonly logFile: string;
  readonly settings: Settings;
  readonly record: ContainerRecord;
  /** Stops waiting for the start when it aborts. */
  readonly signal?: AbortSignal;
}

export interface ContainerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The container did not get as far as answering `/ping`. */
export class ContainerStartError extends Error {}

/** An invocation got no answer: the time was over, or the connection broke. */
export class ContainerInvocationError extends Error {
  constructor(
    readonly reason: 'timeout' | 'connection',
    message: string,
  ) {
    super(message);
  }
}

/**
 * A model's container, as a separate process that follows SageMaker's hosting contract: `/ping`, `/invocations`,
 * SIGTERM.
 */
export class Container {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #ended: Promise<void>;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;
  #stopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly settings: Settings,
    /** The last lines that it wrote. */
    private readonly lastLines: readonly string[],
    readonly logFile: string,
  ) {
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /**
   * Starts a container and waits until `/ping` answers 200.
   * @throws ContainerStartError with the container's last words when it ends, or when its time to start is over
   */
  static async start(props: ContainerProps): Promise<Container> {
    const { command, settings } = props;
    const port = await freePort();
    mkdirSync(dirname(props.logFile), { recursive: true });
    const log = createWriteStream(props.logFile, { flags: 'a' });
    const child = spawn(command.program, [...command.arguments, 'serve'], {
      cwd: command.directory,
      env: {
        ...ofThisMachine(),
        ...command.environment,
        ...props.environment,
        HOST: '127.0.0.1',
        SAGEMAKER_BIND_TO_PORT: String(port),
        MODEL_DIR: props.modelDirectory,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at the terminal reaches this program alone; it stops its containers in order.
      detached: true,
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        lines.push(line);
        if (lines.length > 30) lines.shift();
      });
    }
    const container = new Container(child, port, settings, lines, props.logFile);
    child.once('error', (error) => lines.push(error.message));
    const { pid } = child;
    if (pid !== undefined) props.record.note(pid);
    child.once('close', () => {
      log.end();
      if (pid !== undefined) props.record.forget(pid);
    });
    try {
      await container.#untilHealthy(props.signal);
      return container;
    } catch (error) {
      await container.stop();
      throw error;
    }
  }

  /** Requests that have no answer yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves when the process has ended, whether asked to or not. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  async #untilHealthy(signal: AbortSignal | undefined): Promise<void> {
    const deadline = Date.now() + this.settings.startupTimeoutSeconds * 1000;
    let gone = false;
    void this.#ended.then(() => (gone = true));
    for (let wait = 10; ; wait = Math.min(wait * 1.5, 200)) {
      if (await this.#ping()) return;
      // The pipes may hold words that came after the end.
      if (this.child.exitCode !== null || this.child.signalCode !== null) await this.#ended;
      if (gone || this.child.pid === undefined)
        throw new ContainerStartError(
          `it ended with ${this.child.exitCode ?? this.child.signalCode ?? 'an error'}${this.#words()}`,
        );
      if (signal?.aborted === true) throw new ContainerStartError('it was no longer wanted');
      if (Date.now() > deadline)
        throw new ContainerStartError(
          `/ping did not answer 200 within ${this.settings.startupTimeoutSeconds} s${this.#words()}`,
        );
      await pause(wait);
    }
  }

  /** What it said last; a line of a JSON log by its message. */
  #words(): string {
    const lines = this.lastLines.slice(-8).map(messageOf);
    return lines.length === 0 ? '; it wrote nothing' : `:\n${lines.join('\n')}`;
  }

  async #ping(): Promise<boolean> {
    try {
      const { status } = await this.#send('GET', '/ping', {}, undefined, this.settings.pingTimeoutSeconds);
      return status === 200;
    } catch {
      return false;
    }
  }

  /**
   * Sends an invocation.
   * @throws ContainerInvocationError when there is no answer
   */
  async invoke(headers: OutgoingHttpHeaders, body: Buffer): Promise<ContainerAnswer> {
    this.#inFlight += 1;
    try {
      return await this.#send('POST', '/invocations', headers, body, this.settings.invocationTimeoutSeconds);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  #send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body: Buffer | undefined,
    timeoutSeconds: number,
  ): Promise<ContainerAnswer> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          agent: this.#agent,
          headers: { ...headers, 'content-length': body?.length ?? 0 },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', (error) => fail(error));
          response.once('end', () => {
            clearTimeout(timer);
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
          });
        },
      );
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        call.destroy();
      }, timeoutSeconds * 1000);
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        if (timedOut) return reject(new ContainerInvocationError('timeout', `no answer within ${timeoutSeconds} s`));
        // A kept connection that the container closed just now never carried the request.
        if (call.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
          resolve(this.#send(method, path, headers, body, timeoutSeconds));
        else reject(new ContainerInvocationError('connection', error.message));
      };
      call.once('error', fail);
      call.end(body);
    });
  }

  /** Waits until nothing is under way, then stops: no request is lost, if none is sent any more. */
  async drain(): Promise<void> {
    if (this.#inFlight > 0) {
      const limit = new AbortController();
      const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
      await Promise.race([
        idle,
        pause(this.settings.invocationTimeoutSeconds * 1000, undefined, { signal: limit.signal }).catch(
          () => undefined,
        ),
      ]);
      limit.abort();
    }
    await this.stop();
  }

  /** SIGTERM, and SIGKILL when the time to stop is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.child.pid === undefined) return;
    signalGroup(this.child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(this.child, 'SIGKILL'), this.settings.stopTimeoutSeconds * 1000);
    await this.#ended;
    clearTimeout(timer);
    this.#agent.destroy();
  }
}

/** A process and what it started. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // no groups on this system, or it has just ended
  }
}

function messageOf(line: string): string {
  try {
    const { message } = JSON.parse(line) as { message?: unknown };
    return typeof message === 'string' ? message : line;
  } catch {
    return line;
  }
}

/** What a process needs of this machine; everything else comes from its own description, as in a container. */
function ofThisMachine(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        /^(PATH|HOME|TZ|LANG|TMPDIR|SystemRoot|NODE_NO_WARNINGS)$/.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
