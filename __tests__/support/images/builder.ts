import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../local/toolchain';

const NEEDED = ['buildah', 'runc', 'dpkg-query', 'apt-cache', 'npm'];

/** Why images cannot be built here; `undefined` where they can. */
export function missingForImages(): string | undefined {
  if (process.platform !== 'linux') return `images are built by buildah on Linux, not on ${process.platform}`;
  if (process.getuid?.() !== 0) return 'images are built by root: buildah mounts what it builds';
  const missing = NEEDED.filter((program) => findProgram(program) === undefined);
  return missing.length === 0
    ? undefined
    : `no ${missing.join(', ')} on PATH; on Debian: apt-get install --no-install-recommends buildah runc`;
}

/** What an image says about itself. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

export interface Build {
  readonly dockerfile: string;
  readonly context: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly tag: string;
  /** Seconds since 1970 for every time in the image. */
  readonly epoch: number;
}

/** buildah, with images and containers of its own in a temporary folder. */
export class Builder {
  readonly folder = mkdtempSync(join(tmpdir(), 'strata-buildah-'));

  /** Standard output. @throws Error with the output when buildah fails */
  run(...args: string[]): string {
    return this.#run(args).stdout;
  }

  /** What the build printed. */
  build({ dockerfile, context, buildArgs = {}, tag, epoch }: Build): string {
    const { stdout, stderr } = this.#run([
      'bud',
      '--isolation=chroot',
      '--format=docker',
      '--layers',
      '--pull-never',
      `--timestamp=${epoch}`,
      `--ignorefile=${dockerfile}.dockerignore`,
      `--file=${dockerfile}`,
      ...Object.entries({ ...buildArgs, SOURCE_DATE_EPOCH: String(epoch) }).map(
        ([name, value]) => `--build-arg=${name}=${value}`,
      ),
      ...MACHINE.flatMap(([from, to]) => (existsSync(from) ? [`--volume=${from}:${to}`] : [])),
      `--tag=${tag}`,
      context,
    ]);
    return stdout + stderr;
  }

  /** Digest of the image's configuration, which names every layer: equal images have the same. */
  id(tag: string): string {
    return this.run('images', '--quiet', '--no-trunc', tag).trim();
  }

  config(tag: string): ImageConfig {
    const { Docker } = JSON.parse(this.run('inspect', '--type=image', tag)) as { Docker: { config: ImageConfig } };
    return Docker.config;
  }

  /** Mounts the image's files. @returns the folder, until `remove` */
  mount(tag: string): string {
    return this.run('mount', this.run('from', '--pull-never', tag).trim()).trim();
  }

  remove(): void {
    spawnSync('buildah', [...this.#storage(), 'rm', '--all']);
    spawnSync('buildah', [...this.#storage(), 'rmi', '--all', '--force']);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
    const { status, stdout, stderr, error } = spawnSync('buildah', [...this.#storage(), ...args], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0)
      throw new Error(`buildah ${args.join(' ')} ended with ${status}: ${error?.message ?? ''}\n${stdout}${stderr}`);
    return { stdout, stderr };
  }

  #storage(): string[] {
    return ['--root', join(this.folder, 'storage'), '--runroot', join(this.folder, 'run')];
  }
}

/** Where a build's npm looks: builds run as root, as this does, whose home is the same in every Debian image. */
const { homedir: buildHome } = userInfo();
/** How this machine reaches npm's registry and what it has from there: in the builds as on the machine. */
const MACHINE: readonly (readonly [string, string])[] = [
  ['/etc/ssl/certs', '/etc/ssl/certs:ro'],
  [join(homedir(), '.npmrc'), `${join(buildHome, '.npmrc')}:ro`],
  [join(homedir(), '.npm'), join(buildHome, '.npm')],
];
