import { Testing, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { LayerProps } from '@strata/layer';

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** Where layers of tests are deployed to: a backend that is the same on every machine. */
export const SHOP_DEV: LayerProps = {
  project: 'shop',
  environment: 'dev',
  region: 'ap-northeast-2',
  state: { type: 'local', directory: '/state' },
};

/** A layer's JSON. */
export function layerJson(build: (scope: Construct) => TerraformStack): string {
  return Testing.synth(build(Testing.app()), true);
}

/**
 * A layer's JSON for a snapshot: the package's version, which is in a tag, is left out, as a release is no change of
 * ids.
 */
export function layerSnapshot(json: string): object {
  return JSON.parse(json.replace(/"version": "\d+\.\d+\.\d+"/, '"version": "any"')) as object;
}

/** A layer's resources, data sources and outputs. */
export function readLayer(json: string) {
  const {
    resource = {},
    data = {},
    output = {},
    provider,
  } = JSON.parse(json) as {
    resource?: Blocks;
    data?: Blocks;
    output?: Record<string, { value: unknown }>;
    provider: { aws: Record<string, unknown>[] };
  };
  return {
    /** What AWS has: not `terraform_data`, of which every layer has some. */
    types: Object.keys(resource)
      .filter((type) => type.startsWith('aws_'))
      .sort(),
    resources: (type: string) => Object.values(resource[type] ?? {}),
    data: (type: string) => Object.values(data[type] ?? {}),
    outputs: Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value])),
    provider: provider.aws[0]!,
  };
}
