import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { ModelBuildingPipeline } from '@strata/sagemaker';
import {
  MODEL_PIPELINE_NAMES,
  modelPipelines,
  NO_TEST_DATA_FILE,
  NO_TEST_DATA_PREFIX,
  type ModelPipelinesProps,
} from '@strata/sagemaker-pipeline';
import { Construct } from 'constructs';
import type { MlConfig } from './config';
import { dependOn } from './depend-on';
import { prefixed } from './names';
import type { Storage } from './storage';
import type { TrainingSource } from './training-source';

export type PipelineKey = keyof typeof MODEL_PIPELINE_NAMES;

export interface MlPipelinesProps {
  readonly config: MlConfig;
  readonly region: string;
  readonly storage: Storage;
  readonly source: TrainingSource;
  readonly roleArn: string;
  readonly trainingRoleArn: string;
  readonly hostingRoleArn: string;
  readonly trainingImageUri: string;
  /** `undefined` where Terraform owns the endpoint: then there is no pipeline that deploys. */
  readonly deployFunctionArn: string | undefined;
  readonly modelPackageGroupName: string;
  readonly endpointName: string;
  readonly subnetIds?: readonly string[];
  readonly securityGroupIds?: readonly string[];
}

/** Name of each pipeline that a configuration makes. */
export function pipelineNames(config: MlConfig): ReadonlyMap<PipelineKey, string> {
  const keys: PipelineKey[] = config.endpoint.owner === 'pipeline' ? ['train', 'model', 'deploy'] : ['train', 'model'];
  return new Map(keys.map((key) => [key, prefixed(config, MODEL_PIPELINE_NAMES[key])]));
}

/**
 * The pipelines that train, register and deploy, and the schedules that start them. They cost nothing until one runs.
 */
export class MlPipelines extends Construct {
  readonly pipelines: ReadonlyMap<PipelineKey, ModelBuildingPipeline>;

  /**
   * @throws PipelineDefinitionError when a definition cannot be made as configured; ValidationError naming what
   * SageMaker would refuse.
   */
  constructor(scope: Construct, id: string, props: MlPipelinesProps) {
    super(scope, id);
    const { config, storage } = props;
    const definitions = modelPipelines(definitionProps(props));
    const noTestData = new S3Object(this, 'no-test-data', {
      bucket: storage.artifactBucket.bucketName,
      key: `${NO_TEST_DATA_PREFIX}${NO_TEST_DATA_FILE}`,
      content: '{}\n',
      contentType: 'application/json',
      overrideProvider: { defaultTags: { tags: {} } },
      dependsOn: [storage.artifactBucket.policy, storage.artifactBucket.encryption],
    });
    this.pipelines = new Map(
      [...pipelineNames(config)].map(([key, pipelineName]) => {
        const pipeline = new ModelBuildingPipeline(this, key, {
          pipelineName,
          description: DESCRIPTIONS[key],
          definition: definitions[key],
          roleArn: props.roleArn,
          schedules: config.training.schedules
            .filter((schedule) => schedule.pipeline === key)
            .map(({ pipeline: _pipeline, ...schedule }) => schedule),
          permissionsBoundaryArn: config.permissionsBoundaryArn,
        });
        dependOn(pipeline, noTestData, ...props.source.objects);
        return [key, pipeline];
      }),
    );
  }
}

const DESCRIPTIONS: Readonly<Record<PipelineKey, string>> = {
  train: 'Trains the image classifier',
  model: 'Trains the image classifier and makes a SageMaker model of it',
  deploy:
    'Trains and evaluates the image classifier; one that is accurate enough is registered and, once approved, deployed',
};

function definitionProps({
  config: { training, endpoint },
  storage,
  source,
  ...props
}: MlPipelinesProps): ModelPipelinesProps {
  return {
    roleArn: props.trainingRoleArn,
    hostingRoleArn: props.hostingRoleArn,
    artifactBucketName: storage.artifactBucket.bucketName,
    datasetBucketName: storage.datasetBucket.bucketName,
    trainingSourceUri: source.archiveUri,
    processingCodeUri: source.folderUri,
    trainingImageUri: props.trainingImageUri,
    inferenceImageUri: endpoint.image ?? endpoint.variants?.[0]?.image,
    // Without a function there is no pipeline that would call it.
    deployFunctionArn: props.deployFunctionArn ?? 'arn:aws:lambda:::function:none',
    modelPackageGroupName: props.modelPackageGroupName,
    endpointName: props.endpointName,
    region: props.region,
    kmsKeyArn: storage.kmsKeyArn,
    ...(training.vpc ? { subnetIds: props.subnetIds, securityGroupIds: props.securityGroupIds } : {}),
    trainingInstanceType: training.instanceType,
    evaluationInstanceType: training.evaluationInstanceType,
    volumeSizeGiB: training.volumeSizeGiB,
    managedSpotTraining: training.managedSpotTraining,
    maxRuntimeSeconds: training.maxRuntimeSeconds,
    maxWaitTimeSeconds: training.maxWaitTimeSeconds,
    trainDataUri: training.trainDataUri,
    testDataUri: training.testDataUri,
    epochs: training.epochs,
    batchSize: training.batchSize,
    learningRate: training.learningRate,
    accuracyThreshold: training.accuracyThreshold,
    modelApprovalStatus: training.modelApprovalStatus,
  };
}
