// The side of contracts that lives inside a stack: publish as outputs, read from another layer's state.
export { publishContract, type PublishedValues } from './publish-contract';
export { readContract, type ContractReadings, type ContractRequirement, type ContractSource, type ReadContractProps } from './read-contract';
export { type Reading, type ReadingMap } from './reading';
export { refuseImplicitReferences } from './implicit-references';
