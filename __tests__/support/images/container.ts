import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ImageConfig } from './builder';

export interface ContainerProps {
  /** Folder with the image's files. */
  readonly root: string;
  readonly config: ImageConfig;
  /** @default the image's command */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder in the container -> folder on this machine; read-only. @default none */
  readonly folders?: Readonly<Record<string, string>>;
}

/** What the kernel says about a container's first process. */
export interface ProcessFacts {
  readonly user: string;
  /** Its number within the container. */
  readonly pid: number;
  readonly capabilities: string;
  readonly isRootReadOnly: boolean;
}

/**
 * A container as ECS starts one with `readonlyRootFilesystem` and all capabilities dropped, but in this machine's
 * network: nothing can be written, not even /tmp.
 */
export class Container {
  readonly #bundle: string;
  readonly #child: ChildProcess;
  readonly #lines: Readonly<Record<string, unknown>>[] = [];
  readonly ended: Promise<number | null>;
  #output = '';

  constructor(props: ContainerProps) {
    this.#bundle = mkdtempSync(join(tmpdir(), 'strata-container-'));
    writeFileSync(join(this.#bundle, 'config.json'), JSON.stringify(runtimeConfig(props)));
    this.#child = spawn('runc', ['run', '--bundle', this.#bundle, this.#id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = (line: string): void => {
      this.#output += `${line}\n`;
      if (line.startsWith('{')) this.#lines.push(JSON.parse(line) as Record<string, unknown>);
    };
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      createInterface({ input: stream }).on('line', read);
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** @returns the line of the log with this message @throws Error with the output when it ends first */
  async logged(message: string): Promise<Readonly<Record<string, unknown>>> {
    let hasEnded = false;
    void this.ended.then(() => (hasEnded = true));
    for (;;) {
      const found = this.#lines.find((line) => line['message'] === message);
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`the container ended without "${message}":\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** @returns its address, once it listens */
  async address(): Promise<string> {
    return `http://127.0.0.1:${String((await this.logged('listening'))['port'])}`;
  }

  facts(): ProcessFacts {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    const field = (name: string): string[] => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)![1]!.split(/\s+/);
    const [root] = readFileSync(`/proc/${this.#pid}/mountinfo`, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .filter((parts) => parts[4] === '/');
    return {
      user: `${field('Uid')[0]}:${field('Gid')[0]}`,
      pid: Number(field('NSpid').at(-1)),
      capabilities: [...new Set(['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => field(name)[0]!))].join(),
      isRootReadOnly: root![5]!.split(',').includes('ro'),
    };
  }

  /** Runs a command in it, as a health check does. @returns its exit code */
  execute(command: readonly string[], environment: Readonly<Record<string, string>> = {}): number | null {
    const variables = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
    return spawnSync('runc', ['exec', ...variables, this.#id, ...command]).status;
  }

  /** As ECS and SageMaker stop one. @returns its exit code */
  async stop(): Promise<number | null> {
    process.kill(this.#pid, 'SIGTERM');
    return await this.ended;
  }

  /** Whatever state it is in. */
  remove(): void {
    spawnSync('runc', ['delete', '--force', this.#id]);
    rmSync(this.#bundle, { recursive: true, force: true });
  }

  get #id(): string {
    return basename(this.#bundle);
  }

  get #pid(): number {
    const { stdout } = spawnSync('runc', ['state', this.#id], { encoding: 'utf8' });
    return (JSON.parse(stdout) as { pid: number }).pid;
  }
}

/** https://github.com/opencontainers/runtime-spec/blob/main/config.md */
function runtimeConfig({ root, config, command, environment = {}, folders = {} }: ContainerProps): object {
  const [uid = 0, gid = 0] = (config.User ?? '').split(':').filter(Boolean).map(Number);
  const none: string[] = [];
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: [...(config.Entrypoint ?? []), ...(command ?? config.Cmd ?? [])],
      env: [...(config.Env ?? []), ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)],
      cwd: config.WorkingDir ?? '/',
      capabilities: { bounding: none, effective: none, permitted: none, inheritable: none, ambient: none },
      noNewPrivileges: true,
    },
    root: { path: root, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      ...Object.entries(folders).map(([destination, source]) => ({
        destination,
        source,
        type: 'bind',
        options: ['bind', 'ro'],
      })),
    ],
    linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
}
