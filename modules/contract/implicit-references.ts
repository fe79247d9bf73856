import type { TerraformStack } from 'cdktf';
import { ContractError } from './contract-error';

/**
 * Forbids other stacks to refer to a stack's resources directly. CDKTF would answer such a reference with an output
 * whose name comes from a construct's path, so that a renamed id breaks readers at their next apply. What another layer
 * needs is published in a contract.
 */
export function refuseImplicitReferences(stack: TerraformStack): void {
  stack.registerOutgoingCrossStackReference = (identifier: string): never => {
    throw new ContractError(
      `layer "${stack.node.id}": another stack refers to ${identifier} directly; publish it as an output of ` +
        `the layer's contract and read that contract there`,
    );
  };
}
