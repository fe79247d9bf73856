// Contracts inside a stack: publish as outputs, read from another layer's state.
export { publishContract, type PublishedValues } from './publish-contract';
export { readContract, type ContractReadings, type ReadContractProps } from './read-contract';
export {
  readContractIfDeployed,
  type ContractFallback,
  type OptionalReadings,
  type ReadContractIfDeployedProps,
} from './read-contract-if-deployed';
export { type ContractRequirement, type ContractSource } from './contract-source';
export { type Reading, type ReadingMap } from './reading';
export { refuseImplicitReferences } from './implicit-references';
