import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import type { StackJson } from './plan';

/**
 * Repairs a local state that Terraform was writing when it was killed: it empties the file each time before it writes
 * it, so the file is then empty or ends in the middle. The copy that Terraform makes of it before a deploy takes its
 * place; after a first deploy there is none, and all is found by its tags.
 * @returns what was done, in words; `undefined` where there was nothing to do
 */
export function repairCutOffState({ terraform }: StackJson): string | undefined {
  const file = terraform.backend?.local?.path;
  if (typeof file !== 'string' || !existsSync(file) || isWhole(file)) return undefined;
  const copy = `${file}.backup`;
  const hasCopy = existsSync(copy) && isWhole(copy);
  const isEmpty = readFileSync(file, 'utf8') === '';
  // Terraform takes an empty file for no state.
  if (isEmpty && !hasCopy) return undefined;
  const broken = `${file}.cut-off`;
  renameSync(file, broken);
  if (hasCopy) copyFileSync(copy, file);
  return `The state was cut off while it was written: ${broken}.${hasCopy ? ` Put ${copy} back` : ''}`;
}

/**
 * Whether a local state ends in the middle, and stays so: one that is being written is whole again in a moment. Terraform
 * can do nothing with it, not even `init`.
 */
export async function endsInTheMiddle({ terraform }: StackJson): Promise<boolean> {
  const file = terraform.backend?.local?.path;
  if (typeof file !== 'string' || !existsSync(file) || isWhole(file)) return false;
  const before = readFileSync(file, 'utf8');
  if (before === '') return false;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return readFileSync(file, 'utf8') === before;
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
