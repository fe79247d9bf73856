import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { DEFAULT_DIRECTORY, type LocalBackendConfig } from '@strata/state/config';
import type { Inventory, InventoryOptions } from './deployed-state';
import { collectStates, STATE_SUFFIX, stateOutputs } from './state-outputs';

/** The states below a folder. A missing folder has none: nothing was deployed yet. */
export async function readLocalStates(
  backend: LocalBackendConfig,
  { workingDirectory = '.' }: InventoryOptions,
): Promise<Inventory> {
  const root = resolve(workingDirectory, backend.directory ?? DEFAULT_DIRECTORY);
  const problems: string[] = [];
  const files = stateFilesBelow(root, problems);
  const { states, problems: unreadable } = await collectStates(files, (file) => ({
    name: relative(root, file).slice(0, -STATE_SUFFIX.length).split(sep).join('/'),
    location: file,
    read: async () => stateOutputs(readFileSync(file, 'utf8')),
  }));
  return { states, problems: [...problems, ...unreadable] };
}

function stateFilesBelow(folder: string, problems: string[]): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') problems.push(`${folder}: ${message}`);
    return [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === '.terraform' ? [] : stateFilesBelow(path, problems);
      return entry.name.endsWith(STATE_SUFFIX) ? [path] : [];
    });
}
