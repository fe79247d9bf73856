import type { PutScalingPolicyCommandInput } from '@aws-sdk/client-application-auto-scaling';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type {
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  DeploymentConfig,
  ProductionVariant,
} from '@aws-sdk/client-sagemaker';

type Named = 'VariantName' | 'ModelName' | 'InitialVariantWeight';
type Scalable = 'ServiceNamespace' | 'ResourceId' | 'ScalableDimension';

/** How a new model takes over from the one that serves. */
export type Rollout =
  /** The new model takes all traffic, as `deploymentConfig` says. */
  | { readonly strategy: 'replace' }
  /** The new model takes a share beside the one that serves, until it is promoted or discarded. */
  | { readonly strategy: 'weighted'; readonly weightPercent: number }
  /** The new model receives copies of a share of the requests, and its answers are dropped, until it is promoted. */
  | {
      readonly strategy: 'shadow';
      readonly samplingPercent: number;
      readonly InstanceType?: ProductionVariant['InstanceType'];
      readonly InitialInstanceCount?: number;
    };

/** What the owner of the endpoint chose: all of it but the model. Members with a capital letter are the API's own. */
export interface EndpointSpec {
  readonly hosting: 'realtime' | 'serverless' | 'async';
  readonly model: Pick<CreateModelCommandInput, 'VpcConfig' | 'EnableNetworkIsolation'> & {
    readonly Environment?: Readonly<Record<string, string>>;
  };
  readonly variant: Omit<ProductionVariant, Named>;
  readonly endpointConfig: Pick<
    CreateEndpointConfigCommandInput,
    'KmsKeyId' | 'DataCaptureConfig' | 'AsyncInferenceConfig'
  >;
  readonly deploymentConfig?: DeploymentConfig;
  readonly rollout: Rollout;
  readonly autoscaling?: {
    readonly target: {
      readonly MinCapacity: number;
      readonly MaxCapacity: number;
      readonly ScalableDimension:
        | 'sagemaker:variant:DesiredInstanceCount'
        | 'sagemaker:variant:DesiredProvisionedConcurrency';
    };
    readonly policies: readonly Omit<PutScalingPolicyCommandInput, Scalable>[];
    /** Wakes an endpoint that was scaled to zero; the function adds the step scaling policy as its action. */
    readonly alarm?: PutMetricAlarmCommandInput;
  };
}
