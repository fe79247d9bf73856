import { hasLocalStorage } from '@strata/sagemaker-instance';
import { deploymentConfigOf, type DeploymentConfig } from './deployment-config';
import { DEFAULTS, type EndpointOptions, type HostingKind } from './endpoint-options';
import { endpointProblems } from './endpoint-rules';
import { scalingOf, type Scaling } from './endpoint-scaling';
import { rolloutProblems, type Rollout } from './rollout';

/** The API's own shapes: what a `ProductionVariant` is, apart from its name, model and weight. */
export interface VariantShape {
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: number;
  readonly VolumeSizeInGB?: number;
  readonly ModelDataDownloadTimeoutInSeconds?: number;
  readonly ContainerStartupHealthCheckTimeoutInSeconds?: number;
  readonly EnableSSMAccess?: boolean;
  readonly RoutingConfig?: { readonly RoutingStrategy: string };
  readonly InferenceAmiVersion?: string;
  readonly ServerlessConfig?: {
    readonly MemorySizeInMB: number;
    readonly MaxConcurrency: number;
    readonly ProvisionedConcurrency?: number;
  };
}

/**
 * An endpoint's options, for a function that owns the endpoint. Members with a capital letter are shapes of AWS's APIs.
 */
export interface EndpointSpec {
  readonly hosting: HostingKind;
  /** For `CreateModel`; `Environment` belongs into the container. */
  readonly model: {
    readonly VpcConfig?: { readonly Subnets: readonly string[]; readonly SecurityGroupIds: readonly string[] };
    readonly EnableNetworkIsolation?: boolean;
    readonly Environment?: Readonly<Record<string, string>>;
  };
  readonly variant: VariantShape;
  /** For `CreateEndpointConfig`. */
  readonly endpointConfig: {
    readonly KmsKeyId?: string;
    readonly DataCaptureConfig?: {
      readonly EnableCapture: boolean;
      readonly InitialSamplingPercentage: number;
      readonly DestinationS3Uri: string;
      readonly KmsKeyId?: string;
      readonly CaptureOptions: readonly { readonly CaptureMode: 'Input' | 'Output' }[];
      readonly CaptureContentTypeHeader: { readonly JsonContentTypes: readonly string[] };
    };
    readonly AsyncInferenceConfig?: {
      readonly OutputConfig: {
        readonly S3OutputPath: string;
        readonly S3FailurePath?: string;
        readonly KmsKeyId?: string;
        readonly NotificationConfig?: { readonly SuccessTopic?: string; readonly ErrorTopic?: string };
      };
      readonly ClientConfig?: { readonly MaxConcurrentInvocationsPerInstance: number };
    };
  };
  /** For `CreateEndpoint` and `UpdateEndpoint`. */
  readonly deploymentConfig?: DeploymentConfig;
  readonly rollout: Rollout;
  readonly autoscaling?: Scaling;
}

/**
 * The spec of an endpoint that a function owns instead of Terraform, from the same options. As JSON it fits into an
 * environment variable of a Lambda function.
 *
 * @throws Error naming everything that SageMaker would refuse
 */
export function endpointConfigOf(
  endpointName: string,
  options: EndpointOptions,
  rollout: Rollout = { strategy: 'replace' },
  isKnown?: (value: unknown) => boolean,
): EndpointSpec {
  const problems = [...endpointProblems(options, isKnown), ...rolloutProblems(options, rollout)];
  if (problems.length > 0)
    throw new Error(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const deploymentConfig = deploymentConfigOf(options);
  const autoscaling = scalingOf(endpointName, options);
  return {
    hosting: options.hosting ?? DEFAULTS.hosting,
    model: modelShape(options),
    variant: variantShape(options),
    endpointConfig: endpointConfigShape(options, rollout.strategy === 'shadow' ? [rollout.InstanceType] : []),
    ...(deploymentConfig !== undefined && { deploymentConfig }),
    rollout,
    ...(autoscaling !== undefined && { autoscaling }),
  };
}

function modelShape(options: EndpointOptions): EndpointSpec['model'] {
  const { subnetIds, securityGroupIds, environment } = options;
  return {
    ...(subnetIds !== undefined && {
      VpcConfig: { Subnets: [...subnetIds], SecurityGroupIds: [...(securityGroupIds ?? [])] },
    }),
    ...((options.enableNetworkIsolation ?? false) && { EnableNetworkIsolation: true }),
    ...(environment !== undefined && Object.keys(environment).length > 0 && { Environment: { ...environment } }),
  };
}

/** What every variant of an endpoint is, unless it says otherwise. */
export function variantShape(options: EndpointOptions): VariantShape {
  if ((options.hosting ?? DEFAULTS.hosting) === 'serverless') {
    const { serverlessProvisionedConcurrency: provisioned } = options;
    return {
      ServerlessConfig: {
        MemorySizeInMB: options.serverlessMemoryMiB ?? DEFAULTS.serverlessMemoryMiB,
        MaxConcurrency: options.serverlessMaxConcurrency ?? DEFAULTS.serverlessMaxConcurrency,
        ...(provisioned !== undefined && { ProvisionedConcurrency: provisioned }),
      },
    };
  }
  const {
    volumeSizeGiB,
    modelDataDownloadTimeoutSeconds: download,
    containerStartupHealthCheckTimeoutSeconds: startup,
    routingStrategy,
    inferenceAmiVersion,
  } = options;
  return {
    InstanceType: options.instanceType ?? DEFAULTS.instanceType,
    InitialInstanceCount: options.initialInstanceCount ?? 1,
    ...(volumeSizeGiB !== undefined && { VolumeSizeInGB: volumeSizeGiB }),
    ...(download !== undefined && { ModelDataDownloadTimeoutInSeconds: download }),
    ...(startup !== undefined && { ContainerStartupHealthCheckTimeoutInSeconds: startup }),
    ...((options.enableSsmAccess ?? false) && { EnableSSMAccess: true }),
    ...(routingStrategy !== undefined && { RoutingConfig: { RoutingStrategy: routingStrategy } }),
    ...(inferenceAmiVersion !== undefined && { InferenceAmiVersion: inferenceAmiVersion }),
  };
}

/**
 * What belongs to the configuration as a whole. `KmsKeyId`, the key of the volumes, is left out where an instance has
 * disks of its own: SageMaker refuses it there.
 *
 * @param instanceTypes those of variants that differ from the endpoint's
 */
export function endpointConfigShape(
  options: EndpointOptions,
  instanceTypes: readonly (string | undefined)[] = [],
): EndpointSpec['endpointConfig'] {
  const {
    kmsKeyArn: KmsKeyId,
    dataCaptureS3Uri,
    asyncOutputS3Uri,
    asyncFailureS3Uri,
    asyncMaxConcurrentInvocationsPerInstance: concurrent,
  } = options;
  const { asyncSuccessTopicArn: SuccessTopic, asyncErrorTopicArn: ErrorTopic } = options;
  const key = KmsKeyId === undefined ? {} : { KmsKeyId };
  const isLocal = [options.instanceType, ...instanceTypes].some(
    (instanceType) => instanceType !== undefined && hasLocalStorage(instanceType),
  );
  return {
    ...(isLocal ? {} : key),
    ...(dataCaptureS3Uri !== undefined && {
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: options.dataCapturePercent ?? 100,
        DestinationS3Uri: dataCaptureS3Uri,
        ...key,
        CaptureOptions: (options.dataCaptureModes ?? ['Input', 'Output']).map((CaptureMode) => ({ CaptureMode })),
        // Answers stay legible; what is not named, such as photos, is kept in base64.
        CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
      },
    }),
    ...(asyncOutputS3Uri !== undefined && {
      AsyncInferenceConfig: {
        OutputConfig: {
          S3OutputPath: asyncOutputS3Uri,
          ...(asyncFailureS3Uri !== undefined && { S3FailurePath: asyncFailureS3Uri }),
          ...key,
          ...((SuccessTopic !== undefined || ErrorTopic !== undefined) && {
            NotificationConfig: {
              ...(SuccessTopic !== undefined && { SuccessTopic }),
              ...(ErrorTopic !== undefined && { ErrorTopic }),
            },
          }),
        },
        ...(concurrent !== undefined && { ClientConfig: { MaxConcurrentInvocationsPerInstance: concurrent } }),
      },
    }),
  };
}
