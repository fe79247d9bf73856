import type { TerraformStack } from 'cdktf';
import { ContractError } from './contract-error';

/**
 * Forbids direct references from other stacks to a stack's resources. CDKTF would create an output named after the
 * construct's path, so renaming an id would break readers at their next apply. What another layer needs is published in
 * a contract.
 */
export function refuseImplicitReferences(stack: TerraformStack): void {
  stack.registerOutgoingCrossStackReference = (identifier: string): never => {
    throw new ContractError(
      `layer "${stack.node.id}": another stack refers to ${identifier} directly; publish it as an output of ` +
        `the layer's contract and read that contract there`,
    );
  };
}
