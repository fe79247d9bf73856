// The same architecture, synthesized by Strata, by CDKTF as it is usually written, and by AWS CDK.
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure';
import { outputFolder, root } from './paths';
import { COMPARED_LAYERS, folderOf } from './programs';
import type { Case } from './rounds';

export type SideBySideId =
  | 'strata'
  | 'strata-edited'
  | 'strata-cli'
  | 'cli-floor'
  | 'cdktf-usual'
  | 'cdktf-usual-cli'
  | 'aws-cdk'
  | 'aws-cdk-cli-compiled'
  | 'aws-cdk-cli'
  | 'aws-cdk-cli-validated';

export interface SideBySideCase extends Case {
  readonly id: SideBySideId;
  /** Where its output is, and whose format that has. */
  readonly output: { readonly folder: string; readonly format: 'terraform' | 'cloudformation' };
}

/**
 * The file that is touched before each run of the edit-to-synth loop; the next synth bundles and compiles again.
 */
const EDITED_FILE = join(root, 'stacks', 'compute', 'stack.ts');

/**
 * AWS CDK validates its templates at synth, which takes it longer than all the rest; Terraform does that afterwards, so
 * here it is left out.
 */
const WITHOUT_VALIDATION = { CDK_VALIDATION: 'false' };

export function sideBySideCases(): SideBySideCase[] {
  const synth = (id: SideBySideId): Command => ({
    program: process.execPath,
    args: ['scripts/synth.mjs'],
    cwd: root,
    env: { ...COMPARED_LAYERS, CDKTF_OUTDIR: outputFolder(id) },
  });
  return [
    terraform('strata', 'Strata, `node scripts/synth.mjs`', synth),
    {
      ...terraform('strata-edited', 'Strata after an edit (bundled again)', synth),
      before: () => utimesSync(EDITED_FILE, new Date(), new Date()),
    },
    terraform('strata-cli', 'Strata, `npx cdktf synth`', (id) => ({
      ...npx(root, 'cdktf', 'synth', '--output', outputFolder(id)),
      env: COMPARED_LAYERS,
    })),
    terraform('cli-floor', '`npx cdktf synth` of an app that copies the same output', (id) =>
      npx(folderOf('cli-floor'), 'cdktf', 'synth', '--output', outputFolder(id)),
    ),
    terraform('cdktf-usual', 'CDKTF as usual, `node -r ts-node/register main.ts`', (id) => ({
      program: process.execPath,
      args: ['-r', 'ts-node/register', 'main.ts'],
      cwd: folderOf('cdktf-usual'),
      env: { CDKTF_OUTDIR: outputFolder(id) },
    })),
    terraform('cdktf-usual-cli', 'CDKTF as usual, `npx cdktf synth`', (id) =>
      npx(folderOf('cdktf-usual'), 'cdktf', 'synth', '--output', outputFolder(id)),
    ),
    cloudFormation('aws-cdk', 'AWS CDK compiled, `node dist/app.js`', (id) => ({
      program: process.execPath,
      args: ['dist/app.js'],
      cwd: folderOf('aws-cdk'),
      env: { ...WITHOUT_VALIDATION, CDK_OUTDIR: outputFolder(id) },
    })),
    cloudFormation('aws-cdk-cli-compiled', 'AWS CDK compiled, `npx cdk synth`', (id) =>
      cdkSynth(id, WITHOUT_VALIDATION, '--app', 'node dist/app.js'),
    ),
    cloudFormation('aws-cdk-cli', 'AWS CDK as `cdk init` sets it up, `npx cdk synth`', (id) =>
      cdkSynth(id, WITHOUT_VALIDATION),
    ),
    cloudFormation('aws-cdk-cli-validated', 'AWS CDK as `cdk init` sets it up, its validation left on', (id) =>
      cdkSynth(id, {}),
    ),
  ];
}

function terraform(id: SideBySideId, label: string, command: (id: SideBySideId) => Command): SideBySideCase {
  return { id, label, command: command(id), output: { folder: outputFolder(id), format: 'terraform' } };
}

function cloudFormation(id: SideBySideId, label: string, command: (id: SideBySideId) => Command): SideBySideCase {
  return { id, label, command: command(id), output: { folder: outputFolder(id), format: 'cloudformation' } };
}

function cdkSynth(id: SideBySideId, env: Command['env'], ...args: string[]): Command {
  return {
    ...npx(folderOf('aws-cdk'), 'cdk', 'synth', '--quiet', '--no-notices', '--output', outputFolder(id), ...args),
    env,
  };
}

function npx(cwd: string, ...args: string[]): Command {
  return { program: 'npx', args: ['--no-install', ...args], cwd };
}
