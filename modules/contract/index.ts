// This entry loads no construct: a contract can be imported, compared and checked without cdktf.
// Publishing and reading inside a stack is `@strata/contract/terraform`.
export { ContractError } from './contract-error';
export { t, typeText, type Example, type OutputType } from './output-type';
export {
  defineContract,
  outputName,
  RESERVED_OUTPUTS,
  type Contract,
  type ContractOutput,
  type ContractProps,
} from './define-contract';
export { describeContract, type ContractDescription, type DescribableContract } from './describe-contract';
export { compareContracts, type ContractChange, type ContractComparison, type Impact } from './compare-contracts';
export { consumerIn } from './consumption';
export { whoBreaks, type Consumer, type ConsumerVerdict } from './who-breaks';
export { acceptsVersion, checkRange } from './version-range';
