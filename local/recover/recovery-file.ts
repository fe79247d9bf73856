import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { recoveryFile, type RecoveryKey } from '@strata/layer/recovery';
import type { Orphan } from './match';

/** Writes what the next deploy imports, or, without any, takes away what an earlier recovery has left. */
export function writeRecovery(key: RecoveryKey, orphans: readonly Orphan[]): string {
  const file = recoveryFile(key);
  if (orphans.length === 0) {
    rmSync(file, { force: true });
    return file;
  }
  mkdirSync(dirname(file), { recursive: true });
  const imports = orphans.map(({ address, found }) => ({ to: address, id: found.id }));
  writeFileSync(file, `${JSON.stringify({ imports }, undefined, 2)}\n`);
  return file;
}
