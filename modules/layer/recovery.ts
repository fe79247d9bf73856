// Where a layer's recovery lies: the resources that exist in AWS and are missing from its state, which the next deploy
// imports. Written by a recovery, read by `LayerStack`.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Folder of recoveries, below the folder that the app runs in. */
export const RECOVERY_DIRECTORY = '.strata/recover';

/** Which layer's recovery it is. */
export interface RecoveryKey {
  readonly project: string;
  readonly environment: string;
  /** Id of the layer's stack. */
  readonly layer: string;
}

/** An `import` block of Terraform. */
export interface RecoveredImport {
  /** Address of the resource in the layer. */
  readonly to: string;
  /** What the provider imports it by; each type has its own form. */
  readonly id: string;
}

/** The file of a layer's recovery, absolute. */
export function recoveryFile({ project, environment, layer }: RecoveryKey): string {
  return resolve(RECOVERY_DIRECTORY, project, environment, `${layer}.json`);
}

/**
 * What the next deploy of a layer imports; nothing without a recovery.
 * @throws Error when the file is not one that a recovery has written
 */
export function readRecovery(key: RecoveryKey): readonly RecoveredImport[] {
  const file = recoveryFile(key);
  if (!existsSync(file)) return [];
  const imports = parse(readFileSync(file, 'utf8'));
  if (imports !== undefined) return imports;
  throw new Error(
    `${file} is not a recovery: it has no list "imports" of { "to", "id" }; delete it and run the recovery of ` +
      `"${key.layer}" again`,
  );
}

function parse(text: string): readonly RecoveredImport[] | undefined {
  try {
    const { imports } = JSON.parse(text) as { imports?: unknown };
    return Array.isArray(imports) && imports.every(isImport) ? imports : undefined;
  } catch {
    return undefined;
  }
}

function isImport(value: unknown): value is RecoveredImport {
  const { to, id } = (value ?? {}) as Record<string, unknown>;
  return typeof to === 'string' && typeof id === 'string';
}
