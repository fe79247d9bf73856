import { NetworkStack, type NetworkStackProps } from '@strata/stack-network';
import { layerJson, SHOP_DEV } from '../../support/synth-layer';

type Attributes = Record<string, unknown>;
export type Options = Partial<NetworkStackProps>;

export const VPC = {
  vpcId: 'vpc-0f1e2d3c4b5a69788',
  privateSubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
  publicSubnetIds: ['subnet-0a1b2c3f'],
};

/** The layer's JSON, with a fixed backend. */
export function json(options: Options = {}): string {
  return layerJson((app) => new NetworkStack(app, 'network', { ...SHOP_DEV, ...options }));
}

/** The layer, by resource type and by output. */
export function synth(options: Options = {}) {
  const parsed = JSON.parse(json(options)) as {
    readonly resource: Record<string, Record<string, Attributes>>;
    readonly data: Record<string, Record<string, Attributes>>;
    readonly output: Record<string, { readonly value: unknown }>;
    readonly provider: { readonly aws: readonly Attributes[] };
    readonly terraform: Attributes;
  };
  return {
    ...parsed,
    resources: (type: string): Attributes[] => Object.values(parsed.resource?.[type] ?? {}),
    outputs: Object.fromEntries(Object.entries(parsed.output).map(([name, { value }]) => [name, value])),
    endpointServices: Object.values(parsed.resource?.aws_vpc_endpoint ?? {})
      .map((endpoint) => String(endpoint.service_name).replace('com.amazonaws.ap-northeast-2.', ''))
      .sort(),
  };
}
