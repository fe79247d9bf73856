import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../../local/toolchain';
import { imageNode } from '../../../local/node-versions';
import { imageCommand } from '../../../local/process/image-command';

/** A server that takes part: how it is started, given a port. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly command: (port: number) => {
    readonly file: string;
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  };
}

export interface RunningContender {
  readonly contender: Contender;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** The container's server as its image starts it. */
export function endpointContender(props: { readonly dist: string; readonly model: string }): Contender {
  return {
    name: 'endpoint',
    title: 'sagemaker/endpoint',
    command: (port) => {
      const dockerfile = join(__dirname, '../../../sagemaker/endpoint/Dockerfile');
      const image = imageCommand(dockerfile);
      return {
        file: imageNode(dockerfile),
        arguments: [...image.options, join(props.dist, 'server.js'), 'serve'],
        environment: {
          ...image.environment,
          HOST: '127.0.0.1',
          SAGEMAKER_BIND_TO_PORT: String(port),
          MODEL_DIR: props.model,
          DRAIN_SECONDS: '0',
          NODE_NO_WARNINGS: '1',
          TURBOJPEG_LIBRARY: process.env['TURBOJPEG_LIBRARY'] ?? '',
        },
      };
    },
  };
}

/** The usual Python server: with its defaults, and with the settings that did best in trials. */
export function pythonContenders(props: {
  readonly python: string;
  readonly model: string;
  readonly cores: number;
}): Contender[] {
  const uvicorn = (
    name: string,
    title: string,
    options: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Contender => ({
    name,
    title,
    command: (port) => ({
      file: props.python,
      arguments: [
        '-m',
        'uvicorn',
        'server:app',
        '--app-dir',
        join(__dirname, 'python'),
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--log-level',
        'warning',
        ...options,
      ],
      environment: { MODEL_DIR: props.model, PYTHONDONTWRITEBYTECODE: '1', ...environment },
    }),
  });
  return [
    uvicorn('python', 'Python, as it comes', [], {}),
    uvicorn('python-threads', 'Python, 1 thread an inference', [], { THREADS: '1' }),
    uvicorn(
      'python-processes',
      `Python, 1 thread an inference, ${props.cores} processes`,
      ['--workers', String(props.cores)],
      { THREADS: '1' },
    ),
  ];
}

/** Starts a server and waits until it says that it is ready. */
export async function start(contender: Contender): Promise<RunningContender> {
  const port = await freePort();
  const { file, arguments: args, environment } = contender.command(port);
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    if (child.exitCode !== null) throw new UserError(`${contender.title} ended with ${child.exitCode}:\n${errors}`);
    const ready = await fetch(`http://127.0.0.1:${port}/ping`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { contender, port, pid: child.pid!, stop: () => stop(child) };
  }
  await stop(child);
  throw new UserError(`${contender.title} was not ready within 60 s:\n${errors}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}
