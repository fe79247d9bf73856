// A small CDKTF project on disk, whose app command writes what a real one would.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ContractDescription } from '@strata/contract';

export const before: ContractDescription = {
  layer: 'network',
  owner: 'platform-network',
  version: '1.0.0',
  outputs: { vpc_id: { type: 'string', description: 'Id' }, nat_mode: { type: 'string', description: 'Mode' } },
};
/** One output less, and a version that says so. */
export const broken: ContractDescription = { ...before, version: '2.0.0', outputs: { vpc_id: before.outputs.vpc_id! } };

export interface ConsumedContract {
  readonly range: string;
  readonly outputs: readonly string[];
}

export function folderFor(test: { folder: string }): void {
  beforeEach(() => {
    test.folder = mkdtempSync(path.join(tmpdir(), 'strata-who-breaks-'));
  });
  afterEach(() => rmSync(test.folder, { recursive: true, force: true }));
}

export function put(folder: string, file: string, content: string | object): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
  return full;
}

/** A synthesized stack that reads the network's contract. */
export function stackJson(
  layer: string,
  environment: string,
  reads: ConsumedContract | undefined,
  project = 'shop',
): object {
  return {
    '//': { metadata: { stackName: layer } },
    provider: { aws: [{ default_tags: [{ tags: { project, environment } }] }] },
    output: reads === undefined ? {} : { contract_consumes: { value: { network: reads } } },
  };
}

export function stateJson(outputs: Readonly<Record<string, unknown>>): object {
  return { version: 4, outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])) };
}

/** cdktf.json with an app command that runs `script`, a Node.js program. */
export function putProject(folder: string, environments: Readonly<Record<string, object>>, script: string): void {
  put(
    folder,
    'app.js',
    `
    const { mkdirSync, writeFileSync } = require('node:fs');
    const { join } = require('node:path');
    const { CDKTF_OUTDIR: out, STRATA_ENVIRONMENT: environment } = process.env;
    const write = (layer, stack) => { mkdirSync(join(out, environment, layer), { recursive: true }); writeFileSync(join(out, environment, layer, 'cdk.tf.json'), JSON.stringify(stack)); };
    const reads = (layer, consumed) => write(layer, {
      '//': { metadata: { stackName: layer } }, provider: { aws: [{ default_tags: [{ tags: { project: 'shop', environment } }] }] },
      output: { contract_consumes: { value: { network: consumed } } } });
    ${script}`,
  );
  put(folder, 'cdktf.json', {
    language: 'typescript',
    app: `"${process.execPath}" app.js`,
    context: { project: 'shop', environments },
  });
}
