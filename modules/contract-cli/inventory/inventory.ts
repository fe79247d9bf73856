// What is deployed: the states in a backend, of any project and environment. Loads no construct.
import type { StateBackend } from '@strata/state/config';
import type { Inventory, InventoryOptions } from './deployed-state';
import { readCloudStates } from './inventory-cloud';
import { readLocalStates } from './inventory-local';
import { readS3States } from './inventory-s3';

/**
 * Every state in a backend: all below a local directory, in a bucket below its prefix, in an organization.
 *
 * Needs read access only: `s3:ListBucket` and `s3:GetObject` (and `kms:Decrypt`), or a token that may read the
 * workspaces' outputs. A location that cannot be read is reported in `problems` and does not hide the others.
 */
export async function readInventory(backend: StateBackend, options: InventoryOptions = {}): Promise<Inventory> {
  switch (backend.type) {
    case 'local':
      return readLocalStates(backend, options);
    case 's3':
      return readS3States(backend);
    case 'cloud':
      return readCloudStates(backend, options);
  }
}
