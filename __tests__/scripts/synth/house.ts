import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small repository with the project's own app command and a main.ts of its own. */
export class House {
  readonly folder = mkdtempSync(join(tmpdir(), 'strata-synth-'));

  constructor() {
    for (const name of ['scripts/synth.mjs', 'scripts/synth', 'scripts/functions'])
      cpSync(join(root, name), this.path(name), { recursive: true });
    this.write('sagemaker/deploy-endpoint/handler.ts', 'export const handler = () => undefined;');
    symlinkSync(join(root, 'node_modules'), this.path('node_modules'));
    this.write('package-lock.json', '{}');
    this.write('tsconfig.json', '{}');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file as if it had been there for some time. */
  write(name: string, content: string, ageSeconds = 60): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
    const time = new Date(Date.now() - ageSeconds * 1000);
    utimesSync(this.path(name), time, time);
  }

  synth(environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return runNode([this.path('scripts/synth.mjs')], environment, this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs Node and waits for its end; what Strata reads of the environment is what is given, and nothing else. */
export function runNode(args: readonly string[], environment: NodeJS.ProcessEnv, cwd: string): Promise<Ended> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(STRATA|CDKTF)_/.test(name)));
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk;
      });
    child.once('error', failed).once('close', (status) => done({ status, ...text }));
  });
}
