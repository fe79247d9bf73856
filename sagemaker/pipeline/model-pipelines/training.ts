import { hasLocalStorage } from '@strata/sagemaker-instance';
import type { Channel, VpcConfig } from '../api/request-shapes.generated';
import { executionVariables, join, type Value } from '../expressions';
import type { Step } from '../steps/step';
import { TrainingStep } from '../steps/training-step';
import type { ModelPipelinesProps } from './model-pipelines-props';
import { DEFAULT_TRAINING_INSTANCE_TYPE, type TrainingParameters } from './parameters';
import { JOB_RETRIES } from './retries';

/** What training prints once an epoch, as `validation_accuracy=0.9712;`. */
const METRICS = ['training_loss', 'training_accuracy', 'validation_loss', 'validation_accuracy'];

/**
 * Trains in SageMaker's script mode: its toolkit unpacks the source, installs the requirements and runs `train.py` with
 * the hyperparameters as flags.
 */
export function trainingStep(
  props: ModelPipelinesProps,
  parameters: TrainingParameters,
  after: readonly Step[] = [],
): TrainingStep {
  return new TrainingStep('Train', {
    displayName: 'Train',
    description: 'Trains the network, exports it to ONNX, and packs it with its labels and its model card',
    retryPolicies: JOB_RETRIES,
    dependsOn: after,
    arguments: {
      RoleArn: props.roleArn,
      AlgorithmSpecification: {
        TrainingImage: props.trainingImageUri,
        TrainingInputMode: 'File',
        EnableSageMakerMetricsTimeSeries: true,
        MetricDefinitions: METRICS.map((name) => ({ Name: name, Regex: `${name}=([0-9.]+)` })),
      },
      // Text is JSON, as the toolkit reads it: https://github.com/aws/sagemaker-training-toolkit#hyperparameters
      HyperParameters: {
        sagemaker_program: JSON.stringify('train.py'),
        sagemaker_submit_directory: JSON.stringify(props.trainingSourceUri),
        sagemaker_container_log_level: '20',
        ...(props.region === undefined ? {} : { sagemaker_region: JSON.stringify(props.region) }),
        epochs: parameters.epoch.asText(),
        'batch-size': parameters.batchSize.asText(),
        'learning-rate': parameters.learningRate.asText(),
      },
      InputDataConfig: [channel('train', parameters.trainData), channel('test', parameters.testData)],
      OutputDataConfig: {
        S3OutputPath: `s3://${props.artifactBucketName}/models`,
        ...(props.kmsKeyArn === undefined ? {} : { KmsKeyId: props.kmsKeyArn }),
      },
      ResourceConfig: {
        InstanceType: parameters.instanceType,
        InstanceCount: parameters.instanceCount,
        VolumeSizeInGB: props.volumeSizeGiB ?? 30,
        ...volumeKey(props, props.trainingInstanceType ?? DEFAULT_TRAINING_INSTANCE_TYPE),
      },
      StoppingCondition: {
        MaxRuntimeInSeconds: parameters.maxRuntime,
        ...(parameters.maxWaitTime === undefined ? {} : { MaxWaitTimeInSeconds: parameters.maxWaitTime }),
      },
      EnableManagedSpotTraining: props.managedSpotTraining ?? true,
      // Of this execution alone: another one's checkpoint would be gone on from as if it were this training.
      CheckpointConfig: {
        S3Uri: join('/', [`s3://${props.artifactBucketName}/checkpoints`, executionVariables.PipelineExecutionId]),
        LocalPath: '/opt/ml/checkpoints',
      },
      ...vpcConfig(props),
    },
  });
}

function channel(name: string, uri: Value<string>): Channel {
  return {
    ChannelName: name,
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
  };
}

/**
 * The key of a job's volume, where there is one; none where the hardware encrypts the instance's own disks, as
 * SageMaker refuses it there.
 */
export function volumeKey(
  { kmsKeyArn }: Pick<ModelPipelinesProps, 'kmsKeyArn'>,
  instanceType: string,
): { readonly VolumeKmsKeyId?: string } {
  return kmsKeyArn === undefined || hasLocalStorage(instanceType) ? {} : { VolumeKmsKeyId: kmsKeyArn };
}

/** The jobs' place in a VPC, where there is one. */
export function vpcConfig(props: Pick<ModelPipelinesProps, 'subnetIds' | 'securityGroupIds'>): {
  readonly VpcConfig?: VpcConfig;
} {
  if (props.subnetIds === undefined || props.subnetIds.length === 0) return {};
  return { VpcConfig: { Subnets: props.subnetIds, SecurityGroupIds: props.securityGroupIds ?? [] } };
}
