import type { Construct } from 'constructs';
import { AwsAccount } from '@strata/aws-account';
import { parseConfig } from '@strata/config';
import { imageParameterName } from '@strata/deployed-image';
import { LayerStack, type LayerProps } from '@strata/layer';
import { PrivateBucket } from '@strata/private-bucket';
import { networkContract } from '@strata/stack-network/contract';
import { registryContract } from '@strata/stack-registry/contract';
import packageJson from '@strata/stack-ml/package.json';
import { mlConfig, type MlConfigInput } from './config';
import { mlContract } from './contract';

export const mlStackId = 'ml';

const DEFINITION = { stackId: mlStackId, owner: mlContract.owner, version: packageJson.version, reads: [networkContract.layer, registryContract.layer] };

export interface MlStackProps extends LayerProps {
  /** What the owner of the layer may choose; see `mlConfig`. */
  readonly config?: MlConfigInput;
}

/** The ml layer: where a model is trained, kept, compared and served on SageMaker. */
export class MlStack extends LayerStack {
  readonly datasetBucket: PrivateBucket;
  readonly artifactBucket: PrivateBucket;

  /** @throws ConfigError naming every mistake in `config`. */
  constructor(scope: Construct, id: string, props: MlStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = parseConfig(mlConfig, props.config ?? {}, { path: id });
    const { partition, region, accountId } = AwsAccount.of(this);
    const repository = this.read(registryContract, '^1.0').repositories.get(config.imageRepository);

    this.datasetBucket = this.bucket('dataset');
    this.artifactBucket = this.bucket('artifacts');

    this.publish(mlContract, {
      endpointName: config.endpointName,
      endpointArn: `arn:${partition}:sagemaker:${region}:${accountId}:endpoint/${config.endpointName}`,
      endpointKind: 'realtime',
      endpointOwner: 'pipeline',
      imageRepositoryName: repository.name,
      imageRepositoryArn: repository.arn,
      imageRepositoryUrl: repository.url,
      imageParameterName: imageParameterName(this.project, this.environment, config.imageRepository),
      imageArchitecture: 'X86_64',
      datasetBucketName: this.datasetBucket.bucketName,
      datasetBucketArn: this.datasetBucket.bucketArn,
      artifactBucketName: this.artifactBucket.bucketName,
      artifactBucketArn: this.artifactBucket.bucketArn,
      modelPackageGroupName: `${this.project}-${this.environment}-image-classifier`,
      pipelines: {},
      deployFunctionName: '',
      pipelineRoleArn: '',
      trainingRoleArn: '',
      hostingRoleArn: '',
      studioDomainId: '',
      kmsKeyArn: '',
    });
  }

  private bucket(what: string): PrivateBucket {
    return new PrivateBucket(this, `${what}-bucket`, {
      bucketNamePrefix: `${this.project}-${this.environment}-ml-${what}-`, versioning: true, noncurrentVersionExpirationDays: 90, forceDestroy: !this.deletionProtection,
    });
  }
}
