// One key of an environment starts every physical name that its layers make. Loads no construct.
import type * as z from 'zod';
import type { LayerSchemas } from './layer-schemas';

const KEY = 'namePrefix';

interface RawEnvironment {
  readonly namePrefix?: unknown;
  readonly allowedAccountIds?: unknown;
  readonly layers?: unknown;
}

/**
 * Hands the prefix of each environment on to the layers whose schema takes one, so that their own rules count it: a load
 * balancer's name has 32 characters.
 */
export function withNamePrefix(environments: unknown, layers: LayerSchemas): unknown {
  return mapValues(environments, (environment: RawEnvironment) => {
    const { namePrefix } = environment;
    if (namePrefix === undefined || !isRecord(environment.layers ?? {})) return environment;
    const configured = (environment.layers ?? {}) as Record<string, unknown>;
    const prefixed = Object.entries(layers)
      .filter(([id, schema]) => takesPrefix(schema) && (configured[id] !== undefined || !isOptional(schema)))
      .map(([id]) => [
        id,
        isRecord(configured[id] ?? {}) ? { ...(configured[id] as object), namePrefix } : configured[id],
      ]);
    return { ...environment, layers: { ...configured, ...(Object.fromEntries(prefixed) as object) } };
  });
}

/** Layers with a prefix of their own, and environments whose names would meet in one account. */
export function namePrefixProblems(environments: unknown): string[] {
  if (!isRecord(environments)) return [];
  const named = Object.entries(environments).filter((entry): entry is [string, RawEnvironment] => isRecord(entry[1]));
  return [
    ...named.flatMap(([name, { layers }]) =>
      Object.entries(isRecord(layers) ? layers : {})
        .filter(([, config]) => isRecord(config) && config[KEY] !== undefined)
        .map(
          ([layer]) =>
            `environments.${name}.layers.${layer}.${KEY}: it is a key of the environment, which all layers obey; ` +
            `write environments.${name}.${KEY}`,
        ),
    ),
    ...named.flatMap(([name, environment], index) =>
      named
        .slice(0, index)
        .filter(([, other]) => other.namePrefix === environment.namePrefix && mayShareAccount(other, environment))
        .map(
          ([other]) =>
            `environments.${name}.${KEY}: names of "${name}" and "${other}" meet in one account; give one of them ` +
            'another namePrefix, or give both allowedAccountIds without an account in common',
        ),
    ),
  ];
}

/** Without `allowedAccountIds` an environment goes wherever the credentials lead. */
function mayShareAccount(one: RawEnvironment, other: RawEnvironment): boolean {
  const [accounts, others] = [one.allowedAccountIds, other.allowedAccountIds];
  if (!Array.isArray(accounts) || !Array.isArray(others)) return true;
  return accounts.some((account) => others.includes(account));
}

function takesPrefix(schema: z.ZodType): boolean {
  const { innerType } = schema.def as { readonly innerType?: z.ZodType };
  return innerType === undefined ? KEY in ((schema as { shape?: object }).shape ?? {}) : takesPrefix(innerType);
}

function isOptional(schema: z.ZodType): boolean {
  const { success, data } = schema.safeParse(undefined);
  return success && data === undefined;
}

function mapValues(value: unknown, map: (member: RawEnvironment) => unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, isRecord(member) ? map(member) : member]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
