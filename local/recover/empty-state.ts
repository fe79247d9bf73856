import { copyFileSync, existsSync, statSync } from 'node:fs';
import type { StackJson } from './plan';

/**
 * Puts the copy back that Terraform makes of a local state before it first changes it, where the state itself is empty:
 * Terraform empties the file each time before it writes it, and may be killed in between.
 * @returns the copy's path; `undefined` where there was nothing to do
 */
export function restoreEmptyState({ terraform }: StackJson): string | undefined {
  const file = terraform.backend?.local?.path;
  if (typeof file !== 'string' || !isEmpty(file)) return undefined;
  const copy = `${file}.backup`;
  if (!existsSync(copy) || isEmpty(copy)) return undefined;
  copyFileSync(copy, file);
  return copy;
}

function isEmpty(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0;
}
