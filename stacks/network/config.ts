// The configuration of the network layer. Loads no construct.
import { kmsKeyArn } from '@strata/core/config';
import { namePrefix } from '@strata/layer/config';
import * as z from 'zod';
import { LOG_RETENTION_DAYS } from '@strata/core/rules';
import { subnetLayout } from '@strata/vpc/rules';

const DEFAULT_ZONE_COUNT = 2;
const DEFAULT_CIDR_BLOCK = '10.0.0.0/16';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `use "${prefix}-" and 8 to 17 hexadecimal digits`);
const prefixLength = z.number().int().min(16).max(28);
const cidrBlocks = z.array(z.string()).min(1);

const flowLogs = z
  .strictObject({
    destination: z
      .enum(['cloud-watch-logs', 's3'])
      .default('cloud-watch-logs')
      .describe('S3 is the cheaper one by far'),
    bucketArn: z
      .string()
      .regex(/^arn:[a-z-]+:s3:::/, 'use the ARN of a bucket, such as "arn:aws:s3:::bucket/prefix/"')
      .optional()
      .describe('Only and always with destination s3'),
    logGroupName: z
      .string()
      .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, 'use 1 to 512 letters, digits and . - _ / #')
      .optional()
      .describe('Name of the log group. Default: /<project>/<environment>/vpc-flow-logs'),
    retentionDays: z
      .literal([...LOG_RETENTION_DAYS])
      .optional()
      .describe('Days that the log group keeps its events. Default: 30'),
    kmsKeyArn: kmsKeyArn.optional().describe("Key that encrypts the log group. Default: CloudWatch's own encryption"),
    trafficType: z.enum(['ACCEPT', 'REJECT', 'ALL']).default('ALL'),
    maxAggregationIntervalSeconds: z
      .literal([60, 600])
      .default(600)
      .describe('Seconds that a record may stand for; 60 gives more records, which cost more'),
  })
  .superRefine((value, context) => {
    const wrong = (key: keyof typeof value, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message, input: value[key] });
    if (value.destination === 's3') {
      if (value.bucketArn === undefined) wrong('destination', 'it goes with bucketArn, the ARN of a bucket; add that');
      for (const key of ['logGroupName', 'retentionDays', 'kmsKeyArn'] as const) {
        if (value[key] !== undefined) wrong(key, 'leave it out with destination s3, the bucket has its own');
      }
    } else if (value.bucketArn !== undefined) wrong('bucketArn', 'leave it out with destination cloud-watch-logs');
  });

const importVpc = z.strictObject({
  vpcId: id('vpc'),
  privateSubnetIds: z.array(id('subnet')).min(1).describe('Where tasks run'),
  publicSubnetIds: z.array(id('subnet')).default([]).describe('Where internet-facing load balancers are'),
  privateRouteTableIds: z
    .array(id('rtb'))
    .min(1)
    .optional()
    .describe('Default: the tables that the private subnets are associated with'),
  ipv6: z.boolean().default(false).describe('Whether the VPC is dual stack'),
});

const vpcEndpoints = z.strictObject({
  derive: z
    .enum(['without-nat', 'always', 'never'])
    .default('without-nat')
    .describe(
      'When to create the endpoints that the services need. without-nat: only if there is no NAT gateway; an ' +
        'interface endpoint is charged per hour',
    ),
  gateway: z
    .array(z.enum(['s3', 'dynamodb', 's3express']))
    .optional()
    .describe('Gateway endpoints, which are free. Default: s3; none in an imported VPC, which may have them'),
  interface: z
    .array(z.string().min(1))
    .default([])
    .describe('Interface endpoints besides those derived, such as ecr.api'),
  policies: z
    .record(z.string(), z.string().min(1))
    .optional()
    .describe('Service -> policy of its endpoint, as JSON text. Default: everything that the caller may do'),
  ignoredActions: z
    .array(z.string().min(1))
    .default([])
    .describe('IAM actions of services that work without an endpoint, though none is known for them'),
});

/**
 * Options of a VPC that is made; an imported one has them already. None has a default here: whether it was written
 * matters, as beside importVpc it would contradict the VPC that exists.
 */
const newVpc = {
  cidrBlock: z
    .string()
    .optional()
    .describe(`IPv4 block, /16 to /28. A change replaces the VPC and everything in it. Default: ${DEFAULT_CIDR_BLOCK}`),
  availabilityZoneCount: z
    .number()
    .int()
    .min(1)
    .max(6)
    .optional()
    .describe(`Zones to use, of those the account has. Default: ${DEFAULT_ZONE_COUNT}`),
  availabilityZones: z
    .array(z.string().min(1))
    .min(1)
    .max(6)
    .optional()
    .describe('Zones by name, such as ap-northeast-2a; add new ones at the end'),
  natGateways: z
    .enum(['none', 'single', 'per-az'])
    .optional()
    .describe(
      'Charged per gateway and hour and per GB; with a single one, all subnets lose internet access if its zone ' +
        'fails. Default: single',
    ),
  publicSubnetPrefixLength: prefixLength.optional().describe("Default: four more than the VPC's, /20 in a /16"),
  privateSubnetPrefixLength: prefixLength.optional().describe("Default: four more than the VPC's, /20 in a /16"),
  publicSubnetCidrBlocks: cidrBlocks
    .optional()
    .describe("One per zone. Default: laid out from the start of the VPC's lower half"),
  privateSubnetCidrBlocks: cidrBlocks
    .optional()
    .describe("One per zone. Default: laid out from the start of the VPC's upper half"),
  ipv6: z.boolean().optional().describe('Dual stack, with a block that Amazon provides. Default: false'),
};

/** The configuration of the network layer. */
export const networkConfig = z
  .strictObject({
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]{0,199}$/, 'use 1 to 200 letters, digits, spaces and . _ : / = + @ -')
      .default('app-vpc')
      .describe('Name of the VPC, and start of the names of what is in it'),
    ...newVpc,
    importVpc: importVpc.optional().describe('Use an existing VPC instead of creating one'),
    flowLogs: flowLogs.optional().describe('Record connections with VPC flow logs. Default: off'),
    vpcEndpoints: vpcEndpoints.prefault({}),
  })
  .superRefine((config, context) => {
    for (const { path, message } of config.importVpc === undefined ? newVpcProblems(config) : importProblems(config)) {
      context.addIssue({ code: 'custom', path: [...path], message, input: valueAt(config, path) });
    }
  });

export type NetworkConfig = z.output<typeof networkConfig>;
export type NetworkConfigInput = z.input<typeof networkConfig>;

type NewVpcConfig = z.output<z.ZodObject<typeof newVpc>>;
interface Problem {
  readonly path: readonly [keyof NewVpcConfig] | readonly [keyof NewVpcConfig, number];
  readonly message: string;
}

function newVpcProblems(config: NewVpcConfig): Problem[] {
  const { availabilityZones: zones, availabilityZoneCount: count } = config;
  const found: Problem[] = [];
  if (zones !== undefined && new Set(zones).size < zones.length)
    found.push({ path: ['availabilityZones'], message: 'give each zone once' });
  if (zones !== undefined && count !== undefined && count !== zones.length) {
    found.push({ path: ['availabilityZoneCount'], message: `leave it out, availabilityZones has ${zones.length}` });
  }
  const report = { add: (text: string) => void found.push(layoutProblem(config, text)) };
  subnetLayout(report, {
    ...config,
    cidrBlock: config.cidrBlock ?? DEFAULT_CIDR_BLOCK,
    zoneCount: zones?.length ?? count ?? DEFAULT_ZONE_COUNT,
  });
  return found;
}

/** A problem of the layout, `key: "value" is …`, as one of the configuration, which names key and value itself. */
function layoutProblem(config: NewVpcConfig, text: string): Problem {
  const [, key = '', index, message = ''] = /^(\w+)(?:\[(\d+)\])?: (.*)$/s.exec(text) ?? [];
  const path: Problem['path'] =
    index === undefined ? [key as keyof NewVpcConfig] : [key as keyof NewVpcConfig, Number(index)];
  const value = valueAt(config, path);
  // What was not written out follows from the VPC's block.
  if (value === undefined) return { path: ['cidrBlock'], message: text };
  const shown = `${JSON.stringify(value)} `;
  return { path, message: message.startsWith(shown) ? `it ${message.slice(shown.length)}` : message };
}

function valueAt(config: NewVpcConfig, [key, index]: Problem['path']): unknown {
  const value = config[key];
  return index !== undefined && Array.isArray(value) ? value[index] : value;
}

/** What was chosen for a VPC to be made, which has no effect on one that exists. */
function importProblems(config: NewVpcConfig): Problem[] {
  return (Object.keys(newVpc) as (keyof NewVpcConfig)[])
    .filter((key) => config[key] !== undefined)
    .map((key) => ({ path: [key], message: 'leave it out with importVpc, the VPC has its own' }));
}
