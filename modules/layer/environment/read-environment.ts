import { checkConfig, ConfigError, didYouMean, escapeTemplates } from '@strata/core/config';
import { arnProblems } from '@strata/core/rules';
import { environmentConfig, projectName, type EnvironmentConfig } from '../config';
import * as z from 'zod';
import type { LayerProps } from '../layer';
import type { LayerSchemas } from './layer-schemas';
import { namePrefixProblems, withNamePrefix } from './name-prefix';

export interface EnvironmentOptions<L extends LayerSchemas> {
  /** The context of cdktf.json: `project`, `environment` and `environments`. */
  readonly context: { readonly project?: unknown; readonly environment?: unknown; readonly environments?: unknown };
  /** All layers. */
  readonly layers: L;
  /** Environment to use, such as the value of STRATA_ENVIRONMENT. @default the context's `environment` */
  readonly environment?: string;
  /**
   * Ids of the layers to synthesize, comma-separated, such as the value of STRATA_LAYERS.
   * @default all that are configured
   */
  readonly only?: string;
  /**
   * Layers to add to the environment where it leaves them out, as JSON, such as the value of STRATA_ADD_LAYERS:
   * `{"jobs":{"kinds":{"sentiment":{}}}}`.
   * @default none
   */
  readonly add?: string;
  /**
   * Ids of the neighbours to replace by fixtures, comma-separated, or `all`, such as the value of STRATA_FIXTURES.
   * @default none
   */
  readonly fixtures?: string;
}

export interface Environment<L extends LayerSchemas> {
  readonly project: string;
  readonly name: string;
  /**
   * Folder of the environment's layers in the output; a different one with fixtures, whose plans have a separate state.
   */
  readonly folder: string;
  /** Each layer's config, defaults filled in; `undefined` for a layer that the environment leaves out. */
  readonly config: { readonly [K in keyof L]: z.output<L[K]> };
  /** Whether the layers to synthesize were selected by `only`. */
  readonly isSelection: boolean;
  /** Whether a layer is synthesized: configured here, and not excluded by `only`. */
  has(layer: keyof L): boolean;
  /** Whether the environment configures a layer, even if `only` excludes it. */
  configures(layer: keyof L): boolean;
  /** Applies `read` to a layer's config; `undefined` for a layer that the environment leaves out. */
  fromConfig<K extends keyof L, T>(layer: K, read: (config: NonNullable<z.output<L[K]>>) => T): T | undefined;
  /** The shared settings of the environment, as the props of one layer. */
  propsFor(layer: keyof L & string): LayerProps;
}

/**
 * Validates the whole context, every environment and every layer, and returns one environment.
 * @throws ConfigError naming every problem in every environment.
 */
export function readEnvironment<L extends LayerSchemas>(options: EnvironmentOptions<L>): Environment<L> {
  const { context, layers } = options;
  const environmentsGiven = withAddedLayers(options);
  const checked = checkConfig(contextSchema(layers), {
    project: context.project,
    environment: context.environment,
    environments: withNamePrefix(environmentsGiven, layers),
  });
  const problems = [...namePrefixProblems(environmentsGiven), ...checked.problems, ...selectionProblems(options)];
  if (problems.length > 0 || checked.value === undefined) throw refusal(problems);

  const { project, environments } = checked.value;
  const wrongArns = Object.entries(environments).flatMap(([key, environment]) =>
    arnProblems(environment.layers, environment.region, `environments.${key}.layers`),
  );
  if (wrongArns.length > 0) throw refusal(wrongArns);
  const name = options.environment ?? checked.value.environment;
  const { layers: configured, ...shared } = environments[name] as EnvironmentConfig & {
    layers: Environment<L>['config'];
  };
  // What is configured is data, never Terraform code.
  const config = escapeTemplates(configured);
  const only = listOf(options.only);
  const leftOut = only?.filter((layer) => config[layer] === undefined) ?? [];
  if (leftOut.length > 0)
    throw refusal(
      leftOut.map(
        (layer) =>
          `STRATA_LAYERS: "${layer}" is not configured in environment "${name}"; add it to environments.${name}.layers`,
      ),
    );
  const fixtures = listOf(options.fixtures);
  return {
    project,
    name,
    folder: fixtures === undefined ? name : `${name}-fixtures`,
    config,
    isSelection: only !== undefined,
    configures: (layer) => config[layer] !== undefined,
    fromConfig: (layer, read) => {
      const value = config[layer];
      return value === undefined || value === null ? undefined : read(value);
    },
    has: (layer) => config[layer] !== undefined && (only === undefined || only.includes(String(layer))),
    propsFor: (layer) => ({
      project,
      environment: name,
      region: shared.region,
      state: shared.state,
      deletionProtection: shared.deletionProtection,
      maxSecurityGroupRules: shared.maxSecurityGroupRules,
      allowedAccountIds: shared.allowedAccountIds,
      owner: escapeTemplates(shared.owners[layer]),
      tags: escapeTemplates(shared.tags),
      neighbours: shared.neighbours,
      fixtures: fixtures?.includes('all') === true ? true : fixtures,
    }),
  };
}

/** @throws ConfigError when `add` is not JSON of an object */
function withAddedLayers<L extends LayerSchemas>({ context, environment, add }: EnvironmentOptions<L>): unknown {
  if (add === undefined || add.trim() === '') return context.environments;
  const name = environment ?? context.environment;
  const known = (context.environments ?? {}) as Record<string, { readonly layers?: object } | undefined>;
  const chosen = typeof name === 'string' ? known[name] : undefined;
  if (chosen === undefined) return known; // which is said of the environment
  return { ...known, [name as string]: { ...chosen, layers: { ...layersOf(add), ...chosen.layers } } };
}

function layersOf(add: string): object {
  try {
    const value: unknown = JSON.parse(add);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw refusal([`STRATA_ADD_LAYERS: "${add}" is not an object in JSON; use {"jobs":{"kinds":{"sentiment":{}}}}`]);
}

function refusal(problems: readonly string[]): ConfigError {
  return new ConfigError(problems, 'context of cdktf.json');
}

function contextSchema(layers: LayerSchemas) {
  const name = z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use 1 to 32 lower-case letters, digits and hyphens, starting with a letter');
  const environment = environmentConfig.extend({
    owners: z.partialRecord(z.enum(Object.keys(layers)), z.string().min(1)).default({}),
    layers: z.strictObject(layers).prefault({}),
  });
  return z.strictObject({ project: projectName, environment: name, environments: z.record(name, environment) });
}

function selectionProblems<L extends LayerSchemas>({
  context,
  layers,
  environment,
  only,
  fixtures,
}: EnvironmentOptions<L>): string[] {
  const known = Object.keys((context.environments ?? {}) as object);
  const wanted = environment ?? context.environment;
  return [
    ...(typeof wanted === 'string' && known.length > 0 && !known.includes(wanted)
      ? [unknown(environment === undefined ? 'environment' : 'STRATA_ENVIRONMENT', wanted, known)]
      : []),
    ...unknownLayers('STRATA_LAYERS', listOf(only), Object.keys(layers)),
    ...unknownLayers('STRATA_FIXTURES', listOf(fixtures), [...Object.keys(layers), 'all']),
  ];
}

function unknownLayers(key: string, wanted: readonly string[] | undefined, known: readonly string[]): string[] {
  return (wanted ?? []).filter((layer) => !known.includes(layer)).map((layer) => unknown(key, layer, known));
}

function unknown(key: string, value: string, known: readonly string[]): string {
  return `${key}: "${value}" does not exist; use one of ${known.join(', ')}${didYouMean(value, known)}`;
}

/** A comma-separated list; `undefined` if not set. */
function listOf(text: string | undefined): string[] | undefined {
  const items = text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items === undefined || items.length === 0 ? undefined : items;
}
