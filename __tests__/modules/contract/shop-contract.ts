import { Testing, TerraformStack } from 'cdktf';
import { defineContract, t } from '@strata/contract';

/** A contract with an output of each type. */
export const shopContract = defineContract({
  layer: 'shop',
  owner: 'platform-shop',
  version: '1.2.0',
  outputs: {
    vpcId: { type: t.string, description: 'Id of the VPC', example: 'vpc-1' },
    listenerPort: { type: t.number, description: 'Port', example: 80 },
    ipv6Enabled: { type: t.bool, description: 'Whether dual stack', example: true },
    subnetIds: { type: t.list(t.string), description: 'Subnets', example: ['subnet-a', 'subnet-b'] },
    ports: { type: t.list(t.number), description: 'Ports', example: [80, 443] },
    flags: { type: t.list(t.bool), description: 'Flags', example: [true] },
    zones: { type: t.map(t.string), description: 'Zone of each subnet', example: { 'subnet-a': 'a' } },
    alb: {
      type: t.object({ arn: t.string, targetPort: t.number }),
      description: 'Load balancer',
      example: { arn: 'arn:alb', targetPort: 8000 },
    },
    services: {
      type: t.map(t.object({ logGroup: t.string, subnetIds: t.list(t.string) })),
      description: 'Services',
      example: { web: { logGroup: '/web', subnetIds: ['subnet-a'] } },
    },
  },
});

/** The JSON of a stack `id` after `build`. */
export function synthStack(id: string, build: (stack: TerraformStack) => void) {
  const stack = new TerraformStack(Testing.app(), id);
  build(stack);
  return JSON.parse(Testing.synth(stack)) as {
    readonly output?: Record<string, { readonly value: unknown; readonly description?: string }>;
    readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
    readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  };
}

/** Values of the outputs of a stack. */
export function outputsOf(json: ReturnType<typeof synthStack>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json.output ?? {}).map(([name, { value }]) => [name, value]));
}
