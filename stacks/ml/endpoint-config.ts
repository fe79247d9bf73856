// The schema of the endpoint: who owns it, what serves, how it is watched and updated. Loads no construct.
import { arn } from '@strata/core/config';
import {
  DEFAULT_VARIANT_NAME,
  endpointProblems,
  HOSTING_KINDS,
  rolloutProblems,
  UPDATE_STRATEGIES,
  updateWaitSecondsOf,
  type EndpointOptions,
  type Rollout,
} from '@strata/sagemaker/rules';
import * as z from 'zod';
import { ecrImage } from './ecr-image';

const count = z.number().int();
const seconds = z.number().int();
const percent = z.number();
const image = ecrImage.describe('URI of an image in ECR, with a tag or, better, a digest');
const modelDataUrl = z.string().regex(/^s3:\/\/[^/]+\/.+/, 'use s3://<bucket>/<key>/model.tar.gz');

const scaling = z.strictObject({
  minCapacity: count
    .optional()
    .describe('Fewest instances, or provisioned concurrency; 0 with async only. Default: 1, 0 with async'),
  maxCapacity: count.describe('Most instances, or provisioned concurrency'),
  invocationsPerInstance: z
    .number()
    .optional()
    .describe('realtime: target number of requests per minute per instance. Default: 1000'),
  backlogPerInstance: z
    .number()
    .optional()
    .describe('async: target number of waiting requests per instance. ' + 'Default: 5'),
  provisionedConcurrencyUtilizationPercent: percent
    .optional()
    .describe('serverless: target utilization of the provisioned concurrency. Default: 70'),
  scaleOutCooldownSeconds: seconds.optional().describe('Default: 300'),
  scaleInCooldownSeconds: seconds.optional().describe('Default: 600'),
});

const threshold = z.union([z.literal(false), z.number()]).optional();
const alarms = z.strictObject({
  max5xxPercent: threshold.describe('Share of the requests answered 5xx; false for no alarm. Default: 5'),
  maxModelErrorPercent: threshold.describe(
    'Share of the requests without a 2xx answer; false for no alarm. Default: 50',
  ),
  minInvocationsPerMinute: count
    .optional()
    .describe('Requests per minute below which both percentages count as 0. Default: 10'),
  p99ModelLatencySeconds: threshold.describe(
    'Time that the model takes; false for no alarm. Default: 5; none with async',
  ),
  maxAsyncFailures: threshold.describe('async: failed requests in 5 minutes; false for no alarm. Default: 5'),
  maxBacklogAgeSeconds: threshold.describe('async: age of the oldest request; false for no alarm. Default: 1800'),
  notifyOnRecovery: z
    .boolean()
    .optional()
    .describe('Whether alarmTopicArn is also notified when an alarm recovers. Default: true'),
});

const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('replace') }),
  z.strictObject({
    strategy: z.literal('weighted'),
    weightPercent: percent.describe('Share of the requests that the new model gets, until it is promoted or discarded'),
  }),
  z.strictObject({
    strategy: z.literal('shadow'),
    samplingPercent: percent.describe(
      'Share of the requests that the new model gets a copy of, until it is promoted or discarded',
    ),
  }),
]);

const variant = z.strictObject({
  variantName: z.string().min(1).optional().describe(`Default: ${DEFAULT_VARIANT_NAME}`),
  modelDataUrl: modelDataUrl.describe('model.tar.gz in S3'),
  image: image.optional().describe('Default: that of the endpoint'),
  environment: z.record(z.string(), z.string()).optional(),
  weight: z.number().min(0).optional().describe('Share of the requests, by the sum of all weights. Default: 1'),
  instanceType: z.string().optional(),
  initialInstanceCount: count.optional(),
});

/** Options that go to SageMaker as they are; ranges and combinations are checked by `endpointProblems`. */
const hostingOptions = {
  hosting: z
    .enum(HOSTING_KINDS)
    .default('serverless')
    .describe(
      'serverless: free while idle. realtime: charged per instance and hour. async: writes responses to S3, can ' +
        'scale to zero',
    ),
  environment: z.record(z.string(), z.string()).optional().describe('Environment variables of the container'),
  enableNetworkIsolation: z
    .boolean()
    .optional()
    .describe('Whether the container may make no connection at all. Default: false'),
  instanceType: z.string().optional().describe('realtime, async. Default: ml.m5.large'),
  initialInstanceCount: count.optional().describe('realtime, async: instances at the start. Default: 1'),
  volumeSizeGiB: count.optional(),
  modelDataDownloadTimeoutSeconds: seconds.optional(),
  containerStartupHealthCheckTimeoutSeconds: seconds.optional(),
  enableSsmAccess: z
    .boolean()
    .optional()
    .describe(
      'realtime, async: whether people may open a shell in the containers through SSM. First have AWS Support allow ' +
        'it for the account; SageMaker refuses the endpoint otherwise. Default: false',
    ),
  routingStrategy: z.enum(['LEAST_OUTSTANDING_REQUESTS', 'RANDOM']).optional(),
  inferenceAmiVersion: z.string().optional(),
  serverlessMemoryMiB: count.optional().describe('1024 to 6144 in steps of 1024. Default: 2048'),
  serverlessMaxConcurrency: count.optional().describe('Maximum concurrency, 1 to 200. Default: 10'),
  serverlessProvisionedConcurrency: count
    .optional()
    .describe('Provisioned concurrency, charged all the time. Default: none'),
  asyncMaxConcurrentInvocationsPerInstance: count.optional(),
  asyncSuccessTopicArn: arn.optional().describe('SNS topic notified of successful requests'),
  asyncErrorTopicArn: arn.optional().describe('SNS topic notified of failures'),
  updateStrategy: z.enum(UPDATE_STRATEGIES).optional().describe('realtime, async. Default: all-at-once'),
  updateStepPercent: percent.optional().describe('Default: canary 10, linear 25, rolling 25'),
  updateWaitSeconds: seconds
    .optional()
    .describe('Seconds after each step in which an alarm rolls the update back. Default: 300, without alarms 0'),
  terminationWaitSeconds: seconds.optional().describe('Seconds that the old instances are kept. Default: 0'),
  updateTimeoutSeconds: seconds.optional(),
  rollbackAlarmNames: z
    .array(z.string().min(1))
    .optional()
    .describe('CloudWatch alarms that roll an update back, besides those of alarms'),
  scaling: scaling.optional().describe('Default: the number of instances stays'),
};

/** What serves, how it is watched and updated, and who decides which model. */
export const endpointConfig = z.strictObject({
  owner: z
    .enum(['pipeline', 'terraform'])
    .default('pipeline')
    .describe(
      'Who makes the endpoint and decides which model it serves: the pipeline by its deploy function, or ' +
        'Terraform by variants. See docs/adr/0009-who-owns-the-endpoint.md',
    ),
  image: image
    .optional()
    .describe(
      'Image of the inference container. Default with owner pipeline: the one that was shipped last, by its ' +
        'SSM parameter; needed with owner terraform',
    ),
  ...hostingOptions,
  vpc: z
    .boolean()
    .default(false)
    .describe('Whether the containers are connected to the private subnets, with their own security group'),
  dataCapture: z
    .boolean()
    .default(false)
    .describe('Whether requests and answers are kept in the artifact bucket, below data-capture/'),
  dataCapturePercent: percent.optional().describe('Share of the requests that is kept, 1 to 100. Default: 100'),
  dataCaptureModes: z
    .array(z.enum(['Input', 'Output']))
    .min(1)
    .optional()
    .describe('Default: both'),
  alarms: z
    .union([z.literal(false), alarms])
    .default(false)
    .describe('Alarms to alarmTopicArn, which also roll an update back (not with serverless); CloudWatch bills each'),
  rollout: rollout.default({ strategy: 'replace' }).describe('owner pipeline: how a new model is rolled out'),
  variants: z.array(variant).optional().describe('owner terraform: the models that share the requests; needed'),
  shadowVariant: variant
    .optional()
    .describe('owner terraform: a model that gets a copy of the requests; its responses are discarded'),
});

export type EndpointConfig = z.output<typeof endpointConfig>;

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Where the layer puts what belongs to it, in words that stand for values known only to Terraform. */
export interface EndpointPlaces {
  readonly asyncOutputS3Uri: string;
  readonly asyncFailureS3Uri: string;
  readonly dataCaptureS3Uri: string;
  readonly subnetIds?: readonly string[];
  readonly securityGroupIds?: readonly string[];
  readonly kmsKeyArn?: string;
}

/** The options of the endpoint as SageMaker has them. */
export function endpointOptions(config: EndpointConfig, places: EndpointPlaces): EndpointOptions {
  const {
    owner: _owner,
    image: _image,
    vpc,
    dataCapture,
    alarms: _alarms,
    rollout: _rollout,
    variants: _variants,
    shadowVariant: _shadow,
    dataCapturePercent,
    dataCaptureModes,
    ...options
  } = config;
  return {
    ...options,
    ...(dataCapturePercent === undefined ? {} : { dataCapturePercent }),
    ...(dataCaptureModes === undefined ? {} : { dataCaptureModes }),
    ...(vpc ? { subnetIds: places.subnetIds, securityGroupIds: places.securityGroupIds } : {}),
    ...(dataCapture ? { dataCaptureS3Uri: places.dataCaptureS3Uri } : {}),
    ...(config.hosting === 'async'
      ? { asyncOutputS3Uri: places.asyncOutputS3Uri, asyncFailureS3Uri: places.asyncFailureS3Uri }
      : {}),
    ...(places.kmsKeyArn === undefined || config.hosting === 'serverless' ? {} : { kmsKeyArn: places.kmsKeyArn }),
  };
}

/** Problems between the keys of the endpoint's configuration. */
export function endpointConfigProblems(config: EndpointConfig): Problem[] {
  // Places that stand for those known only to Terraform.
  const known = endpointOptions(config, {
    asyncOutputS3Uri: 's3://bucket/answers/',
    asyncFailureS3Uri: 's3://bucket/failures/',
    dataCaptureS3Uri: 's3://bucket/captured/',
    subnetIds: ['subnet-00000000'],
    securityGroupIds: ['sg-00000000'],
  });
  // The alarms that are made here take updates back, too.
  const options =
    config.alarms === false || config.hosting === 'serverless'
      ? known
      : { ...known, updateWaitSeconds: updateWaitSecondsOf(known, true) };
  // What SageMaker calls it -> what it is called here.
  const keys: Readonly<Record<string, string>> = {
    dataCaptureS3Uri: 'dataCapture',
    subnetIds: 'vpc',
    securityGroupIds: 'vpc',
  };
  const found = [
    ...endpointProblems(options, undefined, config.variants),
    ...rolloutProblems(options, config.rollout as Rollout),
  ].map(({ path: [key = '', ...rest], message }) => ({ path: [keys[key] ?? key, ...rest], message }));
  // One of a pair says enough.
  const distinct = found.filter(
    ({ path }, index) => found.findIndex((other) => other.path.join() === path.join()) === index,
  );
  return [...distinct, ...(config.owner === 'terraform' ? terraformProblems(config) : pipelineProblems(config))];
}

function terraformProblems({
  variants,
  image: shared,
  shadowVariant,
  rollout: { strategy },
}: EndpointConfig): Problem[] {
  const withoutImage = (path: readonly (string | number)[]): Problem => ({
    path: [...path, 'image'],
    message: 'it is missing: with owner "terraform" no pipeline says it; give it here, or endpoint.image for all',
  });
  return [
    ...((variants ?? []).length === 0
      ? [
          {
            path: ['variants'],
            message:
              'it is missing: with owner "terraform" the models are listed here, such as [{ "modelDataUrl": ' +
              '"s3://…/model.tar.gz" }]; or use owner "pipeline"',
          },
        ]
      : []),
    ...(variants ?? []).flatMap((one, index) =>
      (one.image ?? shared) === undefined ? [withoutImage(['variants', index])] : [],
    ),
    ...(shadowVariant !== undefined && (shadowVariant.image ?? shared) === undefined
      ? [withoutImage(['shadowVariant'])]
      : []),
    ...(strategy === 'replace'
      ? []
      : [
          {
            path: ['rollout'],
            message:
              `"${strategy}" is the pipeline's way; with owner "terraform" use variants with a weight, or ` +
              'shadowVariant',
          },
        ]),
  ];
}

function pipelineProblems({ variants, shadowVariant }: EndpointConfig): Problem[] {
  return [
    ...(variants === undefined
      ? []
      : [
          {
            path: ['variants'],
            message:
              'which model serves is the pipeline\'s with owner "pipeline"; leave it out, or use owner "terraform"',
          },
        ]),
    ...(shadowVariant === undefined
      ? []
      : [
          {
            path: ['shadowVariant'],
            message:
              'with owner "pipeline" use rollout { "strategy": "shadow" }; leave it out, or use owner "terraform"',
          },
        ]),
  ];
}

/**
 * Architecture of the endpoint's container: serverless endpoints, and instances but those of the Graviton families, are
 * x86.
 */
export function imageArchitecture({
  hosting,
  instanceType,
}: Pick<EndpointConfig, 'hosting' | 'instanceType'>): 'X86_64' | 'ARM64' {
  return hosting !== 'serverless' && /^ml\.[a-z]\d+g[a-z]*\./.test(instanceType ?? '') ? 'ARM64' : 'X86_64';
}
