const CONTRACT_ERROR = Symbol.for('@strata/contract.ContractError');

/** A contract is malformed, not fulfilled, or not accepted by its reader. The message names the layer. */
export class ContractError extends Error {
  /** Whether `error` is a ContractError, from any copy of this package. */
  static isContractError(error: unknown): error is ContractError {
    return typeof error === 'object' && error !== null && CONTRACT_ERROR in error;
  }

  constructor(message: string) {
    super(message);
    this.name = 'ContractError';
    Object.defineProperty(this, CONTRACT_ERROR, { value: true });
  }
}
