import { valid, prerelease } from 'semver';
import { ContractError } from './contract-error';
import { snakeCase, type Example, type OutputType } from './output-type';

/** One output of a contract. */
export interface ContractOutput<T extends OutputType = OutputType> {
  /** The output's type, built with {@link t}. */
  readonly type: T;
  /** What the output is, for people. */
  readonly description: string;
  /** A plausible value, used in place of the output when a consumer is planned without this layer. */
  readonly example: NoInfer<Example<T>>;
}

type Outputs<S extends Readonly<Record<string, OutputType>>> = { readonly [K in keyof S]: ContractOutput<S[K]> };

export interface ContractProps<S extends Readonly<Record<string, OutputType>>> {
  /** Id of the layer that publishes it, such as `network`. */
  readonly layer: string;
  /** The owning team, as CODEOWNERS names it. */
  readonly owner: string;
  /**
   * Semantic version of the contract, not of the package: removing or retyping an output is major, adding one is minor.
   * Prereleases are refused.
   */
  readonly version: string;
  /** The outputs, keyed in camelCase; Terraform sees them in snake_case. */
  readonly outputs: Outputs<S>;
}

/** What a layer promises to other layers. */
export interface Contract<
  S extends Readonly<Record<string, OutputType>> = Readonly<Record<string, OutputType>>,
> extends ContractProps<S> {}

/** Output names reserved for every contract. */
export const RESERVED_OUTPUTS = ['contract_name', 'contract_version', 'contract_consumes'] as const;

/** The name of the Terraform output that holds a contract's output: `vpcId` is `vpc_id`. */
export function outputName(key: string): string {
  return snakeCase(key);
}

/**
 * Defines what a layer promises to other layers.
 * @throws ContractError when the version is not a released semantic version, or an output's name is malformed, reserved
 *   or taken twice.
 */
export function defineContract<const S extends Readonly<Record<string, OutputType>>>(
  contract: ContractProps<S>,
): Contract<S> {
  const problems = [...versionProblems(contract.version), ...nameProblems(Object.keys(contract.outputs))];
  if (problems.length > 0) throw new ContractError(`contract "${contract.layer}": ${problems.join('; ')}`);
  return Object.freeze({ ...contract });
}

function versionProblems(version: string): string[] {
  if (valid(version) !== version || prerelease(version) !== null)
    return [`version "${version}" is not allowed; use MAJOR.MINOR.PATCH such as 1.0.0`];
  return [];
}

function nameProblems(keys: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return keys.flatMap((key) => {
    const name = outputName(key);
    const taken = seen.get(name);
    seen.set(name, key);
    if (!/^[a-z][A-Za-z0-9]*$/.test(key))
      return [`output "${key}" is not in camelCase; use letters and digits, starting with a lower-case letter`];
    if ((RESERVED_OUTPUTS as readonly string[]).includes(name))
      return [`output "${key}" has a reserved name; choose another`];
    return taken === undefined ? [] : [`outputs "${taken}" and "${key}" are both "${name}" in Terraform; rename one`];
  });
}
