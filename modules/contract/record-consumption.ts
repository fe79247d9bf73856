import { Lazy, TerraformOutput, type TerraformStack } from 'cdktf';
import { ContractError } from './contract-error';

// One output per stack lists everything the stack reads; it is stored on the stack so that several readers share it.
const CONSUMPTION = Symbol.for('strata.contract.consumption');
type Consumption = Map<string, { readonly range: string; readonly outputs: Set<string> }>;

/**
 * Records in the output `contract_consumes` that a stack reads a contract.
 * @returns the outputs it uses, to be added to
 * @param instance names another deployment of the same layer that is read as well; both are recorded as one
 * @throws ContractError when it is read already, or in another range
 */
export function recordConsumption(stack: TerraformStack, layer: string, range: string, instance?: string): Set<string> {
  const holder = stack as TerraformStack & { [CONSUMPTION]?: Consumption };
  const existing = holder[CONSUMPTION];
  const consumption: Consumption = existing ?? new Map();
  if (existing === undefined) {
    holder[CONSUMPTION] = consumption;
    new TerraformOutput(stack, 'contract_consumes', {
      description: 'The contracts this layer reads: their range and the outputs it uses',
      value: Lazy.anyValue({ produce: () => consumptionValue(consumption) }),
      staticId: true,
    });
  }
  const recorded = consumption.get(layer);
  if (recorded !== undefined && instance !== undefined) {
    if (recorded.range === range) return recorded.outputs;
    throw new ContractError(
      `layer "${stack.node.id}" reads contract "${layer}" in the ranges ${recorded.range} and, of ` +
        `"${instance}", ${range}; read both in one range`,
    );
  }
  if (recorded !== undefined)
    throw new ContractError(
      `layer "${stack.node.id}" reads contract "${layer}" twice; read it once in the stack and pass the outputs on`,
    );
  const outputs = new Set<string>();
  consumption.set(layer, { range, outputs });
  return outputs;
}

function consumptionValue(consumption: Consumption): object {
  const entries = [...consumption].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([layer, { range, outputs }]) => [layer, { range, outputs: [...outputs].sort() }]),
  );
}
