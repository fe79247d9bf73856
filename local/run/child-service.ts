import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ciCdConfig } from '@strata/stack-ci-cd/config';
import type { PipelineConfig } from '@strata/stack-ci-cd/pipelines';
import { imageNode } from '../node-versions';
import { buildWorkspace } from '../process/build-workspace';
import { imageCommand, type ImageCommand } from '../process/image-command';
import { UserError } from '../toolchain';

const root = join(__dirname, '../..');

export const appNames = ['app-web', 'app-was'] as const;
export type AppName = (typeof appNames)[number];

/** Builds an app into a folder, as its image is built. @throws UserError with what the build said when it fails */
export function buildApp(app: AppName, outdir: string): Promise<void> {
  return buildWorkspace(join(root, app), outdir);
}

/** The Dockerfile that an app's image is built from, as the ci-cd layer names it. */
export function dockerfileOf(app: AppName): string {
  const { dockerfile } = ciCdConfig.parse({}).pipelines[app] as PipelineConfig;
  return join(root, dockerfile);
}

/** How the image of an app starts Node: what its Dockerfile says. */
export function appCommand(app: AppName): ImageCommand {
  return imageCommand(dockerfileOf(app));
}

export interface ChildService {
  readonly app: AppName;
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** The log so far, one object a line. */
  readonly log: Record<string, unknown>[];
  /** Stops the process as ECS does: SIGTERM, then SIGKILL. Resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a built app as a separate process and waits until it listens.
 * @throws UserError with the app's own last words when it ends instead.
 */
export function startChildService(props: {
  readonly app: AppName;
  /** Folder of the build. */
  readonly folder: string;
  /** Everything the process sees of the environment. `PORT` 0 takes a free port. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sees each line of the log. */
  readonly onLine?: (line: string) => void;
  /** Options of Node in place of those that the image sets. */
  readonly nodeOptions?: readonly string[];
}): Promise<ChildService> {
  const { app, folder, environment } = props;
  const image = appCommand(app);
  const child = spawn(
    imageNode(dockerfileOf(app)),
    [...(props.nodeOptions ?? image.options), join(folder, 'server.js')],
    {
      cwd: folder,
      env: { ...image.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const log: Record<string, unknown>[] = [];
  const raw: string[] = [];

  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    return ended.finally(() => clearTimeout(timer));
  };

  return new Promise((resolve, reject) => {
    const onLine = (line: string): void => {
      props.onLine?.(line);
      if (raw.length < 50) raw.push(line);
      const entry = parse(line);
      if (entry === undefined) return;
      if (log.length < 20_000) log.push(entry);
      if (entry['message'] === 'listening') {
        const port = Number(entry['port']);
        resolve({ app, port, url: `http://127.0.0.1:${port}`, process: child, log, stop });
      }
    };
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.once('error', reject);
    void ended.then((code) =>
      reject(
        new UserError(`${app} ended with ${code} before it listened:\n${raw.map((line) => text(line)).join('\n')}`),
      ),
    );
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

function text(line: string): string {
  const message = parse(line)?.['message'];
  return typeof message === 'string' ? message : line;
}
