// What SageMaker would refuse in an endpoint's options. Loads no construct, so that a layer's configuration can be
// checked without Terraform's libraries.
import {
  DEFAULTS,
  minCapacityOf,
  updateWaitSecondsOf,
  type EndpointOptions,
  type EndpointProblem,
  type EndpointScaling,
  type HostingKind,
  type UpdateStrategy,
} from './endpoint-options';

export {
  DEFAULT_VARIANT_NAME,
  updateWaitSecondsOf,
  type EndpointOptions,
  type EndpointProblem,
  type EndpointScaling,
  type HostingKind,
  type UpdateStrategy,
} from './endpoint-options';
export { rolloutProblems, type Rollout } from './rollout';

/** `MemorySizeInMB` of `ProductionVariantServerlessConfig` in the Amazon SageMaker API reference. */
export const SERVERLESS_MEMORY_SIZES_MIB = [1024, 2048, 3072, 4096, 5120, 6144] as const;

export const HOSTING_KINDS = ['realtime', 'serverless', 'async'] as const;
export const UPDATE_STRATEGIES = ['all-at-once', 'canary', 'linear', 'rolling'] as const;

type Key = keyof EndpointOptions;

const INSTANCE_ONLY: readonly Key[] = [
  'instanceType',
  'initialInstanceCount',
  'volumeSizeGiB',
  'modelDataDownloadTimeoutSeconds',
  'containerStartupHealthCheckTimeoutSeconds',
  'enableSsmAccess',
  'routingStrategy',
  'inferenceAmiVersion',
];
const GUARDRAILS: readonly Key[] = [
  'updateStrategy',
  'updateStepPercent',
  'updateWaitSeconds',
  'terminationWaitSeconds',
  'updateTimeoutSeconds',
  'rollbackAlarmNames',
];
/**
 * https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
 */
const NOT_SERVERLESS: readonly Key[] = ['subnetIds', 'securityGroupIds', 'enableNetworkIsolation', 'dataCaptureS3Uri'];
const SERVERLESS_ONLY: readonly Key[] = [
  'serverlessMemoryMiB',
  'serverlessMaxConcurrency',
  'serverlessProvisionedConcurrency',
];
const ASYNC_ONLY: readonly Key[] = [
  'asyncOutputS3Uri',
  'asyncFailureS3Uri',
  'asyncMaxConcurrentInvocationsPerInstance',
  'asyncSuccessTopicArn',
  'asyncErrorTopicArn',
];

const STEP_PERCENT: Record<Exclude<UpdateStrategy, 'all-at-once'>, readonly [number, number]> = {
  canary: [1, 50],
  linear: [10, 50],
  rolling: [5, 50],
};

/**
 * Everything that SageMaker would refuse in the options of an endpoint.
 *
 * @param isKnown Whether a value is known now; one that is known only to Terraform passes every check. By default all
 *   are.
 * @param variants Variants of the endpoint, as far as they have a number of instances of their own.
 */
export function endpointProblems(
  options: EndpointOptions,
  isKnown: (value: unknown) => boolean = (value) => value !== undefined,
  variants: readonly Pick<EndpointOptions, 'initialInstanceCount'>[] = [],
): EndpointProblem[] {
  const found: EndpointProblem[] = [];
  const report = (key: string, message: string): void => void found.push({ path: key.split('.'), message });
  const integer = (key: string, value: number | undefined, min: number, max: number, unit = ''): void => {
    if (isKnown(value) && !(Number.isInteger(value) && value! >= min && value! <= max))
      report(key, `${value} is out of range; use a whole number from ${min} to ${max}${unit}`);
  };
  const oneOf = (key: string, value: string | number | undefined, allowed: readonly (string | number)[]): void => {
    if (isKnown(value) && !allowed.includes(value!))
      report(key, `${JSON.stringify(value)} is not allowed; use one of ${allowed.join(', ')}`);
  };
  const matches = (key: string, value: string | undefined, pattern: RegExp, message: string): void => {
    if (isKnown(value) && !pattern.test(value!)) report(key, `"${value}" ${message}`);
  };
  const check: Checks = {
    options,
    variants,
    hosting: options.hosting ?? DEFAULTS.hosting,
    isKnown,
    report,
    integer,
    oneOf,
    matches,
  };

  oneOf('hosting', options.hosting, HOSTING_KINDS);
  if (HOSTING_KINDS.includes(check.hosting)) checkHosting(check);
  checkNetwork(check);
  checkInstances(check);
  checkServerless(check);
  checkAsync(check);
  checkDataCapture(check);
  checkUpdate(check);
  if (options.scaling !== undefined) checkScaling(check, options.scaling);
  return found;
}

interface Checks {
  readonly options: EndpointOptions;
  readonly variants: readonly Pick<EndpointOptions, 'initialInstanceCount'>[];
  readonly hosting: HostingKind;
  readonly isKnown: (value: unknown) => boolean;
  readonly report: (key: string, message: string) => void;
  readonly integer: (key: string, value: number | undefined, min: number, max: number, unit?: string) => void;
  readonly oneOf: (key: string, value: string | number | undefined, allowed: readonly (string | number)[]) => void;
  readonly matches: (key: string, value: string | undefined, pattern: RegExp, message: string) => void;
}

/** Options that belong to another hosting. */
function checkHosting({ options, hosting, report }: Checks): void {
  const given = (keys: readonly Key[]): Key[] =>
    keys.filter((key) => options[key] !== undefined && options[key] !== false);
  if (hosting === 'serverless') {
    for (const key of given(INSTANCE_ONLY))
      report(
        key,
        'a serverless endpoint has no instances to configure; leave it out, or use hosting "realtime" or "async"',
      );
    for (const key of given(GUARDRAILS))
      report(
        key,
        'SageMaker\'s deployment guardrails are for hosting "realtime" and "async"; leave it out, or change ' +
          'the hosting',
      );
    for (const key of given(NOT_SERVERLESS))
      report(key, 'SageMaker has it for hosting "realtime" and "async" only; leave it out, or change the hosting');
  } else
    for (const key of given(SERVERLESS_ONLY))
      report(key, `it is for hosting "serverless", not "${hosting}"; leave it out`);
  if (hosting !== 'async')
    for (const key of given(ASYNC_ONLY)) report(key, `it is for hosting "async", not "${hosting}"; leave it out`);
}

function checkNetwork({ options, isKnown, report, matches }: Checks): void {
  const { subnetIds, securityGroupIds, environment } = options;
  if (isKnown(subnetIds) || isKnown(securityGroupIds)) {
    const [subnets, groups] = [subnetIds?.length ?? 0, securityGroupIds?.length ?? 0];
    if ((isKnown(subnetIds) || subnetIds === undefined) && (subnets < 1 || subnets > 16))
      report(
        'subnetIds',
        `${subnets} subnets are given; use 1 to 16, or neither subnetIds nor securityGroupIds for no VPC`,
      );
    if ((isKnown(securityGroupIds) || securityGroupIds === undefined) && (groups < 1 || groups > 5)) {
      report(
        'securityGroupIds',
        `${groups} security groups are given; use 1 to 5, or neither subnetIds nor securityGroupIds for no VPC`,
      );
    }
  }
  matches(
    'kmsKeyArn',
    options.kmsKeyArn,
    /^arn:[a-z-]+:kms:/,
    'is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>',
  );
  for (const [name, value] of Object.entries(environment ?? {})) {
    matches(
      `environment.${name}`,
      name,
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      'is not the name of a variable; use letters, digits and underscores, not starting with a digit',
    );
    if (isKnown(value) && value.length > 1024)
      report(
        `environment.${name}`,
        `its value has ${value.length} characters, SageMaker takes at most 1024; shorten it`,
      );
  }
  const count = Object.keys(environment ?? {}).length;
  if (count > 100) report('environment', `${count} variables are more than the 100 that SageMaker takes; merge some`);
}

function checkInstances({ options, integer, oneOf, matches }: Checks): void {
  matches(
    'instanceType',
    options.instanceType,
    /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/,
    'is not an instance type of SageMaker; use one such as ml.m5.large',
  );
  integer('initialInstanceCount', options.initialInstanceCount, 1, 10_000);
  integer('volumeSizeGiB', options.volumeSizeGiB, 1, 512, ' GiB');
  integer('modelDataDownloadTimeoutSeconds', options.modelDataDownloadTimeoutSeconds, 60, 3600, ' seconds');
  integer(
    'containerStartupHealthCheckTimeoutSeconds',
    options.containerStartupHealthCheckTimeoutSeconds,
    60,
    3600,
    ' seconds',
  );
  oneOf('routingStrategy', options.routingStrategy, ['LEAST_OUTSTANDING_REQUESTS', 'RANDOM']);
}

function checkServerless({ options, isKnown, report, integer, oneOf }: Checks): void {
  const { serverlessMaxConcurrency, serverlessProvisionedConcurrency: provisioned } = options;
  const most = serverlessMaxConcurrency ?? DEFAULTS.serverlessMaxConcurrency;
  oneOf('serverlessMemoryMiB', options.serverlessMemoryMiB, SERVERLESS_MEMORY_SIZES_MIB);
  integer('serverlessMaxConcurrency', serverlessMaxConcurrency, 1, 200);
  integer('serverlessProvisionedConcurrency', provisioned, 1, 200);
  if (isKnown(provisioned) && isKnown(most) && provisioned! > most) {
    report(
      'serverlessProvisionedConcurrency',
      `${provisioned} is above serverlessMaxConcurrency ${most}; lower it, or raise serverlessMaxConcurrency`,
    );
  }
}

const S3_URI = /^s3:\/\/[^/]+(\/.*)?$/;
const NOT_S3_URI = 'is not a place in S3; write s3://<bucket>/<prefix>';
const NOT_TOPIC = 'is not the ARN of an SNS topic; write arn:aws:sns:<region>:<account>:<name>';

function checkAsync({ options, hosting, report, integer, matches }: Checks): void {
  if (hosting === 'async' && options.asyncOutputS3Uri === undefined)
    report(
      'asyncOutputS3Uri',
      'is missing; an asynchronous endpoint puts its answers there, as s3://<bucket>/<prefix>',
    );
  matches('asyncOutputS3Uri', options.asyncOutputS3Uri, S3_URI, NOT_S3_URI);
  matches('asyncFailureS3Uri', options.asyncFailureS3Uri, S3_URI, NOT_S3_URI);
  integer('asyncMaxConcurrentInvocationsPerInstance', options.asyncMaxConcurrentInvocationsPerInstance, 1, 1000);
  matches('asyncSuccessTopicArn', options.asyncSuccessTopicArn, /^arn:[a-z-]+:sns:/, NOT_TOPIC);
  matches('asyncErrorTopicArn', options.asyncErrorTopicArn, /^arn:[a-z-]+:sns:/, NOT_TOPIC);
}

function checkDataCapture({ options, report, integer, oneOf, matches }: Checks): void {
  const { dataCaptureS3Uri, dataCaptureModes } = options;
  matches('dataCaptureS3Uri', dataCaptureS3Uri, S3_URI, NOT_S3_URI);
  integer('dataCapturePercent', options.dataCapturePercent, 1, 100);
  dataCaptureModes?.forEach((mode) => oneOf('dataCaptureModes', mode, ['Input', 'Output']));
  if (dataCaptureModes?.length === 0)
    report('dataCaptureModes', 'an empty list keeps nothing; name Input, Output or both');
  if (dataCaptureS3Uri !== undefined) return;
  for (const key of ['dataCapturePercent', 'dataCaptureModes'] as const) {
    if (options[key] !== undefined)
      report(key, 'nothing is kept without dataCaptureS3Uri; give that too, or leave it out');
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html */
function checkUpdate({ options, variants, hosting, isKnown, report, integer, oneOf }: Checks): void {
  const {
    updateStepPercent: percent,
    updateWaitSeconds,
    terminationWaitSeconds,
    updateTimeoutSeconds: timeout,
    rollbackAlarmNames: alarms,
  } = options;
  const strategy = options.updateStrategy ?? 'all-at-once';
  oneOf('updateStrategy', options.updateStrategy, UPDATE_STRATEGIES);
  integer('updateWaitSeconds', updateWaitSeconds, 0, 3600, ' seconds');
  integer('terminationWaitSeconds', terminationWaitSeconds, 0, 3600, ' seconds');
  integer('updateTimeoutSeconds', timeout, 600, 14_400, ' seconds');
  if (percent !== undefined && strategy === 'all-at-once')
    report('updateStepPercent', 'an update "all-at-once" has no steps; leave it out, or use canary, linear or rolling');
  else if (isKnown(percent) && strategy in STEP_PERCENT) {
    const [least, most] = STEP_PERCENT[strategy as keyof typeof STEP_PERCENT];
    integer('updateStepPercent', percent, least, most, ` for ${strategy}`);
  }
  const counts = (variants.length === 0 ? [options] : variants).map(
    ({ initialInstanceCount: own }) => own ?? options.initialInstanceCount ?? 1,
  );
  const inSteps = strategy in STEP_PERCENT && hosting !== 'serverless';
  if (inSteps && counts.includes(1))
    report(
      'initialInstanceCount',
      `1 instance cannot be replaced in steps, as updateStrategy "${strategy}" does; use 2 or more, or "all-at-once"`,
    );
  if (inSteps && options.scaling !== undefined && minCapacityOf(hosting, options.scaling) === 1)
    report(
      'scaling.minCapacity',
      `with 1 instance an update cannot be done in steps, as updateStrategy "${strategy}" does; use 2 or more, or ` +
        '"all-at-once"',
    );
  if (strategy === 'rolling' && terminationWaitSeconds !== undefined)
    report('terminationWaitSeconds', 'a rolling update ends the old instances step by step; leave it out');
  if (alarms !== undefined && (alarms.length < 1 || alarms.length > 10))
    report('rollbackAlarmNames', `${alarms.length} alarms are given; use 1 to 10, or leave it out`);
  const wait = updateWaitSecondsOf(options);
  if (!isKnown(timeout) || !isKnown(wait) || !UPDATE_STRATEGIES.includes(strategy)) return;
  const steps = {
    'all-at-once': 1,
    canary: 2,
    linear: Math.ceil(100 / (percent ?? 25)),
    rolling: Math.ceil(100 / (percent ?? 25)),
  }[strategy];
  const waits = steps * wait + (terminationWaitSeconds ?? 0);
  if (timeout! <= waits)
    report(
      'updateTimeoutSeconds',
      `${timeout} seconds are over before the update has waited ${waits}; raise it, or lower ` +
        'updateWaitSeconds or terminationWaitSeconds',
    );
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html */
function checkScaling({ options, hosting, isKnown, report, integer }: Checks, scaling: EndpointScaling): void {
  const { maxCapacity: max } = scaling;
  const min = minCapacityOf(hosting, scaling);
  integer('scaling.minCapacity', scaling.minCapacity, 0, 10_000);
  integer('scaling.maxCapacity', max, 1, 10_000);
  if (isKnown(min) && isKnown(max) && min > max)
    report('scaling.maxCapacity', `${max} is below minCapacity ${min}; raise it, or lower minCapacity`);
  if (min === 0 && hosting === 'realtime')
    report(
      'scaling.minCapacity',
      '0 is too few: a real-time endpoint keeps at least one instance; use 1, or hosting "serverless" or "async"',
    );
  if (min === 0 && hosting === 'serverless')
    report(
      'scaling.minCapacity',
      '0 is too few: provisioned concurrency is at least 1; use 1, or leave out scaling and ' +
        'serverlessProvisionedConcurrency',
    );
  const wrongTarget =
    {
      realtime: ['backlogPerInstance', 'provisionedConcurrencyUtilizationPercent'],
      serverless: ['invocationsPerInstance', 'backlogPerInstance'],
      async: ['invocationsPerInstance', 'provisionedConcurrencyUtilizationPercent'],
    }[hosting] ?? [];
  for (const key of wrongTarget)
    if (scaling[key as keyof EndpointScaling] !== undefined)
      report(`scaling.${key}`, `it is no load of hosting "${hosting}"; leave it out`);
  integer('scaling.invocationsPerInstance', scaling.invocationsPerInstance, 1, 1_000_000);
  integer('scaling.backlogPerInstance', scaling.backlogPerInstance, 1, 1_000_000);
  integer('scaling.provisionedConcurrencyUtilizationPercent', scaling.provisionedConcurrencyUtilizationPercent, 1, 99);
  integer('scaling.scaleOutCooldownSeconds', scaling.scaleOutCooldownSeconds, 0, 86_400, ' seconds');
  integer('scaling.scaleInCooldownSeconds', scaling.scaleInCooldownSeconds, 0, 86_400, ' seconds');
  const { instanceType, initialInstanceCount, serverlessProvisionedConcurrency, serverlessMaxConcurrency } = options;
  if (isKnown(instanceType) && /^ml\.t\d/.test(instanceType!))
    report(
      'scaling',
      `SageMaker does not scale burstable instances such as ${instanceType}; use another instanceType, or ` +
        'leave scaling out',
    );
  if (isKnown(initialInstanceCount) && isKnown(max) && initialInstanceCount! > max)
    report(
      'scaling.maxCapacity',
      `${max} is below initialInstanceCount ${initialInstanceCount}; raise it, or lower initialInstanceCount`,
    );
  if (hosting !== 'serverless') return;
  if (serverlessProvisionedConcurrency === undefined)
    report(
      'scaling',
      'a serverless endpoint scales by itself; leave scaling out, or give serverlessProvisionedConcurrency, ' +
        'which is what scales',
    );
  const most = serverlessMaxConcurrency ?? DEFAULTS.serverlessMaxConcurrency;
  if (isKnown(max) && isKnown(most) && max > most)
    report(
      'scaling.maxCapacity',
      `${max} is above serverlessMaxConcurrency ${most}; lower it, or raise serverlessMaxConcurrency`,
    );
}
