/**
 * What serves: instances that run all the time, instances made for each request, or instances that work through a
 * queue.
 */
export type HostingKind = 'realtime' | 'serverless' | 'async';

/** How an update moves requests from the old instances to the new ones. */
export type UpdateStrategy = 'all-at-once' | 'canary' | 'linear' | 'rolling';

/** Scaling between two bounds. What counts as load is the hosting's: requests, a queue, or provisioned concurrency. */
export interface EndpointScaling {
  /** Fewest instances, or provisioned concurrency. 0 only with `async`. @default 1; 0 with async */
  readonly minCapacity?: number;
  /** Most instances, or provisioned concurrency. */
  readonly maxCapacity: number;
  /** `realtime`: target number of requests per minute per instance. @default 1000 */
  readonly invocationsPerInstance?: number;
  /** `async`: target number of waiting requests per instance. @default 5 */
  readonly backlogPerInstance?: number;
  /** `serverless`: target utilization of the provisioned concurrency, in percent. @default 70 */
  readonly provisionedConcurrencyUtilizationPercent?: number;
  /** Seconds after a scale-out before the next one. @default 300 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds after a scale-in before the next one. @default 600 */
  readonly scaleInCooldownSeconds?: number;
}

/** What an endpoint is, apart from its models: the same whether Terraform or a pipeline owns it. Loads no construct. */
export interface EndpointOptions {
  /**
   * `serverless` is free while idle, and has a cold start after a pause; it has no VPC, data capture, variants and
   * deployment guardrails. `realtime` costs by the hour. `async` writes responses to S3, up to 1 GB and one hour per
   * request, and can scale to zero. Changing it replaces the endpoint: SageMaker cannot convert it.
   * @default serverless
   */
  readonly hosting?: HostingKind;
  /** Environment variables of the container. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * KMS key of the instances' volumes, of captured data and of asynchronous answers. Instances with local disks, such
   * as ml.g5, encrypt them in hardware, and SageMaker rejects a key for them: it is then left out.
   * @default AWS's own keys
   */
  readonly kmsKeyArn?: string;
  /** Subnets that the containers connect from, 1 to 16. @default no VPC */
  readonly subnetIds?: readonly string[];
  /** 1 to 5; needed with `subnetIds`. @default none */
  readonly securityGroupIds?: readonly string[];
  /** Whether the container may make no connection at all, not even to AWS. @default false */
  readonly enableNetworkIsolation?: boolean;

  /** `realtime`, `async`. @default ml.m5.large */
  readonly instanceType?: string;
  /**
   * `realtime`, `async`: instances at the start, from 1. With scaling, and after an update, scaling goes on from here.
   * @default 1
   */
  readonly initialInstanceCount?: number;
  /** `realtime`, `async`: size of each instance's volume, 1 to 512 GiB. @default by SageMaker */
  readonly volumeSizeGiB?: number;
  /** `realtime`, `async`: seconds that a model may take to be downloaded, 60 to 3600. @default by SageMaker */
  readonly modelDataDownloadTimeoutSeconds?: number;
  /** `realtime`, `async`: seconds until the container must be healthy, 60 to 3600. @default by SageMaker */
  readonly containerStartupHealthCheckTimeoutSeconds?: number;
  /**
   * `realtime`, `async`: whether people may open a shell in the containers through SSM. The role needs `ssmAccess`, and
   * AWS Support must have allowed the account to use it: until then SageMaker refuses the endpoint.
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html
   */
  readonly enableSsmAccess?: boolean;
  /** `realtime`: `LEAST_OUTSTANDING_REQUESTS` suits requests that take unequally long. @default RANDOM, by SageMaker */
  readonly routingStrategy?: 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM';
  /** `realtime`, `async`: machine image with the drivers of an accelerator. @default by SageMaker */
  readonly inferenceAmiVersion?: string;

  /** `serverless`: 1024, 2048, 3072, 4096, 5120 or 6144 MiB. @default 2048 */
  readonly serverlessMemoryMiB?: number;
  /** `serverless`: maximum concurrency, 1 to 200. @default 10 */
  readonly serverlessMaxConcurrency?: number;
  /** `serverless`: provisioned concurrency, 1 to `serverlessMaxConcurrency`; charged all the time. @default none */
  readonly serverlessProvisionedConcurrency?: number;

  /** `async`: where answers are put, `s3://bucket/prefix`; needed. */
  readonly asyncOutputS3Uri?: string;
  /** `async`: where failures are put. @default nowhere */
  readonly asyncFailureS3Uri?: string;
  /** `async`: concurrent requests per instance, 1 to 1000. @default by SageMaker */
  readonly asyncMaxConcurrentInvocationsPerInstance?: number;
  /** `async`: SNS topic notified of successful requests. @default none */
  readonly asyncSuccessTopicArn?: string;
  /** `async`: SNS topic notified of failures. @default none */
  readonly asyncErrorTopicArn?: string;

  /** Where requests and answers are kept, `s3://bucket/prefix`. @default none are kept */
  readonly dataCaptureS3Uri?: string;
  /** Share of the requests that is kept, 1 to 100. @default 100 */
  readonly dataCapturePercent?: number;
  /** @default ['Input', 'Output'] */
  readonly dataCaptureModes?: readonly ('Input' | 'Output')[];

  /** `realtime`, `async`. @default all-at-once */
  readonly updateStrategy?: UpdateStrategy;
  /**
   * Share that goes to the new instances in a step: canary 1 to 50, linear 10 to 50, rolling 5 to 50.
   * @default canary 10, linear 25, rolling 25
   */
  readonly updateStepPercent?: number;
  /**
   * Seconds after each step in which an alarm rolls the update back, 0 to 3600.
   * @default 300; 0 without rollback alarms
   */
  readonly updateWaitSeconds?: number;
  /** Seconds that the old instances are kept after an update, 0 to 3600; not with rolling. @default 0 */
  readonly terminationWaitSeconds?: number;
  /** Seconds that an update may take, 600 to 14400. @default by SageMaker */
  readonly updateTimeoutSeconds?: number;
  /** `realtime`, `async`: CloudWatch alarms that roll an update back, at most 10. @default none */
  readonly rollbackAlarmNames?: readonly string[];

  /** @default none: the number of instances stays */
  readonly scaling?: EndpointScaling;
}

/** The name of the variant of an endpoint that has one. */
export const DEFAULT_VARIANT_NAME = 'AllTraffic';

export const DEFAULTS = {
  hosting: 'serverless',
  instanceType: 'ml.m5.large',
  serverlessMemoryMiB: 2048,
  serverlessMaxConcurrency: 10,
  updateWaitSeconds: 300,
  updateStepPercent: { 'all-at-once': 100, canary: 10, linear: 25, rolling: 25 },
} as const;

/**
 * Seconds of a wait after each step of an update where nothing is said: without alarms that could take the update back
 * there is nothing to wait for.
 */
export function updateWaitSecondsOf(
  options: EndpointOptions,
  hasRollbackAlarms = (options.rollbackAlarmNames?.length ?? 0) > 0,
): number {
  return options.updateWaitSeconds ?? (hasRollbackAlarms ? DEFAULTS.updateWaitSeconds : 0);
}

/** Fewest instances where nothing is said. */
export function minCapacityOf(hosting: HostingKind, scaling: EndpointScaling): number {
  return scaling.minCapacity ?? (hosting === 'async' ? 0 : 1);
}

/** Something that SageMaker would refuse. */
export interface EndpointProblem {
  /** Where it stands, such as `['scaling', 'minCapacity']`. */
  readonly path: readonly string[];
  /** The wrong value, what is allowed, what to change. */
  readonly message: string;
}
