import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../toolchain';
import type { Owner } from './found';
import type { StackJson } from './plan';
import { runProgram } from './run-program';

/** A layer as it was synthesized. */
export interface LayerFolder {
  /** The folder Terraform runs in. */
  readonly folder: string;
  /** The layer's stack. */
  readonly stack: StackJson;
  /** The tags of its resources; `layer` is the layer's, which a stack of another id has as well. */
  readonly owner: Owner;
  readonly region: string;
  /** `local`, `s3` or `cloud`. */
  readonly backend: string;
}

interface CdktfJson {
  readonly app?: string;
  readonly output?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Synthesizes the app of the cdktf.json in `directory`, as the CDKTF CLI does.
 * @returns the folder that the CLI calls `cdktf.out`
 * @throws UserError when there is no app, or it fails
 */
export async function synthesize(directory: string): Promise<string> {
  const file = join(directory, 'cdktf.json');
  if (!existsSync(file)) throw new UserError(`${directory} has no cdktf.json; run this where you run cdktf`);
  const { app, output = 'cdktf.out', context = {} } = JSON.parse(readFileSync(file, 'utf8')) as CdktfJson;
  if (app === undefined) throw new UserError(`${file} has no "app"; it names the command that synthesizes`);
  const outdir = resolve(directory, output);
  const environment = { ...process.env, CDKTF_OUTDIR: outdir, CDKTF_CONTEXT_JSON: JSON.stringify(context) };
  const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['sh', '-c'];
  const { status, stdout, stderr } = await runProgram(shell, [flag, app], { cwd: directory, environment });
  if (status !== 0) throw new UserError(`"${app}" does not synthesize:\n${stdout}${stderr}`);
  return outdir;
}

/** @throws UserError when the layer is not among what was synthesized, or is not a layer */
export function readLayer(outdir: string, layer: string): LayerFolder {
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
  };
  const entry = stacks[layer];
  if (entry === undefined)
    throw new UserError(
      `"${layer}" is not a layer of this environment; use one of ${Object.keys(stacks).sort().join(', ')}`,
    );
  const folder = join(outdir, entry.workingDirectory);
  const stack = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as StackJson;
  const aws = stack.provider?.aws?.[0] as
    | { readonly region?: string; readonly default_tags?: readonly { readonly tags?: Record<string, string> }[] }
    | undefined;
  const { project, environment, layer: tag } = aws?.default_tags?.[0]?.tags ?? {};
  if (project === undefined || environment === undefined || tag === undefined || aws?.region === undefined)
    throw new UserError(
      `stack "${layer}" has no tags of a layer (project, environment, layer); it cannot be recovered by them`,
    );
  const backend =
    stack.terraform.cloud === undefined ? (Object.keys(stack.terraform.backend ?? {})[0] ?? 'local') : 'cloud';
  return {
    folder,
    stack,
    owner: { project, environment, layer: tag },
    region: aws.region,
    backend,
  };
}
