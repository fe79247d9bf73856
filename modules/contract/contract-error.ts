/** A contract that is malformed, not fulfilled, or not what its reader accepts. The message names the layer. */
export class ContractError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContractError';
  }
}
