import type { Consumer } from './who-breaks';

/**
 * How a stack reads one contract, according to its outputs; `undefined` if it does not.
 * @param outputs the values of the stack's outputs, from a state or from synthesized JSON
 * @param layer the layer that publishes the contract
 * @throws Error when the output `contract_consumes` is malformed, so that a reader is never overlooked
 */
export function consumerIn(
  outputs: Readonly<Record<string, unknown>>,
  layer: string,
  who: Pick<Consumer, 'name' | 'source'>,
): Consumer | undefined {
  const all = outputs.contract_consumes;
  if (all === undefined || all === null) return undefined;
  if (!isRecord(all)) throw malformed();
  const one = Object.hasOwn(all, layer) ? all[layer] : undefined;
  if (one === undefined) return undefined;
  if (
    !isRecord(one) ||
    typeof one.range !== 'string' ||
    !Array.isArray(one.outputs) ||
    !one.outputs.every((name) => typeof name === 'string')
  )
    throw malformed();
  return { name: who.name, source: who.source, range: one.range, outputs: one.outputs };
}

function malformed(): Error {
  return new Error(
    'its output "contract_consumes" is malformed, so it is unknown what it reads; synthesize and deploy it again',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
