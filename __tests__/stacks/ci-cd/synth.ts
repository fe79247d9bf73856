import { CiCdStack, type CiCdConfigInput, type CiCdStackProps } from '@strata/stack-ci-cd';
import { layerJson, readLayer, SHOP_DEV } from '../../support/synth-layer';

export type Options = Partial<CiCdStackProps>;

/** The layer's JSON, with a fixed backend. */
export function json(config: CiCdConfigInput = {}, options: Options = {}): string {
  return layerJson((app) => new CiCdStack(app, 'ci-cd', { ...SHOP_DEV, ...options, config }));
}

/** A pipeline's stages as the provider takes them. */
export interface Action {
  readonly name: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly role_arn?: string;
  readonly input_artifacts?: readonly string[];
  readonly output_artifacts?: readonly string[];
}
export interface Pipeline {
  readonly name: string;
  readonly stage: readonly {
    readonly name: string;
    readonly action: readonly Action[];
    readonly on_failure?: object;
  }[];
  readonly trigger?: readonly object[];
}

/** The layer with a configuration, by resource type and name. */
export function synth(config: CiCdConfigInput = {}, options: Options = {}) {
  const text = json(config, options);
  const layer = readLayer(text);
  const named = <T = Record<string, unknown>>(type: string, name: string): T => {
    const found = layer.resources(type).find((one) => one.name === name);
    if (found === undefined)
      throw new Error(
        `no ${type} named ${name}, only ${layer
          .resources(type)
          .map((one) => String(one.name))
          .join(', ')}`,
      );
    return found as T;
  };
  return {
    ...layer,
    named,
    names: (type: string): string[] =>
      layer
        .resources(type)
        .map((one) => String(one.name ?? one.repository_name))
        .sort(),
    pipeline: (name: string): Pipeline => named<Pipeline>('aws_codepipeline', name),
    /** The environment variables of a build project. */
    variables: (project: string): Record<string, string> =>
      Object.fromEntries(
        named<{ environment: { environment_variable: { name: string; value: string }[] } }>(
          'aws_codebuild_project',
          project,
        ).environment.environment_variable.map(({ name, value }) => [name, value]),
      ),
    /** What the plan demands of a neighbour: the messages, by the logical id of its state. */
    demands: (neighbour: string): string[] => {
      const { data } = JSON.parse(text) as {
        data: { terraform_remote_state: Record<string, { lifecycle: { postcondition: { error_message: string }[] } }> };
      };
      return data.terraform_remote_state[neighbour]!.lifecycle.postcondition.map(
        ({ error_message: message }) => message,
      );
    },
  };
}
