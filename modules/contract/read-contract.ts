import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ContractError } from './contract-error';
import type { ContractRequirement, ContractSource } from './contract-source';
import { outputName, type Contract } from './define-contract';
import { guardFixtures } from './fixture-guard';
import type { OutputType } from './output-type';
import { isInRange, isPublished, stateExists, hasOutputs, requirementCondition } from './read-conditions';
import { lazyRecord, tokenFor, tokenForExample, type Reading } from './reading';
import { recordConsumption } from './record-consumption';
import { acceptsVersion, checkRange } from './version-range';

export interface ReadContractProps {
  /** The versions this reader accepts, such as `^1.2`. */
  readonly range: string;
  /**
   * Where to read from; `fixtures` takes the contract's examples, for planning without the neighbour. Fixtures cannot
   * be applied.
   */
  readonly source: ContractSource | 'fixtures';
  /** Requirements on the outputs beyond their types; checked at plan. @default nothing */
  readonly requirements?: readonly ContractRequirement[];
  /**
   * Names another deployment of the layer, for example in another environment, that is read besides the stack's own
   * neighbour.
   * @default none
   */
  readonly instance?: string;
}

/** The outputs of a contract, as a reader sees them. */
export type ContractReadings<S extends Readonly<Record<string, OutputType>>> = {
  readonly [K in keyof S]: Reading<S[K]>;
};

/**
 * Reads another layer's contract.
 *
 * The range is checked three times: here against the version of the imported contract, at plan against the version
 * found in the state (with the outputs this stack uses), and in CI by comparing contracts. The outputs used are
 * recorded in the output `contract_consumes`.
 * @throws ContractError when the imported contract's version is not in the range.
 */
export function readContract<S extends Readonly<Record<string, OutputType>>>(
  scope: Construct,
  contract: Contract<S>,
  props: ReadContractProps,
): ContractReadings<S> {
  const stack = TerraformStack.of(scope);
  const { range, source, requirements = [], instance } = props;
  const name = instance === undefined ? contract.layer : `${contract.layer}-${instance}`;
  const wanted = requireInstalled(stack, contract, range);
  const used = recordConsumption(stack, contract.layer, range, instance);
  const entries = Object.entries(contract.outputs);

  if (source === 'fixtures') {
    guardFixtures(stack);
    return lazyRecord(entries, (key, { type, example }) => {
      used.add(outputName(key));
      return tokenForExample(type, example);
    }) as ContractReadings<S>;
  }

  const state = source.readState(scope, `contract-${name}`);
  state.overrideLogicalId(name);
  state.addOverride('lifecycle', {
    ...(source.file === undefined ? {} : { precondition: [stateExists(source, source.file, contract, wanted)] }),
    postcondition: [
      isPublished(source, contract, wanted),
      isInRange(range, contract, wanted),
      hasOutputs(used, contract, wanted),
      ...requirements.map((one) => requirementCondition(one, wanted)),
    ],
  });
  for (const { outputs } of requirements) for (const key of outputs) used.add(outputName(key));
  return lazyRecord(entries, (key, { type }) => {
    used.add(outputName(key));
    return tokenFor(type, state.get(outputName(key)));
  }) as ContractReadings<S>;
}

/**
 * Checks the range against the version of the imported contract.
 * @returns the start of error messages: who reads what
 * @throws ContractError when it is not in the range
 */
export function requireInstalled(
  stack: TerraformStack,
  contract: Pick<Contract, 'layer' | 'owner' | 'version'>,
  range: string,
): string {
  checkRange(range);
  const wanted =
    `layer "${stack.node.id}" reads contract "${contract.layer}" (owner ${contract.owner}) in the range ` + `${range}`;
  if (!acceptsVersion(range, contract.version)) {
    throw new ContractError(
      `${wanted}, but the version installed is ${contract.version}; install a version of its package in that ` +
        'range, or widen the range after adapting to the change',
    );
  }
  return wanted;
}
