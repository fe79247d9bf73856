import { TerraformOutput, TerraformStack, Token, type IResolvable } from 'cdktf';
import { ContractError } from './contract-error';
import { outputName, type Contract } from './define-contract';
import { snakeCase, type OutputType } from './output-type';

/** A value to publish: plain, or a token where the type is one that Terraform resolves. */
export type PublishedValue<T> = T extends { kind: 'string' }
  ? string
  : T extends { kind: 'number' }
    ? number
    : T extends { kind: 'bool' }
      ? boolean | IResolvable
      : T extends { kind: 'list'; element: infer E }
        ? readonly PublishedValue<E>[] | IResolvable
        : T extends { kind: 'map'; element: infer E }
          ? { readonly [key: string]: PublishedValue<E> } | IResolvable
          : T extends { kind: 'object'; attributes: infer A }
            ? { readonly [K in keyof A]: PublishedValue<A[K]> }
            : never;

/** A value for each of a contract's outputs. */
export type PublishedValues<S extends Readonly<Record<string, OutputType>>> = {
  readonly [K in keyof S]: PublishedValue<S[K]>;
};

/**
 * Publishes a contract as the outputs of a stack: one for each output of the contract, under its static name, plus the
 * contract's own name and version.
 *
 * Outputs have static names, so a second set of them would silently overwrite the first. Publish them in a stack, not
 * in a construct.
 * @throws ContractError when `stack` is not a stack, when an output is missing, unknown or of another type.
 */
export function publishContract<S extends Readonly<Record<string, OutputType>>>(
  stack: TerraformStack,
  contract: Contract<S>,
  values: PublishedValues<S>,
): void {
  if (!TerraformStack.isStack(stack)) {
    throw new ContractError(
      `contract "${contract.layer}": published from inside a construct; publish it in the stack, as a second ` +
        'construct would overwrite its outputs',
    );
  }
  const given = values as Readonly<Record<string, unknown>>;
  const problems = [
    ...Object.keys(contract.outputs)
      .filter((key) => given[key] === undefined)
      .map((key) => `output "${key}" is missing`),
    ...Object.keys(given)
      .filter((key) => contract.outputs[key] === undefined)
      .map((key) => `output "${key}" is not part of it; add it to the contract and raise its minor version`),
    ...Object.entries(contract.outputs).flatMap(([key, { type }]) =>
      given[key] === undefined ? [] : typeProblems(type, given[key], `output "${key}"`),
    ),
  ];
  if (problems.length > 0)
    throw new ContractError(`contract "${contract.layer}" ${contract.version}: ${problems.join('; ')}`);

  for (const [key, { type, description }] of Object.entries(contract.outputs)) {
    new TerraformOutput(stack, outputName(key), { value: toTerraform(type, given[key]), description, staticId: true });
  }
  new TerraformOutput(stack, 'contract_name', {
    value: contract.layer,
    description: 'Name of the contract that these outputs fulfil',
    staticId: true,
  });
  new TerraformOutput(stack, 'contract_version', {
    value: contract.version,
    description: 'Semantic version of the contract',
    staticId: true,
  });
}

/** Type errors of a value, in words; `path` names the value. */
export function typeProblems(type: OutputType, value: unknown, path: string): string[] {
  if (Token.isUnresolved(value)) return [];
  const wrong = [`${path} is ${kindOf(value)}, the contract says ${type.kind}`];
  switch (type.kind) {
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((element, index) => typeProblems(type.element, element, `${path}[${index}]`))
        : wrong;
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, element]) => typeProblems(type.element, element, `${path}["${key}"]`))
        : wrong;
    case 'object':
      return isRecord(value)
        ? Object.entries(type.attributes).flatMap(([key, attribute]) =>
            typeProblems(attribute, value[key], `${path}.${key}`),
          )
        : wrong;
    case 'bool':
      return typeof value === 'boolean' ? [] : wrong;
    default:
      return typeof value === type.kind ? [] : wrong;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

/** The value as Terraform holds it: attributes of objects in snake_case, keys of maps untouched. */
export function toTerraform(type: OutputType, value: unknown): unknown {
  if (Token.isUnresolved(value)) return value;
  if (type.kind === 'list') return (value as readonly unknown[]).map((element) => toTerraform(type.element, element));
  if (type.kind === 'map')
    return mapValues(value as Record<string, unknown>, (key, element) => [key, toTerraform(type.element, element)]);
  if (type.kind === 'object')
    return mapValues(type.attributes, (key, attribute) => [
      snakeCase(key),
      toTerraform(attribute, (value as Record<string, unknown>)[key]),
    ]);
  return value;
}

function mapValues<V>(
  record: Readonly<Record<string, V>>,
  map: (key: string, value: V) => readonly [string, unknown],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => map(key, value)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
