import { createHash } from 'node:crypto';
import type {
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  DescribeEndpointConfigCommandOutput,
  ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import type { EndpointSpec } from './endpoint-spec';
import type { Settings } from './settings';
import { tags } from './tags';

/** Variant that serves. Its name stays the same, as autoscaling and alarms know it by name. */
export const MAIN_VARIANT = 'AllTraffic';
/** Variant of a new model that has not taken over yet. */
export const CANDIDATE_VARIANT = 'Candidate';

/** A registered model, as far as it matters here. */
export interface ModelVersion {
  readonly modelPackageArn: string;
  /** Its number in the group; `undefined` for a package without one. */
  readonly version: number | undefined;
  readonly modelDataUrl: string;
  readonly image: string;
}

/**
 * Names hold a hash of all that is in what they name: the same request has the same name, so that a second run finds
 * what the first one made.
 */
function nameOf(settings: Settings, version: string, content: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  return `${settings.endpointName}-${version}-${hash}`;
}

/** The model to create. */
export function modelRequest(
  settings: Settings,
  model: ModelVersion,
): CreateModelCommandInput & { readonly ModelName: string } {
  const { VpcConfig, EnableNetworkIsolation, Environment } = settings.spec.model;
  const version = model.version === undefined ? 'v0' : `v${model.version}`;
  const request = {
    PrimaryContainer: {
      Image: model.image,
      ModelDataUrl: model.modelDataUrl,
      Environment: { ...(model.version === undefined ? {} : { MODEL_VERSION: String(model.version) }), ...Environment },
    },
    ExecutionRoleArn: settings.executionRoleArn,
    ...(VpcConfig === undefined ? {} : { VpcConfig }),
    ...(EnableNetworkIsolation === undefined ? {} : { EnableNetworkIsolation }),
  };
  return { ModelName: nameOf(settings, version, request), ...request, Tags: tags(settings, model.modelPackageArn) };
}

/** A configuration to create. */
export type Config = CreateEndpointConfigCommandInput & { readonly EndpointConfigName: string };
type CurrentConfig = Partial<
  Pick<DescribeEndpointConfigCommandOutput, 'ProductionVariants' | 'ShadowProductionVariants'>
>;

/**
 * The configuration that brings `modelName` to the endpoint by the chosen rollout. Without a model that serves, or
 * where it is the same, there is nothing to compare with: the new one takes all traffic.
 */
export function rolloutConfig(
  settings: Settings,
  modelName: string,
  current: CurrentConfig | undefined,
  modelPackageArn: string | undefined,
): Config {
  const { rollout } = settings.spec;
  const serving = variantNamed(current, MAIN_VARIANT)?.ModelName ?? current?.ProductionVariants?.[0]?.ModelName;
  if (rollout.strategy === 'replace' || serving === undefined || serving === modelName)
    return finalConfig(settings, modelName, modelPackageArn);
  if (rollout.strategy === 'weighted') {
    const share = rollout.weightPercent / 100;
    return config(settings, modelPackageArn, [
      variant(settings, MAIN_VARIANT, serving, 1 - share),
      variant(settings, CANDIDATE_VARIANT, modelName, share),
    ]);
  }
  const shadow = {
    ...variant(settings, CANDIDATE_VARIANT, modelName, rollout.samplingPercent / 100),
    ...(rollout.InstanceType === undefined ? {} : { InstanceType: rollout.InstanceType }),
    ...(rollout.InitialInstanceCount === undefined ? {} : { InitialInstanceCount: rollout.InitialInstanceCount }),
  };
  return config(settings, modelPackageArn, [variant(settings, MAIN_VARIANT, serving, 1)], [shadow]);
}

/** The configuration in which one model has all traffic. */
export function finalConfig(settings: Settings, modelName: string, modelPackageArn: string | undefined): Config {
  return config(settings, modelPackageArn, [variant(settings, MAIN_VARIANT, modelName, 1)]);
}

/** The production or shadow variant of that name. */
export function variantNamed(current: CurrentConfig | undefined, name: string): ProductionVariant | undefined {
  return variantsOf(current).find(({ VariantName }) => VariantName === name);
}

/** Names of the models of a configuration. */
export function modelsOf(current: CurrentConfig | undefined): readonly string[] {
  return variantsOf(current).flatMap(({ ModelName }) => ModelName ?? []);
}

/** Name of the model that a configuration brings: of its last shadow variant, else of its last variant. */
export function newestModelOf(current: CurrentConfig): string {
  return variantsOf(current).at(-1)?.ModelName ?? '';
}

function variantsOf(current: CurrentConfig | undefined): readonly ProductionVariant[] {
  return [...(current?.ProductionVariants ?? []), ...(current?.ShadowProductionVariants ?? [])];
}

function variant({ spec }: Settings, name: string, modelName: string, weight: number): ProductionVariant {
  return { ...spec.variant, VariantName: name, ModelName: modelName, InitialVariantWeight: weight };
}

function config(
  settings: Settings,
  modelPackageArn: string | undefined,
  production: ProductionVariant[],
  shadow: ProductionVariant[] = [],
): Config {
  const { KmsKeyId, DataCaptureConfig, AsyncInferenceConfig }: EndpointSpec['endpointConfig'] =
    settings.spec.endpointConfig;
  const request = {
    ProductionVariants: production,
    ...(shadow.length === 0 ? {} : { ShadowProductionVariants: shadow }),
    ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
    ...(DataCaptureConfig === undefined ? {} : { DataCaptureConfig }),
    ...(AsyncInferenceConfig === undefined ? {} : { AsyncInferenceConfig }),
  };
  const version = /-(v\d+)-[0-9a-f]{8}$/.exec(newestModelOf(request))?.[1] ?? 'v0';
  return { EndpointConfigName: nameOf(settings, version, request), ...request, Tags: tags(settings, modelPackageArn) };
}
