import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describeContract, type Contract, type ContractDescription } from '@strata/contract';
import { UserError } from '../../local/toolchain';

/** The contract of a layer in this repository. */
export interface LayerContract {
  /** Folder of the contract's package, relative to the repository: `stacks/network/contract`. */
  readonly folder: string;
  readonly description: ContractDescription;
}

export const CONTRACT_FILE = 'contract.json';

/** The contracts of all layers in a repository, as their packages say now. */
export function layerContracts(root: string): LayerContract[] {
  const stacks = path.join(root, 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  return names
    .filter((name) => existsSync(path.join(stacks, name, 'contract', 'index.ts')))
    .map((name) => ({
      folder: `stacks/${name}/contract`,
      description: describeContract(loadContract(path.join(stacks, name, 'contract', 'index.ts'))),
    }));
}

/** The contract of one layer, as its package says now. */
export function contractOfLayer(root: string, layer: string): ContractDescription {
  const all = layerContracts(root).map(({ description }) => description);
  const found = all.find((description) => description.layer === layer);
  if (found === undefined)
    throw new UserError(
      `layer "${layer}" has no contract here; use one of ${all.map((description) => description.layer).join(', ')}`,
    );
  return found;
}

function loadContract(file: string): Contract {
  const contracts = Object.values(require(file) as Readonly<Record<string, unknown>>).filter(isContract);
  if (contracts.length !== 1)
    throw new UserError(`${file}: exports ${contracts.length} contracts; export one, made with defineContract`);
  return contracts[0]!;
}

function isContract(value: unknown): value is Contract {
  const { layer, version, outputs } = (value ?? {}) as Partial<Contract>;
  return typeof layer === 'string' && typeof version === 'string' && typeof outputs === 'object';
}
