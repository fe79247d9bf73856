import { executionVariables, join, type Value } from '../expressions';
import { ProcessingStep } from '../steps/processing-step';
import type { TrainingStep } from '../steps/training-step';
import type { ModelPipelinesProps } from './model-pipelines-props';
import type { TrainingParameters } from './parameters';
import { JOB_RETRIES } from './retries';
import { volumeKey, vpcConfig } from './training';

const DEFAULT_INSTANCE_TYPE = 'ml.m5.large';

const PLACES = {
  code: '/opt/ml/processing/code',
  model: '/opt/ml/processing/model',
  train: '/opt/ml/processing/train',
  test: '/opt/ml/processing/test',
  evaluation: '/opt/ml/processing/evaluation',
};

/** Evaluates the trained model, as it will be served, on photos that training did not see. */
export function evaluationStep(
  props: ModelPipelinesProps,
  parameters: TrainingParameters,
  train: TrainingStep,
): ProcessingStep<'Evaluation'> {
  const { VpcConfig } = vpcConfig(props);
  return new ProcessingStep('Evaluate', {
    displayName: 'Evaluate',
    description: 'Counts how often the model is right on photos that training did not see',
    retryPolicies: JOB_RETRIES,
    propertyFiles: { Evaluation: { outputName: 'evaluation', path: 'evaluation.json' } },
    arguments: {
      RoleArn: props.roleArn,
      AppSpecification: {
        ImageUri: props.trainingImageUri,
        ContainerEntrypoint: ['python3', `${PLACES.code}/evaluate.py`],
        ContainerArguments: [
          '--model',
          PLACES.model,
          '--data',
          PLACES.train,
          '--test-data',
          PLACES.test,
          '--output',
          PLACES.evaluation,
        ],
      },
      ProcessingInputs: [
        input('code', props.processingCodeUri),
        input('model', train.properties.ModelArtifacts.S3ModelArtifacts),
        input('train', parameters.trainData),
        input('test', parameters.testData),
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'evaluation',
            S3Output: {
              S3Uri: join('/', [
                `s3://${props.artifactBucketName}/evaluations`,
                executionVariables.PipelineExecutionId,
              ]),
              LocalPath: PLACES.evaluation,
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
        ...(props.kmsKeyArn === undefined ? {} : { KmsKeyId: props.kmsKeyArn }),
      },
      ProcessingResources: {
        ClusterConfig: {
          InstanceType: props.evaluationInstanceType ?? DEFAULT_INSTANCE_TYPE,
          InstanceCount: 1,
          VolumeSizeInGB: props.volumeSizeGiB ?? 30,
          ...volumeKey(props, props.evaluationInstanceType ?? DEFAULT_INSTANCE_TYPE),
        },
      },
      StoppingCondition: { MaxRuntimeInSeconds: 3_600 },
      ...(VpcConfig === undefined ? {} : { NetworkConfig: { VpcConfig } }),
    },
  });

  function input(name: 'code' | 'model' | 'train' | 'test', uri: Value<string>) {
    return {
      InputName: name,
      S3Input: {
        S3Uri: uri,
        LocalPath: PLACES[name],
        S3DataType: 'S3Prefix',
        S3InputMode: 'File',
        S3DataDistributionType: 'FullyReplicated',
      },
    };
  }
}
