import { AwsAccount } from '@strata/core';
import { NO_TEST_DATA_PREFIX } from '@strata/sagemaker-pipeline';
import { SageMakerHostingRole, SageMakerTrainingRole, type S3Location } from '@strata/sagemaker';
import { Construct } from 'constructs';
import type { MlConfig } from './config';
import type { EndpointConfig } from './endpoint-config';
import { PREFIXES } from './prefixes';
import type { Storage } from './storage';
import { CODE_PREFIX } from './training-source';

export interface MlRolesProps {
  readonly config: MlConfig;
  /** `<project>-<environment>-ml`, what names start with. */
  readonly name: string;
  readonly storage: Storage;
  /** Image of training and evaluation. */
  readonly trainingImageUri: string;
  /** Repository of the inference container. */
  readonly inferenceRepositoryArn: string;
  /** VPC of what is connected to it. */
  readonly vpcId: string | undefined;
}

/** The roles that SageMaker works with: each reads and writes its own prefixes, and pulls its own images. */
export class MlRoles extends Construct {
  readonly training: SageMakerTrainingRole;
  readonly hosting: SageMakerHostingRole;

  /** @throws ValidationError naming what cannot be a role. */
  constructor(scope: Construct, id: string, props: MlRolesProps) {
    super(scope, id);
    const { config, name, storage } = props;
    const { training, endpoint } = config;
    const artifacts = (prefix: string) => ({ bucketArn: storage.artifactBucket.bucketArn, prefix });
    const shared = {
      kmsKeyArns: storage.kmsKeyArn === undefined ? [] : [storage.kmsKeyArn],
      permissionsBoundaryArn: config.permissionsBoundaryArn,
    };
    this.training = new SageMakerTrainingRole(this, 'training', {
      ...shared,
      roleName: `${name}-training`,
      readLocations: [
        { bucketArn: storage.datasetBucket.bucketArn },
        artifacts(CODE_PREFIX),
        artifacts(NO_TEST_DATA_PREFIX),
        ...training.readableBucketArns.map((bucketArn) => ({ bucketArn })),
      ],
      writeLocations: [artifacts(PREFIXES.models), artifacts(PREFIXES.evaluations)],
      checkpointLocations: [artifacts(PREFIXES.checkpoints)],
      repositoryArns: [this.repositoryOf(props.trainingImageUri)],
      vpcId: training.vpc ? props.vpcId : undefined,
    });
    this.hosting = new SageMakerHostingRole(this, 'hosting', {
      ...shared,
      roleName: `${name}-hosting`,
      modelLocations: [artifacts(PREFIXES.models), ...this.configuredModels(config.endpoint)],
      dataCaptureLocations: endpoint.dataCapture ? [artifacts(PREFIXES.dataCapture)] : [],
      asyncLocations:
        endpoint.hosting === 'async'
          ? [artifacts(PREFIXES.asyncInput), artifacts(PREFIXES.asyncOutput), artifacts(PREFIXES.asyncFailures)]
          : [],
      notificationTopicArns: [endpoint.asyncSuccessTopicArn, endpoint.asyncErrorTopicArn].filter(
        (arn) => arn !== undefined,
      ),
      repositoryArns: [
        ...new Set([
          props.inferenceRepositoryArn,
          ...this.configuredImages(props).map((image) => this.repositoryOf(image)),
        ]),
      ],
      rollbackAlarms:
        endpoint.hosting !== 'serverless' && (endpoint.alarms !== false || endpoint.rollbackAlarmNames !== undefined),
      vpcId: endpoint.vpc ? props.vpcId : undefined,
    });
  }

  private configuredImages({ config: { endpoint } }: MlRolesProps): string[] {
    const all = [endpoint.image, ...(endpoint.variants ?? []).map(({ image }) => image), endpoint.shadowVariant?.image];
    return all.filter((image) => image !== undefined);
  }

  /** Models that the configuration names, where Terraform owns the endpoint. */
  private configuredModels({ variants = [], shadowVariant }: EndpointConfig): S3Location[] {
    const { partition } = AwsAccount.of(this);
    const urls = [...variants, ...(shadowVariant === undefined ? [] : [shadowVariant])].map(
      ({ modelDataUrl }) => modelDataUrl,
    );
    return [...new Set(urls)].map((url) => {
      const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
      return { bucketArn: `arn:${partition}:s3:::${bucket}`, prefix };
    });
  }

  /** ARN of the repository of an image in ECR: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`. */
  private repositoryOf(image: string): string {
    const { partition } = AwsAccount.of(this);
    const [, account, region, repository] =
      /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
    return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
  }
}
