import { outputName, type Contract, type ContractOutput } from './define-contract';
import { typeText } from './output-type';

/** A contract as data: what is committed beside it as `contract.json`, compared in CI and shipped in the package. */
export interface ContractDescription {
  readonly layer: string;
  readonly owner: string;
  readonly version: string;
  /** Terraform output name -> type and description. */
  readonly outputs: Readonly<Record<string, { readonly type: string; readonly description: string }>>;
}

/** The fields that describe a contract, for any outputs. */
export interface DescribableContract extends Pick<Contract, 'layer' | 'owner' | 'version'> {
  readonly outputs: Readonly<Record<string, Pick<ContractOutput, 'type' | 'description'>>>;
}

/** A contract as data, outputs sorted by name. */
export function describeContract(contract: DescribableContract): ContractDescription {
  const outputs = Object.entries(contract.outputs)
    .map(([key, { type, description }]) => [outputName(key), { type: typeText(type), description }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    layer: contract.layer,
    owner: contract.owner,
    version: contract.version,
    outputs: Object.fromEntries(outputs),
  };
}
