import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root. */
export const root = join(__dirname, '..', '..', '..');

/** Where the benchmark installs the programs it compares with, and writes what they synthesize. */
export const workFolder = join(root, '.strata', 'bench');

export const sources = __dirname;

/** The folder that a case's output goes to; the one above it exists, which cdktf wants. */
export function outputFolder(id: string): string {
  const outputs = join(workFolder, 'out');
  mkdirSync(outputs, { recursive: true });
  return join(outputs, id);
}
