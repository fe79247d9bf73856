import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Backend } from './case';

const ROOT = resolve(__dirname, '../..');
export const STATE_BUCKET = 'shop-kill-terraform-state';
const REGION = 'ap-northeast-2';

export interface Said {
  readonly status: number | null;
  readonly output: string;
}

/** A user's folder with network, registry, compute and ml, and Terraform in it. */
export class Shop {
  readonly folder = mkdtempSync(join(tmpdir(), 'strata-kill-'));

  constructor(
    private readonly terraform: string,
    private readonly environment: NodeJS.ProcessEnv,
    backend: Backend,
  ) {
    const state = backend === 'local' ? { type: 'local' } : { type: 's3', bucket: STATE_BUCKET, region: REGION };
    const layers = { network: {}, registry: {}, ml: {}, compute: {} };
    const environments = { kill: { region: REGION, deletionProtection: false, state, layers } };
    const context = { project: 'shop', environment: 'kill', environments };
    const app = `node ${join(ROOT, 'scripts', 'synth.mjs')}`;
    const json = { language: 'typescript', app, projectId: 'shop', sendCrashReports: 'false', context };
    writeFileSync(join(this.folder, 'cdktf.json'), JSON.stringify(json));
  }

  /** `cdktf synth` and the `terraform init` of a layer. */
  async prepare(layer: string): Promise<void> {
    await this.requireSuccess('cdktf synth', process.execPath, [cdktf(), 'synth'], this.folder);
    await this.requireSuccess(
      'terraform init',
      this.terraform,
      ['init', '-input=false', '-no-color'],
      this.layerFolder(layer),
    );
  }

  /** `npm run recover -- <layer> …` */
  recover(layer: string, args: readonly string[] = []): Promise<Said> {
    const loader = require.resolve('tsx');
    const environment = { TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'), NODE_NO_WARNINGS: '1' };
    const script = join(ROOT, 'scripts', 'recover.ts');
    return this.run(process.execPath, ['--import', loader, script, layer, ...args], this.folder, environment);
  }

  /** `cdktf deploy <layer>` */
  deploy(layers: readonly string[]): Promise<Said> {
    const args = [cdktf(), 'deploy', ...layers, '--auto-approve', '--ignore-missing-stack-dependencies'];
    return this.run(process.execPath, args, this.folder);
  }

  inLayer(layer: string, args: readonly string[]): Promise<Said> {
    return this.run(this.terraform, args, this.layerFolder(layer));
  }

  /** Starts an apply that can be killed with all that it has started. */
  startApply(layer: string, endpoint: string): { readonly ended: Promise<void>; kill(): void } {
    const child: ChildProcess = spawn(this.terraform, ['apply', '-auto-approve', '-input=false', '-no-color'], {
      cwd: this.layerFolder(layer),
      env: { ...this.environment, AWS_ENDPOINT_URL: endpoint },
      stdio: 'ignore',
      detached: true,
    });
    const ended = new Promise<void>((end, fail) => child.on('error', fail).on('close', () => end()));
    return { ended, kill: () => void process.kill(-child.pid!, 'SIGKILL') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private layerFolder(layer: string): string {
    return join(this.folder, 'cdktf.out', 'kill', layer);
  }

  private run(program: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Promise<Said> {
    const options = { cwd, env: { ...this.environment, ...more }, maxBuffer: 64 * 2 ** 20 };
    return new Promise((end) => {
      const child = execFile(program, [...args], options, (_error, stdout, stderr) =>
        end({ status: child.exitCode, output: `${stderr}${stdout}` }),
      );
    });
  }

  private async requireSuccess(what: string, program: string, args: readonly string[], cwd: string): Promise<void> {
    const { status, output } = await this.run(program, args, cwd);
    if (status !== 0) throw new Error(`${what} ended with ${status}:\n${output}`);
  }
}

function cdktf(): string {
  return join(ROOT, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');
}
