import type { PreviousContract } from '@strata/contract-cli';
import { basesOf, contractsAt } from './base';
import { layerContracts } from './layer-contracts';

/**
 * A layer's contract as it was before the change at hand; `undefined` where there was none, or nothing to look it up
 * in.
 */
export function previousContract(root: string, layer: string): PreviousContract | undefined {
  const bases = basesOf(root);
  const now = layerContracts(root).find(({ description }) => description.layer === layer)?.description;
  if (typeof bases === 'string' || now === undefined) return undefined;
  const versions = bases.flatMap((base) => {
    const contract = [...contractsAt(root, base).values()].find((description) => description.layer === layer);
    return contract === undefined ? [] : [{ contract, from: base.name }];
  });
  // On the default branch the change may be committed already: then it is the commit before that differs.
  return versions.findLast(({ contract }) => JSON.stringify(contract) !== JSON.stringify(now)) ?? versions.at(-1);
}
