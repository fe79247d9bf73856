import { resolve } from 'node:path';
import { MlStack, type MlConfigInput, type MlStackProps } from '@strata/stack-ml';
import { layerJson, readLayer, SHOP_DEV } from '../../support/synth-layer';

export type Options = Partial<MlStackProps>;
type Attributes = Record<string, unknown>;

/** A small training source, whose content the tests' snapshots may hold. */
export const TRAINING_SOURCE = resolve(__dirname, 'training-source');

/** The layer's JSON, with a fixed backend. */
export function json(config: MlConfigInput = {}, options: Options = {}): string {
  return layerJson(
    (app) => new MlStack(app, 'ml', { ...SHOP_DEV, trainingSourceDirectory: TRAINING_SOURCE, ...options, config }),
  );
}

/** The layer with a configuration, by resource type. */
export function synth(config: MlConfigInput = {}, options: Options = {}) {
  const text = json(config, options);
  const layer = readLayer(text);
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Attributes>> };
  const one = (type: string): Attributes => {
    const found = layer.resources(type);
    if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
    return found[0]!;
  };
  const named = (type: string, key: string, name: string): Attributes => {
    const found = layer.resources(type).find((attributes) => attributes[key] === name);
    if (found === undefined) throw new Error(`no ${type} with ${key} ${name}`);
    return found;
  };
  return {
    ...layer,
    text,
    one,
    /** A pipeline's definition, with Terraform's expressions as text. */
    pipeline: (name: string): string =>
      String(named('aws_sagemaker_pipeline', 'pipeline_name', name).pipeline_definition),
    /** The policy of a role, with Terraform's expressions as text. */
    policy: (role: string): string => {
      const [id] = Object.entries(resource.aws_iam_role!).find(([, attributes]) => attributes.name === role) ?? [];
      return layer
        .resources('aws_iam_role_policy')
        .filter((policy) => String(policy.role).includes(`.${id}.`))
        .map((policy) => String(policy.policy))
        .join('\n');
    },
    /** What the deploy function is told. */
    environment: (): Record<string, string> =>
      (one('aws_lambda_function').environment as { variables: Record<string, string> }).variables,
  };
}
