// A small repository of layers in a temporary folder, under git.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeContracts } from '../../../scripts/contracts/write';

export interface LayerState {
  readonly version: string;
  /** Output -> Terraform type. */
  readonly outputs: Readonly<Record<string, 'string' | 'number'>>;
  readonly layer?: string;
}

export class Repository {
  readonly root = mkdtempSync(path.join(tmpdir(), 'strata-contracts-'));

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  put(file: string, text: string): void {
    const full = path.join(this.root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Writes a layer's contract; contract.json follows with `write`. */
  layer(name: string, { version, outputs, layer = name }: LayerState): void {
    const entries = Object.entries(outputs).map(
      ([output, type]) =>
        `${output}: { type: t.${type}, description: 'x', example: ${type === 'string' ? "'x'" : 1} },`,
    );
    // A file that was loaded once would not be read again.
    jest.resetModules();
    this.put(
      `stacks/${name}/contract/index.ts`,
      `
      import { defineContract, t } from '@strata/contract';
      export const notAContract = { layer: 'x' };
      export const contract = defineContract({ layer: '${layer}', owner: 'team-${name}', version: '${version}', outputs: { ${entries.join(' ')} } });`,
    );
  }

  write(): string[] {
    return writeContracts(this.root);
  }

  removeLayer(name: string): void {
    rmSync(path.join(this.root, 'stacks', name), { recursive: true });
  }

  /** cdktf.json whose app command writes one stack, `compute`, that reads these contracts; or fails with `error`. */
  readers(
    reads: Readonly<Record<string, { readonly range: string; readonly outputs: readonly string[] }>>,
    error?: string,
  ): void {
    this.put(
      'app.js',
      error === undefined
        ? `const { mkdirSync, writeFileSync } = require('node:fs'); mkdirSync(process.env.CDKTF_OUTDIR, { recursive: true });
         writeFileSync(process.env.CDKTF_OUTDIR + '/cdk.tf.json', JSON.stringify({ '//': { metadata: { stackName: 'compute' } },
           provider: { aws: [{ default_tags: [{ tags: { project: 'shop', environment: process.env.STRATA_ENVIRONMENT } }] }] },
           output: { contract_consumes: { value: ${JSON.stringify(reads)} } } }));`
        : `console.error(${JSON.stringify(error)}); process.exit(1);`,
    );
    this.put(
      'cdktf.json',
      JSON.stringify({ app: `"${process.execPath}" app.js`, context: { environments: { dev: {}, prod: {} } } }),
    );
  }

  git(...args: readonly string[]): string {
    jest.resetModules();
    const identity = [
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.com',
      '-c',
      'init.defaultBranch=main',
      '-c',
      'commit.gpgsign=false',
    ];
    return execFileSync('git', [...identity, ...args], {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  /** Commits everything; gives the commit. */
  commit(): string {
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', 'x');
    return this.git('rev-parse', 'HEAD');
  }
}
