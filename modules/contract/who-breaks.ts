import type { ContractDescription } from './describe-contract';
import { acceptsVersion } from './version-range';

/** One reader of a contract, as its own stack recorded it (output `contract_consumes`). */
export interface Consumer {
  /** Who reads: project, environment and layer as far as known, such as `shop/dev/compute`. */
  readonly name: string;
  /** Where it was found: a synthesized stack or a deployed state. */
  readonly source: string;
  /** The range it declared. */
  readonly range: string;
  /** The Terraform output names it uses. */
  readonly outputs: readonly string[];
}

export interface ConsumerVerdict {
  readonly consumer: Consumer;
  /** Why it breaks; empty if it does not. */
  readonly reasons: readonly string[];
}

/**
 * Finds the consumers that break if a contract is published as `candidate`.
 * @param before the contract as it is published now, to detect retyped outputs; if omitted, only version and presence
 * are checked.
 */
export function whoBreaks(
  candidate: ContractDescription,
  consumers: readonly Consumer[],
  before?: ContractDescription,
): ConsumerVerdict[] {
  return consumers.map((consumer) => ({
    consumer,
    reasons: [...rangeReasons(candidate, consumer), ...outputReasons(candidate, consumer, before)],
  }));
}

function rangeReasons(candidate: ContractDescription, { range }: Consumer): string[] {
  return acceptsVersion(range, candidate.version) ? [] : [`accepts ${range}, not ${candidate.version}`];
}

function outputReasons(
  candidate: ContractDescription,
  consumer: Consumer,
  before: ContractDescription | undefined,
): string[] {
  return consumer.outputs.flatMap((name) => {
    const now = candidate.outputs[name];
    const old = before?.outputs[name];
    if (now === undefined) return [`uses "${name}", which is not in it`];
    return old !== undefined && old.type !== now.type
      ? [`uses "${name}", whose type changes from ${old.type} to ${now.type}`]
      : [];
  });
}
