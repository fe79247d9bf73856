import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import {
  SagemakerEndpoint as SagemakerEndpointResource,
  type SagemakerEndpointDeploymentConfig,
} from '@cdktf/provider-aws/lib/sagemaker-endpoint';
import {
  SagemakerEndpointConfiguration,
  type SagemakerEndpointConfigurationConfig,
  type SagemakerEndpointConfigurationProductionVariants,
} from '@cdktf/provider-aws/lib/sagemaker-endpoint-configuration';
import { SagemakerModel } from '@cdktf/provider-aws/lib/sagemaker-model';
import { isResolved, Problems, checkName } from '@strata/core';
import { DataResource, Op, TerraformSelf, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { deploymentConfigOf, type CapacitySize } from './deployment-config';
import { EndpointAlarms, type EndpointAlarmSettings } from './endpoint-alarms';
import { endpointConfigShape, variantShape, type VariantShape } from './endpoint-spec';
import { DEFAULT_VARIANT_NAME, DEFAULTS, updateWaitSecondsOf, type EndpointOptions } from './endpoint-options';
import { endpointProblems } from './endpoint-rules';
import { scalingOf, type Scaling, type ScalingPolicy } from './endpoint-scaling';
import { ENDPOINT_NAME, VARIANT_NAME } from './names';

/** What a production and a shadow variant have in common. */
type VariantConfig = Omit<SagemakerEndpointConfigurationProductionVariants, 'coreDumpConfig'>;

/** One model of an endpoint, and what serves it. */
export interface EndpointVariant {
  /** Unique in the endpoint. @default AllTraffic */
  readonly variantName?: string;
  /** Image of the container, in ECR of this region, best by digest. */
  readonly image: string;
  /** `model.tar.gz` in S3, best with a key that is never written again. @default none: the model is in the image */
  readonly modelDataUrl?: string;
  /** Environment variables besides the endpoint's. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Share of the requests, by the sum of all weights; of a shadow variant, of the requests that it gets a copy of, by
   * the other's weight.
   * @default 1
   */
  readonly weight?: number;
  /** @default the endpoint's */
  readonly instanceType?: string;
  /** @default the endpoint's */
  readonly initialInstanceCount?: number;
}

export interface SageMakerEndpointProps extends EndpointOptions {
  /** At most 63 characters. Another name replaces the endpoint. */
  readonly endpointName: string;
  /** Role of the containers. */
  readonly executionRoleArn: string;
  /** The models, 1 to 10; requests are shared among them by weight. */
  readonly variants: readonly EndpointVariant[];
  /** A model that gets a copy of requests, and whose answers go nowhere; with one variant only. @default none */
  readonly shadowVariant?: EndpointVariant;
  /**
   * Alarms made here, which also take updates back. The first rollback alarm and the last one replace the endpoint, as
   * the provider does: have them from the start.
   * @default none
   */
  readonly alarms?: EndpointAlarmSettings;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An endpoint that Terraform owns wholly: its models, its configuration and what runs. An endpoint whose model a
 * pipeline chooses is not made with it; for that one there is `endpointConfigOf`.
 *
 * A new model or another instance type makes a new configuration, and SageMaker moves the requests to it without a gap.
 * Where SageMaker takes the update back, the apply fails and the configuration that serves is kept. Another `hosting`
 * replaces the endpoint.
 *
 * Keep the names of `variants`: SageMaker takes an update with a deployment configuration, which Terraform always
 * sends, only where they are those in service. To add, remove or rename a variant make an endpoint of another name, or
 * update by hand (`aws sagemaker update-endpoint` without one) before the apply.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
export class SageMakerEndpoint extends Construct {
  readonly resource: SagemakerEndpointResource;
  readonly configuration: SagemakerEndpointConfiguration;
  /** By name of the variant. */
  readonly models: ReadonlyMap<string, SagemakerModel>;
  /** Made where `alarms` is given. */
  readonly alarms: EndpointAlarms | undefined;
  readonly scalingTargets: AppautoscalingTarget[] = [];
  readonly scalingPolicies: AppautoscalingPolicy[] = [];
  readonly scalingAlarms: CloudwatchMetricAlarm[] = [];

  /** @throws ValidationError naming every prop that SageMaker would reject. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: SageMakerEndpointProps,
  ) {
    super(scope, id);
    this.check();
    const { endpointName, variants, shadowVariant } = props;
    const tags = this.tags();
    const hosting = props.hosting ?? DEFAULTS.hosting;

    this.alarms =
      props.alarms === undefined
        ? undefined
        : new EndpointAlarms(this, 'alarms', {
            ...props.alarms,
            endpointName,
            variantNames: variants.map(nameOf),
            hosting,
            tags: props.tags,
          });
    this.models = new Map(
      [...variants, ...(shadowVariant === undefined ? [] : [shadowVariant])].map((variant) => [
        nameOf(variant),
        this.model(variant),
      ]),
    );
    this.configuration = new SagemakerEndpointConfiguration(this, 'configuration', {
      // A configuration cannot be changed, and not be deleted while it serves: the next one gets another name, and
      // comes first.
      namePrefix: namePrefix(endpointName),
      lifecycle: { createBeforeDestroy: true },
      productionVariants: variants.map((variant) => this.variant(variant)),
      shadowProductionVariants: shadowVariant === undefined ? undefined : [this.variant(shadowVariant)],
      ...configurationOf(
        props,
        [...variants, shadowVariant].map((variant) => variant?.instanceType),
      ),
      tags,
    });

    const rollbackAlarmNames = [
      ...(props.rollbackAlarmNames ?? []),
      ...(hosting === 'serverless' ? [] : (this.alarms?.rollbackAlarmNames ?? [])),
    ];
    const kind = new DataResource(this, 'hosting', { input: { hosting } });
    this.resource = new SagemakerEndpointResource(this, 'resource', {
      name: endpointName,
      endpointConfigName: this.configuration.name,
      deploymentConfig: deploymentOf({
        ...props,
        rollbackAlarmNames: rollbackAlarmNames.length === 0 ? undefined : rollbackAlarmNames,
      }),
      tags,
      lifecycle: {
        // https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html: SageMaker does not convert
        // an endpoint.
        replaceTriggeredBy: [reference(kind)],
        // https://github.com/hashicorp/terraform-provider-aws/issues/48997: the provider takes an update that SageMaker
        // took back for done, and Terraform would go on and delete the configuration that still serves.
        postcondition: [
          {
            condition: Op.eq(TerraformSelf.getString('endpoint_config_name'), this.configuration.name),
            errorMessage:
              `SageMaker took the update of the endpoint ${endpointName} back and serves with the former ` +
              'configuration; its failure reason and the log group ' +
              `/aws/sagemaker/Endpoints/${endpointName} say why`,
          },
        ],
      },
    });
    const scaling = scalingOf(endpointName, props);
    if (scaling !== undefined) for (const variant of variants) this.scale(variant, scaling);
  }

  get endpointName(): string {
    return this.resource.name;
  }

  get endpointArn(): string {
    return this.resource.arn;
  }

  private tags(): Record<string, string> | undefined {
    return this.props.tags === undefined ? undefined : { ...this.props.tags };
  }

  private model(variant: EndpointVariant): SagemakerModel {
    const { props } = this;
    const environment = { ...props.environment, ...variant.environment };
    const { subnetIds, securityGroupIds } = props;
    return new SagemakerModel(this, `model-${nameOf(variant)}`, {
      executionRoleArn: props.executionRoleArn,
      primaryContainer: {
        image: variant.image,
        modelDataUrl: variant.modelDataUrl,
        environment: Object.keys(environment).length === 0 ? undefined : environment,
      },
      enableNetworkIsolation: props.enableNetworkIsolation ?? false,
      vpcConfig:
        subnetIds === undefined
          ? undefined
          : { subnets: [...subnetIds], securityGroupIds: [...(securityGroupIds ?? [])] },
      // No name: a model is immutable, so the next one is created first under a new name.
      tags: { ...props.tags, Name: `${props.endpointName}-${nameOf(variant)}` },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private variant(variant: EndpointVariant): VariantConfig {
    const shape = variantShape({
      ...this.props,
      ...(variant.instanceType !== undefined && { instanceType: variant.instanceType }),
      ...(variant.initialInstanceCount !== undefined && { initialInstanceCount: variant.initialInstanceCount }),
    });
    return {
      variantName: nameOf(variant),
      modelName: this.models.get(nameOf(variant))!.name,
      initialVariantWeight: variant.weight ?? 1,
      ...variantOf(shape),
    };
  }

  private scale(variant: EndpointVariant, scaling: Scaling): void {
    const { props } = this;
    const name = nameOf(variant);
    // SageMaker refuses to change the instance type of a variant that scales: it is taken out before the update, and
    // put in again after it. With an endpoint that is deleted its scaling goes too, which Terraform does not see where
    // the next one has the same name.
    const fixed = new DataResource(this, `scaling-${name}`, {
      input: { instanceType: variant.instanceType ?? props.instanceType ?? DEFAULTS.instanceType },
    });
    const replaceTriggeredBy = [reference(fixed), `${reference(this.resource)}.id`];
    const { MinCapacity, MaxCapacity, ScalableDimension } = scaling.target;
    const target = new AppautoscalingTarget(this, `scaling-target-${name}`, {
      serviceNamespace: 'sagemaker',
      resourceId: `endpoint/${this.endpointName}/variant/${name}`,
      scalableDimension: ScalableDimension,
      minCapacity: MinCapacity,
      maxCapacity: MaxCapacity,
      tags: this.tags(),
      lifecycle: { replaceTriggeredBy },
    });
    this.scalingTargets.push(target);
    const policies = scaling.policies.map((policy) => this.policy(name, target, policy, replaceTriggeredBy));
    this.scalingPolicies.push(...policies);
    const { alarm } = scaling;
    const stepPolicy = policies[scaling.policies.findIndex(({ PolicyType }) => PolicyType === 'StepScaling')];
    if (alarm === undefined || stepPolicy === undefined) return;
    this.scalingAlarms.push(
      new CloudwatchMetricAlarm(this, `scaling-alarm-${name}`, {
        alarmName: suffixed(alarm.AlarmName, name, props.variants),
        alarmDescription: alarm.AlarmDescription,
        namespace: alarm.Namespace,
        metricName: alarm.MetricName,
        dimensions: Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value])),
        statistic: alarm.Statistic,
        period: alarm.Period,
        evaluationPeriods: alarm.EvaluationPeriods,
        datapointsToAlarm: alarm.DatapointsToAlarm,
        threshold: alarm.Threshold,
        comparisonOperator: alarm.ComparisonOperator,
        treatMissingData: alarm.TreatMissingData,
        alarmActions: [stepPolicy.arn],
        tags: this.tags(),
      }),
    );
  }

  private policy(
    variantName: string,
    target: AppautoscalingTarget,
    policy: ScalingPolicy,
    replaceTriggeredBy: string[],
  ): AppautoscalingPolicy {
    const { TargetTrackingScalingPolicyConfiguration: tracking, StepScalingPolicyConfiguration: step } = policy;
    const custom = tracking?.CustomizedMetricSpecification;
    return new AppautoscalingPolicy(
      this,
      `scaling-policy-${variantName}-${policy.PolicyType === 'StepScaling' ? 'from-zero' : 'target'}`,
      {
        name: suffixed(policy.PolicyName, variantName, this.props.variants),
        policyType: policy.PolicyType,
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        // Application Auto Scaling forgets the policies of a target that is taken out.
        lifecycle: { replaceTriggeredBy },
        targetTrackingScalingPolicyConfiguration:
          tracking === undefined
            ? undefined
            : {
                targetValue: tracking.TargetValue,
                predefinedMetricSpecification: tracking.PredefinedMetricSpecification && {
                  predefinedMetricType: tracking.PredefinedMetricSpecification.PredefinedMetricType,
                },
                customizedMetricSpecification: custom && {
                  metricName: custom.MetricName,
                  namespace: custom.Namespace,
                  statistic: custom.Statistic,
                  dimensions: custom.Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
                },
                scaleOutCooldown: tracking.ScaleOutCooldown,
                scaleInCooldown: tracking.ScaleInCooldown,
              },
        stepScalingPolicyConfiguration:
          step === undefined
            ? undefined
            : {
                adjustmentType: step.AdjustmentType,
                metricAggregationType: step.MetricAggregationType,
                cooldown: step.Cooldown,
                stepAdjustment: step.StepAdjustments.map((s) => ({
                  metricIntervalLowerBound: `${s.MetricIntervalLowerBound}`,
                  scalingAdjustment: s.ScalingAdjustment,
                })),
              },
      },
    );
  }

  private check(): void {
    const { props } = this;
    const { variants, shadowVariant } = props;
    const problems = new Problems(this);
    checkName(problems, 'endpointName', props.endpointName, ENDPOINT_NAME);
    const hosting = props.hosting ?? DEFAULTS.hosting;
    const madeHere = props.alarms !== undefined && hosting !== 'serverless';
    const options = madeHere ? { ...props, updateWaitSeconds: updateWaitSecondsOf(props, true) } : props;
    for (const { path, message } of endpointProblems(options, isResolved, variants))
      problems.add(`${path.join('.')}: ${message}`);
    problems.check(
      variants.length >= 1 && variants.length <= 10,
      `variants: ${variants.length} are given; use 1 to 10`,
    );
    problems.check(
      hosting !== 'serverless' || variants.length <= 1,
      `variants: a serverless endpoint has one, not ${variants.length}; use hosting "realtime" to share requests`,
    );
    problems.check(
      variants.length <= 1 || props.updateStrategy !== 'rolling',
      'updateStrategy: SageMaker does not update an endpoint with several variants in a rolling way; use another',
    );
    if (shadowVariant !== undefined) {
      // https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html
      problems.check(
        hosting === 'realtime',
        `shadowVariant: it is for hosting "realtime", not "${hosting}"; leave it out, or change the hosting`,
      );
      problems.check(
        variants.length <= 1,
        `shadowVariant: SageMaker takes it beside one variant, not ${variants.length}; leave the others out`,
      );
    }
    const all = [
      ...variants.map((variant, i) => ({ key: `variants[${i}]`, variant })),
      ...(shadowVariant === undefined ? [] : [{ key: 'shadowVariant', variant: shadowVariant }]),
    ];
    const names = all.map(({ variant }) => nameOf(variant));
    all.forEach(({ key, variant }, i) => this.checkVariant(problems, key, variant, names.indexOf(names[i]!) !== i));
    problems.check(
      variants.length === 0 || variants.some(({ weight }) => weight === undefined || !isResolved(weight) || weight > 0),
      'variants: no weight is above 0, so no model is asked; give one at least 1',
    );
    const rollbackAlarms =
      (props.rollbackAlarmNames?.length ?? 0) + (madeHere ? variants.length * (hosting === 'async' ? 1 : 3) : 0);
    problems.check(
      rollbackAlarms <= 10 || props.alarms === undefined,
      `rollbackAlarmNames: with those made by alarms there are up to ${rollbackAlarms}, SageMaker takes at ` +
        'most 10; turn some of alarms off, or name fewer',
    );
    problems.throwIfAny();
  }

  private checkVariant(problems: Problems, key: string, variant: EndpointVariant, isDouble: boolean): void {
    const { weight, modelDataUrl } = variant;
    const name = nameOf(variant);
    checkName(problems, `${key}.variantName`, name, VARIANT_NAME);
    problems.check(isResolved(name), `${key}.variantName: the name is known only to Terraform; use a literal string`);
    problems.check(!isDouble, `${key}.variantName: "${name}" is used twice; give each variant its own name`);
    problems.check(
      !isResolved(variant.image) || variant.image.length > 0,
      `${key}.image: "" is not an image; write <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<digest>`,
    );
    problems.check(
      !isResolved(modelDataUrl) || /^(s3|https):\/\/.+/.test(modelDataUrl),
      `${key}.modelDataUrl: "${modelDataUrl}" is not a place in S3; write s3://<bucket>/<key>/model.tar.gz`,
    );
    problems.check(!isResolved(weight) || weight >= 0, `${key}.weight: ${weight} is out of range; use 0 or more`);
    const { instanceType, initialInstanceCount } = variant;
    const own = { ...this.props, instanceType, initialInstanceCount, updateStrategy: undefined };
    for (const { path, message } of endpointProblems(own, isResolved).filter(
      ({ path: [at] }) => at === 'instanceType' || at === 'initialInstanceCount',
    )) {
      if (variant[path[0] as 'instanceType'] !== undefined) problems.add(`${key}.${path.join('.')}: ${message}`);
    }
  }
}

/** As Terraform wants it there: an address, not an expression, which is what cdktf 0.21 makes of a resource. */
function reference(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

function nameOf(variant: EndpointVariant): string {
  return variant.variantName ?? DEFAULT_VARIANT_NAME;
}

/** The provider adds 26 characters to a prefix, of the 63 a name may have. */
function namePrefix(endpointName: string): string {
  return isResolved(endpointName) ? `${endpointName.slice(0, 36).replace(/-+$/, '')}-` : `${endpointName}-`;
}

/** Names that belong to one variant say so where there are several. */
function suffixed(name: string, variantName: string, variants: readonly EndpointVariant[]): string {
  return variants.length === 1 ? name : `${name}-${variantName}`;
}

function variantOf(shape: VariantShape): Omit<VariantConfig, 'modelName'> {
  const { ServerlessConfig: serverless, RoutingConfig: routing } = shape;
  return {
    instanceType: shape.InstanceType,
    initialInstanceCount: shape.InitialInstanceCount,
    volumeSizeInGb: shape.VolumeSizeInGB,
    modelDataDownloadTimeoutInSeconds: shape.ModelDataDownloadTimeoutInSeconds,
    containerStartupHealthCheckTimeoutInSeconds: shape.ContainerStartupHealthCheckTimeoutInSeconds,
    enableSsmAccess: shape.EnableSSMAccess,
    inferenceAmiVersion: shape.InferenceAmiVersion,
    routingConfig: routing && [{ routingStrategy: routing.RoutingStrategy }],
    serverlessConfig: serverless && {
      memorySizeInMb: serverless.MemorySizeInMB,
      maxConcurrency: serverless.MaxConcurrency,
      provisionedConcurrency: serverless.ProvisionedConcurrency,
    },
  };
}

function configurationOf(
  options: EndpointOptions,
  instanceTypes: readonly (string | undefined)[],
): Pick<SagemakerEndpointConfigurationConfig, 'kmsKeyArn' | 'dataCaptureConfig' | 'asyncInferenceConfig'> {
  const {
    KmsKeyId,
    DataCaptureConfig: capture,
    AsyncInferenceConfig: later,
  } = endpointConfigShape(options, instanceTypes);
  return {
    kmsKeyArn: KmsKeyId,
    dataCaptureConfig: capture && {
      enableCapture: capture.EnableCapture,
      initialSamplingPercentage: capture.InitialSamplingPercentage,
      destinationS3Uri: capture.DestinationS3Uri,
      kmsKeyId: capture.KmsKeyId,
      captureOptions: capture.CaptureOptions.map(({ CaptureMode }) => ({ captureMode: CaptureMode })),
      captureContentTypeHeader: { jsonContentTypes: [...capture.CaptureContentTypeHeader.JsonContentTypes] },
    },
    asyncInferenceConfig: later && {
      outputConfig: {
        s3OutputPath: later.OutputConfig.S3OutputPath,
        s3FailurePath: later.OutputConfig.S3FailurePath,
        kmsKeyId: later.OutputConfig.KmsKeyId,
        notificationConfig: later.OutputConfig.NotificationConfig && {
          successTopic: later.OutputConfig.NotificationConfig.SuccessTopic,
          errorTopic: later.OutputConfig.NotificationConfig.ErrorTopic,
        },
      },
      clientConfig: later.ClientConfig && {
        maxConcurrentInvocationsPerInstance: later.ClientConfig.MaxConcurrentInvocationsPerInstance,
      },
    },
  };
}

function deploymentOf(options: EndpointOptions): SagemakerEndpointDeploymentConfig | undefined {
  const config = deploymentConfigOf(options);
  const size = (capacity: CapacitySize | undefined) => capacity && { type: capacity.Type, value: capacity.Value };
  const {
    BlueGreenUpdatePolicy: blueGreen,
    RollingUpdatePolicy: rolling,
    AutoRollbackConfiguration: rollback,
  } = config ?? {};
  return (
    config && {
      autoRollbackConfiguration: rollback && {
        alarms: rollback.Alarms.map(({ AlarmName }) => ({ alarmName: AlarmName })),
      },
      blueGreenUpdatePolicy: blueGreen && {
        trafficRoutingConfiguration: {
          type: blueGreen.TrafficRoutingConfiguration.Type,
          waitIntervalInSeconds: blueGreen.TrafficRoutingConfiguration.WaitIntervalInSeconds,
          canarySize: size(blueGreen.TrafficRoutingConfiguration.CanarySize),
          linearStepSize: size(blueGreen.TrafficRoutingConfiguration.LinearStepSize),
        },
        terminationWaitInSeconds: blueGreen.TerminationWaitInSeconds,
        maximumExecutionTimeoutInSeconds: blueGreen.MaximumExecutionTimeoutInSeconds,
      },
      rollingUpdatePolicy: rolling && {
        maximumBatchSize: size(rolling.MaximumBatchSize)!,
        waitIntervalInSeconds: rolling.WaitIntervalInSeconds,
        maximumExecutionTimeoutInSeconds: rolling.MaximumExecutionTimeoutInSeconds,
      },
    }
  );
}
