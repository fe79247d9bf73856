import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../aws/moto';
import { UserError } from '../toolchain';

/** Where distributions put the server's programs: Debian per version, others beside psql. */
const FOLDERS = ['/usr/lib/postgresql', '/usr/local/bin', '/usr/bin'] as const;

/** The folder with `initdb` and `postgres`, of the newest version; undefined when PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const [debian, ...others] = FOLDERS;
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(debian, version, 'bin')), ...others].find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
}

/** A PostgreSQL server in a temporary folder, on a free port of 127.0.0.1. */
export class PostgresServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    readonly port: number,
    private readonly owner: { readonly uid?: number; readonly gid?: number },
  ) {}

  /** @throws UserError when PostgreSQL is not installed, or does not answer within 30 s */
  static async start(): Promise<PostgresServer> {
    const programs = findPostgres();
    if (programs === undefined)
      throw new UserError("PostgreSQL is not installed: install Debian's package with 'apt-get install postgresql'");
    // PostgreSQL refuses to run as root.
    const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
    const folder = mkdtempSync(join(tmpdir(), 'strata-postgres-'));
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    execFileSync(join(programs, 'initdb'), ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync'], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    const server = new PostgresServer(programs, folder, await freePort(), owner);
    await server.resume();
    return server;
  }

  get url(): string {
    return this.urlFor('postgres');
  }

  /** The address for another role of the same database. */
  urlFor(role: string): string {
    return `postgres://${role}@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts the server on its data, as it was left. */
  async resume(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=50'];
    const args = ['-D', join(this.folder, 'data'), '-p', String(this.port), ...settings.flatMap((s) => ['-c', s])];
    const child = spawn(join(this.programs, 'postgres'), args, { ...this.owner, cwd: this.folder, stdio: 'ignore' });
    this.child = child;
    const deadline = Date.now() + 30_000;
    while (!this.isReady()) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new UserError(`PostgreSQL did not start on port ${this.port} (exit code ${child.exitCode ?? 'none'})`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Stops the server and keeps its data: connections break. */
  async pause(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT'); // "fast": ends sessions, then writes a checkpoint
    await ended;
  }

  /** Stops the server and forgets its data. */
  async stop(): Promise<void> {
    await this.pause();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private isReady(): boolean {
    try {
      execFileSync(join(this.programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(this.port)], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      return false;
    }
  }
}

function idOf(flag: '-u' | '-g'): number {
  try {
    return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    throw new UserError(
      'PostgreSQL refuses to run as root and there is no user postgres: create one, or be another user',
    );
  }
}
