import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, type App, type StackManifest } from 'cdktf';

/**
 * Gives each environment its own folders in the app's output: `<folder>/<layer>` in place of `stacks/<layer>`.
 *
 * Terraform stores backend and providers in its working directory, so environments that share one would need
 * `terraform init` at every switch and could be mixed up. Call it after creating the stacks and their dependencies,
 * before `app.synth()`.
 */
export function separateWorkingDirectories(app: App, folder: string): void {
  const stacks = app.node.children.filter((child): child is TerraformStack => TerraformStack.isStack(child));
  mkdirSync(join(app.outdir, folder), { recursive: true });
  for (const stack of stacks) {
    const manifest: { -readonly [K in keyof StackManifest]: StackManifest[K] } = app.manifest.forStack(stack);
    const workingDirectory = join(folder, stack.node.id);
    manifest.workingDirectory = workingDirectory;
    manifest.synthesizedStackPath = join(workingDirectory, 'cdk.tf.json');
    manifest.stackMetadataPath = join(workingDirectory, 'metadata.json');
  }
}
