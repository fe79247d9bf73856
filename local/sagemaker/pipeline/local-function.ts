import { fork } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { account } from '../account';
import { ExecutionError, Stopped } from './execution-error';
import type { Plain } from './values';

/** SageMaker Pipelines waits this long for a function. */
const TIMEOUT_MILLISECONDS = 600_000;

/** A Lambda function as a file on this machine. */
export interface LocalFunction {
  /** JavaScript file, as it would be packed. */
  readonly file: string;
  /** Name of the handler that it exports. @default handler */
  readonly handler?: string;
  /** The Node.js that runs it. @default the one that runs this */
  readonly node?: string;
  /** The function's own variables. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Invokes a function in a separate process. Every AWS client in it reaches the local SageMaker, never an AWS account.
 * @throws ExecutionError with the function's own error
 */
export async function invokeLocally(
  fn: LocalFunction,
  event: Plain,
  options: {
    readonly arn: string;
    readonly sagemakerUrl: string;
    readonly logFile: string;
    readonly onLine: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<Plain> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile);
  const name = options.arn.split(':').at(-1) ?? 'function';
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([key, value]) => value !== undefined && !key.startsWith('AWS_')),
  );
  const child = fork(join(__dirname, 'function-host.mjs'), [], {
    execArgv: [],
    execPath: fn.node ?? process.execPath,
    env: {
      ...inherited,
      AWS_REGION: account.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: options.sagemakerUrl,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_LAMBDA_FUNCTION_NAME: name,
      ...fn.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      options.onLine(line);
    });
  }
  const stop = (): void => void child.kill('SIGTERM');
  options.signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MILLISECONDS);
  try {
    const message = await new Promise<Message | undefined>((resolve, reject) => {
      let answer: Message | undefined;
      child.once('message', (received) => (answer = received as Message));
      child.once('error', reject);
      child.once('close', () => resolve(answer));
      child.send({
        file: fn.file,
        handler: fn.handler ?? 'handler',
        event,
        arn: options.arn,
        name,
        timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      });
    });
    if (options.signal.aborted) throw new Stopped();
    if (message === undefined)
      throw new ExecutionError(
        `it ended with ${child.exitCode ?? child.signalCode} before it answered; everything it wrote is in ` +
          `${options.logFile}`,
      );
    if (message.error !== undefined) throw new ExecutionError(message.error);
    return message.answer ?? null;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', stop);
    log.end();
  }
}

interface Message {
  readonly answer?: Plain;
  readonly error?: string;
}
