import { readFileSync } from 'node:fs';
import type { ContractDescription } from '@strata/contract';

/**
 * Reads a `contract.json`, as it is committed beside a contract and shipped in its package.
 * @throws Error if the file cannot be read or is not a contract.
 */
export function readContractFile(file: string): ContractDescription {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  if (!isDescription(value))
    throw new Error(
      `${file}: is not a contract; it must have layer, owner, version, and outputs with a type and a description each`,
    );
  return value;
}

function isDescription(value: unknown): value is ContractDescription {
  const { layer, owner, version, outputs } = (value ?? {}) as Record<string, unknown>;
  const texts = [layer, owner, version];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof outputs === 'object' &&
    outputs !== null &&
    Object.values(outputs).every(
      (output: unknown) => typeof (output as { readonly type?: unknown } | null)?.type === 'string',
    )
  );
}
