import { floatParameter, integerParameter, stringParameter, type Parameter } from '../parameters';
import { NO_TEST_DATA_PREFIX, type ModelPipelinesProps } from './model-pipelines-props';

export const DEFAULT_TRAINING_INSTANCE_TYPE = 'ml.m5.xlarge';

export interface TrainingParameters {
  readonly trainData: Parameter<string>;
  readonly testData: Parameter<string>;
  readonly epoch: Parameter<number>;
  readonly batchSize: Parameter<number>;
  readonly learningRate: Parameter<number>;
  readonly instanceType: Parameter<string>;
  readonly instanceCount: Parameter<number>;
  readonly maxRuntime: Parameter<number>;
  /** With managed spot training only. */
  readonly maxWaitTime: Parameter<number> | undefined;
}

export function trainingParameters(props: ModelPipelinesProps): TrainingParameters {
  const trainData =
    props.trainDataUri ??
    (props.datasetBucketName === undefined ? undefined : `s3://${props.datasetBucketName}/train/`);
  return {
    trainData: stringParameter('TrainData', {
      defaultValue: trainData,
      description: 'S3 prefix of the photos to train with: one folder for each class',
    }),
    testData: stringParameter('TestData', {
      defaultValue: props.testDataUri ?? `s3://${props.artifactBucketName}/${NO_TEST_DATA_PREFIX}`,
      description:
        'S3 prefix of the photos to evaluate with, in the same form; the default holds back a part of TrainData for it',
    }),
    epoch: integerParameter('Epoch', { defaultValue: props.epochs ?? 20, description: 'How often each photo is seen' }),
    batchSize: integerParameter('BatchSize', { defaultValue: props.batchSize ?? 64, description: 'Photos a step' }),
    learningRate: floatParameter('LearningRate', {
      defaultValue: props.learningRate ?? 0.002,
      description: 'The highest learning rate',
    }),
    instanceType: stringParameter('TrainingInstanceType', {
      defaultValue: props.trainingInstanceType ?? DEFAULT_TRAINING_INSTANCE_TYPE,
      description: 'Must suit the training image: CPU or GPU',
    }),
    instanceCount: integerParameter('TrainingInstanceCount', {
      defaultValue: 1,
      description: 'More than one train together',
    }),
    maxRuntime: integerParameter('MaxRuntimeInSeconds', {
      defaultValue: props.maxRuntimeSeconds ?? 14_400,
      description: 'Longest training',
    }),
    maxWaitTime:
      (props.managedSpotTraining ?? true)
        ? integerParameter('MaxWaitTimeInSeconds', {
            defaultValue: props.maxWaitTimeSeconds ?? 28_800,
            description: 'Longest training with waits for spot capacity; not below MaxRuntimeInSeconds',
          })
        : undefined,
  };
}

/** As a pipeline declares them. */
export function declared(parameters: TrainingParameters): readonly Parameter[] {
  return Object.values(parameters).filter((parameter): parameter is Parameter => parameter !== undefined);
}
