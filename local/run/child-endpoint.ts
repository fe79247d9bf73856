import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildWorkspace } from '../process/build-workspace';
import { imageNode } from '../node-versions';
import { imageCommand } from '../process/image-command';
import { UserError } from '../toolchain';

const root = join(__dirname, '../..');

/** Where `npm run build -w model-endpoint` puts the container's server. */
export const endpointDist = join(root, 'sagemaker/endpoint/dist');

/** Builds the container's server, as its image is built. Inside the repository, where its native packages are found. */
export function buildEndpoint(outdir: string = endpointDist): Promise<void> {
  return buildWorkspace(join(root, 'sagemaker/endpoint'), outdir);
}

export interface ChildEndpoint {
  readonly url: string;
  readonly process: ChildProcess;
  /** The log so far, one object a line. */
  readonly log: Record<string, unknown>[];
  /** Stops it as SageMaker does: SIGTERM, then SIGKILL after 30 s. Resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a built server as a separate process and waits until its model is ready.
 * @throws UserError with the server's own last words when it ends instead.
 */
export function startEndpoint(props: {
  readonly dist?: string;
  readonly modelDirectory: string;
  /** @default 0, a free one */
  readonly port?: number;
  /** What else the process sees of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Sees each line of the log. */
  readonly onLine?: (line: string) => void;
}): Promise<ChildEndpoint> {
  const dockerfile = join(root, 'sagemaker/endpoint/Dockerfile');
  const image = imageCommand(dockerfile);
  const child = spawn(
    imageNode(dockerfile),
    [...image.options, join(props.dist ?? endpointDist, 'server.js'), 'serve'],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_NO_WARNINGS: '1',
        HOST: '127.0.0.1',
        ...image.environment,
        ...props.environment,
        MODEL_DIR: props.modelDirectory,
        SAGEMAKER_BIND_TO_PORT: String(props.port ?? 0),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const log: Record<string, unknown>[] = [];
  const words: string[] = [];
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    return ended.finally(() => clearTimeout(timer));
  };
  return new Promise((resolve, reject) => {
    let port: number | undefined;
    let isReady = false;
    const onLine = (line: string): void => {
      props.onLine?.(line);
      const entry = parse(line);
      if (words.length < 20) words.push(String(entry?.['message'] ?? line));
      if (entry === undefined) return;
      if (log.length < 20_000) log.push(entry);
      if (entry['message'] === 'listening') port = Number(entry['port']);
      if (entry['message'] === 'the model is ready') isReady = true;
      if (isReady && port !== undefined) resolve({ url: `http://127.0.0.1:${port}`, process: child, log, stop });
    };
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.once('error', reject);
    void ended.then((code) => reject(new UserError(`the endpoint ended with ${code}:\n${words.join('\n')}`)));
  });
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
