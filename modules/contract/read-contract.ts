import { Lazy, TerraformOutput, TerraformStack, type TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';
import { ContractError } from './contract-error';
import { outputName, type Contract } from './define-contract';
import { guardFixtures } from './fixture-guard';
import type { OutputType } from './output-type';
import { lazyRecord, readingOf, readingOfExample, type Reading } from './reading';
import { acceptsVersion, checkRange, rangeCondition } from './version-range';

/** Where the state of the layer that publishes a contract is found. */
export interface ContractSource {
  /** Makes the data source that reads the state. */
  readState(scope: Construct, id: string): TerraformRemoteState;
  /** The place in words, such as `s3://bucket/shop/dev/network.tfstate`, for error messages. */
  readonly location: string;
  /** The state's file where it is one on this machine; its absence is then reported before it is read. */
  readonly file?: string;
}

export interface ReadContractProps {
  /** The versions this reader accepts, such as `^1.2`. */
  readonly range: string;
  /** Where to read from; `fixtures` takes the contract's examples, for planning without the neighbour. Fixtures cannot be applied. */
  readonly source: ContractSource | 'fixtures';
  /** What the outputs must be like beyond their types; checked at plan. @default nothing */
  readonly requirements?: readonly ContractRequirement[];
}

/** Something a reader needs of a contract's outputs. */
export interface ContractRequirement {
  /** Terraform expression over `self.outputs`, such as `self.outputs.ipv6_enabled`. */
  readonly condition: string;
  /** What is wrong where it does not hold, and what to change; may hold Terraform expressions. */
  readonly message: string;
  /** Outputs that the condition looks at. */
  readonly outputs: readonly string[];
}

/** The outputs of a contract, as a reader sees them. */
export type ContractReadings<S extends Readonly<Record<string, OutputType>>> = { readonly [K in keyof S]: Reading<S[K]> };

/**
 * Reads another layer's contract.
 *
 * The range is held three times: here against the version of the contract that was imported, at plan against the version found in the state (with the
 * outputs this stack uses), and in CI by comparing contracts. What is used is recorded in the output `contract_consumes`.
 * @throws ContractError when the imported contract's version is not in the range.
 */
export function readContract<S extends Readonly<Record<string, OutputType>>>(scope: Construct, contract: Contract<S>, props: ReadContractProps): ContractReadings<S> {
  const stack = TerraformStack.of(scope);
  const { range, source, requirements = [] } = props;
  checkRange(range);
  const wanted = `layer "${stack.node.id}" reads contract "${contract.layer}" (owner ${contract.owner}) in the range ${range}`;
  if (!acceptsVersion(range, contract.version)) {
    throw new ContractError(`${wanted}, but the version installed is ${contract.version}; install a version of its package in that range, or widen the range after adapting to the change`);
  }
  const used = recordConsumption(stack, contract.layer, range);
  const entries = Object.entries(contract.outputs);

  if (source === 'fixtures') {
    guardFixtures(stack);
    return lazyRecord(entries, (key, { type, example }) => {
      used.add(outputName(key));
      return readingOfExample(type, example);
    }) as ContractReadings<S>;
  }

  const state = source.readState(scope, `contract-${contract.layer}`);
  state.overrideLogicalId(contract.layer);
  state.addOverride('lifecycle', {
    ...(source.file === undefined ? {} : { precondition: [mustExist(source, source.file, contract, wanted)] }),
    postcondition: [mustBePublished(source, contract, wanted), mustBeInRange(range, contract, wanted), mustHave(used, contract, wanted), ...requirements.map((one) => mustHold(one, wanted))],
  });
  for (const { outputs } of requirements) for (const key of outputs) used.add(outputName(key));
  return lazyRecord(entries, (key, { type }) => {
    used.add(outputName(key));
    return readingOf(type, state.get(outputName(key)));
  }) as ContractReadings<S>;
}

/** What messages say of a contract: the layer that publishes it. */
type Publisher = Pick<Contract, 'layer'>;

const FOUND_VERSION = '${try(self.outputs.contract_version, "none")}';

function mustExist(source: ContractSource, file: string, contract: Publisher, wanted: string): object {
  return {
    // Terraform wants a condition to refer to something; the workspace is always there.
    condition: `\${terraform.workspace == "" || fileexists(${JSON.stringify(file)})}`,
    error_message: `${wanted}, but layer "${contract.layer}" has no state in ${source.location}. Deploy layer "${contract.layer}" first: cdktf deploy ${contract.layer}`,
  };
}

function mustBePublished(source: ContractSource, contract: Publisher, wanted: string): object {
  return {
    condition: `\${try(self.outputs.contract_name, "") == ${JSON.stringify(contract.layer)}}`,
    error_message: `${wanted}, but the state in ${source.location} publishes contract "\${try(self.outputs.contract_name, "none")}". Deploy layer "${contract.layer}" first, or correct where its state is looked for.`,
  };
}

function mustBeInRange(range: string, contract: Publisher, wanted: string): object {
  return {
    // Where nothing is published the condition before this one says so.
    condition: `\${try(self.outputs.contract_version, "") == "" || ${rangeCondition(range, 'self.outputs.contract_version')}}`,
    error_message: `${wanted}, but the version deployed is ${FOUND_VERSION}. Deploy a version of layer "${contract.layer}" in that range, or adapt layer and range to ${FOUND_VERSION}; its CHANGELOG tells what changed.`,
  };
}

function mustHave(used: ReadonlySet<string>, contract: Publisher, wanted: string): object {
  const missing = () => `setsubtract(${JSON.stringify([...used].sort())}, keys(self.outputs))`;
  return {
    condition: Lazy.stringValue({ produce: () => `\${try(self.outputs.contract_version, "") == "" || length(${missing()}) == 0}` }),
    error_message: Lazy.stringValue({
      produce: () => `${wanted}, but version ${FOUND_VERSION} was deployed without: \${join(", ", ${missing()})}. Deploy layer "${contract.layer}" again; if an output was removed, its contract needs a new major version.`,
    }),
  };
}

function mustHold({ condition, message }: ContractRequirement, wanted: string): object {
  return {
    // An output that is missing is the condition before this one's to report.
    condition: `\${try(${condition}, true)}`,
    error_message: `${wanted}, but ${message}`,
  };
}

// One output a stack, holding all that it reads; kept on the stack so that several readers share it.
const CONSUMPTION = Symbol.for('strata.contract.consumption');
type Consumption = Map<string, { readonly range: string; readonly outputs: Set<string> }>;

function recordConsumption(stack: TerraformStack, layer: string, range: string): Set<string> {
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
  if (consumption.has(layer)) throw new ContractError(`layer "${stack.node.id}" reads contract "${layer}" twice; read it once in the stack and pass the outputs on`);
  const outputs = new Set<string>();
  consumption.set(layer, { range, outputs });
  return outputs;
}

function consumptionValue(consumption: Consumption): object {
  const entries = [...consumption].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([layer, { range, outputs }]) => [layer, { range, outputs: [...outputs].sort() }]));
}
