import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ContractDescription } from '@strata/contract';
import { CONTRACT_FILE, layerContracts } from './layer-contracts';

/** Brings every layer's `contract.json` in step with its contract; gives the files that it wrote. */
export function writeContracts(root: string): string[] {
  return layerContracts(root).flatMap(({ folder, description }) => {
    const file = `${folder}/${CONTRACT_FILE}`;
    if (isInStep(path.join(root, file), description)) return [];
    writeFileSync(path.join(root, file), `${JSON.stringify(description, undefined, 2)}\n`);
    return [file];
  });
}

/** Whether a `contract.json` says what the contract says. */
export function isInStep(file: string, description: ContractDescription): boolean {
  if (!existsSync(file)) return false;
  try {
    return JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) === JSON.stringify(description);
  } catch {
    return false;
  }
}
