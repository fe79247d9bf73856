import { Fn, ref, TerraformLocal, TerraformStack, type IResolvable } from 'cdktf';
import type { Construct } from 'constructs';
import { ContractError } from './contract-error';
import type { ContractRequirement, ContractSource } from './contract-source';
import { outputName, type Contract } from './define-contract';
import { guardFixtures } from './fixture-guard';
import type { OutputType } from './output-type';
import { toTerraform, typeProblems, type PublishedValue } from './publish-contract';
import { isInRange, requirementCondition, isNoOtherContract } from './read-conditions';
import { requireInstalled, type ContractReadings } from './read-contract';
import { lazyRecord, tokenFor, tokenForExample } from './reading';
import { recordConsumption } from './record-consumption';

type Outputs = Readonly<Record<string, OutputType>>;

/** A value for each output that is read, as the publishing layer would provide it. */
export type ContractFallback<S extends Outputs, K extends keyof S> = { readonly [P in K]: PublishedValue<S[P]> };

export interface ReadContractIfDeployedProps<S extends Outputs, K extends keyof S> {
  /** The versions this reader accepts, such as `^1.2`. Checked as soon as the layer is deployed. */
  readonly range: string;
  /** Where to read from, with `exists`; or the contract's examples, see `ReadContractProps`. */
  readonly source: ContractSource | 'fixtures';
  /** Values to use until the layer is deployed. Only the outputs listed here can be read. */
  readonly fallback: ContractFallback<S, K>;
  /** Requirements on the outputs beyond their types, if they exist; checked at plan. @default nothing */
  readonly requirements?: readonly ContractRequirement[];
}

/** The outputs of a layer that may not be deployed. */
export interface OptionalReadings<S extends Outputs, K extends keyof S> {
  /** The layer's outputs, or the whole fallback. */
  readonly outputs: ContractReadings<Pick<S, K>>;
  /** Whether the layer is deployed: known now, or when Terraform plans. */
  readonly isDeployed: boolean | IResolvable;
}

/**
 * Reads the contract of a layer that may not be deployed (yet, or any more): then all outputs come from `fallback`.
 *
 * A layer is deployed when its state publishes every output that is read; one that was destroyed, or whose first deploy
 * is still running, is not. Once it is deployed, `range` and `requirements` are checked as in `readContract`.
 * @throws ContractError when the imported contract's version is not in the range, the source cannot tell whether there
 *   is a state, or a value of `fallback` is not what the contract says.
 */
export function readContractIfDeployed<S extends Outputs, K extends keyof S & string>(
  scope: Construct,
  contract: Contract<S>,
  props: ReadContractIfDeployedProps<S, K>,
): OptionalReadings<S, K> {
  const stack = TerraformStack.of(scope);
  const { range, source, fallback, requirements = [] } = props;
  const wanted = requireInstalled(stack, contract, range);
  const keys = Object.keys(fallback) as K[];
  requireFallback(wanted, contract.outputs, fallback);
  if (source !== 'fixtures' && source.exists === undefined) {
    throw new ContractError(
      `${wanted} if it is deployed, but Terraform cannot tell whether there is a state in ` +
        `${source.location}; read it where it is deployed, or not at all`,
    );
  }
  const used = recordConsumption(stack, contract.layer, range);
  for (const key of [...keys, ...requirements.flatMap(({ outputs }) => outputs)]) used.add(outputName(key));
  const entries = keys.map((key) => [key, contract.outputs[key]] as const);

  if (source === 'fixtures') {
    guardFixtures(stack);
    const outputs = lazyRecord(entries, (_, { type, example }) => tokenForExample(type, example));
    return { outputs: outputs as ContractReadings<Pick<S, K>>, isDeployed: true };
  }

  const exists = source.exists!(scope, `state-of-${contract.layer}`);
  if (exists === false) {
    const outputs = lazyRecord(entries, (key, { type }) => tokenForExample(type, fallback[key as K]));
    return { outputs: outputs as ContractReadings<Pick<S, K>>, isDeployed: false };
  }
  const state = source.readState(scope, `contract-${contract.layer}`);
  state.overrideLogicalId(contract.layer);
  if (exists !== true) state.addOverride('count', Fn.conditional(exists, 1, 0));
  state.addOverride('lifecycle', {
    postcondition: [
      isNoOtherContract(source, contract, wanted),
      isInRange(range, contract, wanted),
      ...requirements.map((one) => requirementCondition(one, wanted)),
    ],
  });

  // The first of the two that Terraform can evaluate: without a state, or with an output missing, that is the whole
  // fallback.
  const found = entries.map(([key]) => [
    outputName(key),
    ref(
      `data.terraform_remote_state.${contract.layer}${exists === true ? '' : '[0]'}.outputs.${outputName(key)}`,
      stack,
    ),
  ]);
  const instead = entries.map(([key, { type }]) => [outputName(key), toTerraform(type, fallback[key])]);
  const local = new TerraformLocal(
    stack,
    `contract-${contract.layer}-or-fallback`,
    Fn.try([
      { is_deployed: true, ...Object.fromEntries(found) },
      { is_deployed: false, ...Object.fromEntries(instead) },
    ]),
  );
  local.overrideLogicalId(`contract_${contract.layer}`);
  const value = (name: string): IResolvable => ref(`local.contract_${contract.layer}.${name}`, stack);
  const outputs = lazyRecord(entries, (key, { type }) => tokenFor(type, value(outputName(key))));
  return { outputs: outputs as ContractReadings<Pick<S, K>>, isDeployed: value('is_deployed') };
}

function requireFallback(
  wanted: string,
  outputs: Readonly<Record<string, { readonly type: OutputType }>>,
  fallback: Readonly<Record<string, unknown>>,
): void {
  const problems = Object.entries(fallback).flatMap(([key, value]) => {
    const output = outputs[key];
    return output === undefined
      ? [`output "${key}" is not part of it`]
      : typeProblems(output.type, value, `output "${key}"`);
  });
  if (problems.length > 0)
    throw new ContractError(`${wanted} if it is deployed, but the fallback does not fit it: ${problems.join('; ')}`);
}
