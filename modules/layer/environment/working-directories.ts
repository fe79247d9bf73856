import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, type App, type StackManifest } from 'cdktf';

/**
 * Gives each environment folders of its own below the app's output: `<folder>/<layer>` in place of `stacks/<layer>`.
 *
 * Terraform remembers a folder's backend and providers in it, so environments that took turns in one folder would have
 * to be initialized, and could be confused, at every change. Call it after the stacks and their dependencies are there,
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
