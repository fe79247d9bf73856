import { greaterThanOrEqualTo } from '../conditions';
import type { PipelineDefinition } from '../definition/definition';
import { PipelineDefinitionError } from '../definition/pipeline-definition-error';
import { executionVariables, join, type Value } from '../expressions';
import { floatParameter, stringParameter } from '../parameters';
import { Pipeline } from '../pipeline';
import { ConditionStep } from '../steps/condition-step';
import { FailStep } from '../steps/fail-step';
import { LambdaStep } from '../steps/lambda-step';
import { ModelStep } from '../steps/model-step';
import { RegisterModelStep } from '../steps/register-model-step';
import { evaluationStep } from './evaluation';
import type { ModelPipelinesProps } from './model-pipelines-props';
import { declared, trainingParameters } from './parameters';
import { JOB_RETRIES } from './retries';
import { trainingStep, vpcConfig } from './training';

/** Names of the project's pipelines. */
export const MODEL_PIPELINE_NAMES = {
  train: 'AppMlPipeline-Train',
  model: 'AppMlPipeline-Model',
  deploy: 'AppMlPipeline-Deploy',
} as const;

export interface ModelPipelines {
  /** Trains. */
  readonly train: PipelineDefinition;
  /** Trains, and creates a model of it. */
  readonly model: PipelineDefinition;
  /** Trains and evaluates; a model that is accurate enough is registered and, when it is approved, deployed. */
  readonly deploy: PipelineDefinition;
}

/**
 * The definitions of the project's three pipelines.
 *
 * @throws PipelineDefinitionError when props do not fit together, or a definition that they make is wrong
 */
export function modelPipelines(props: ModelPipelinesProps): ModelPipelines {
  check(props);
  return {
    train: trainPipeline(props).toDefinition(),
    model: modelPipeline(props).toDefinition(),
    deploy: deployPipeline(props).toDefinition(),
  };
}

function trainPipeline(props: ModelPipelinesProps): Pipeline {
  const parameters = trainingParameters(props);
  return new Pipeline(MODEL_PIPELINE_NAMES.train, {
    parameters: declared(parameters),
    steps: [trainingStep(props, parameters)],
  });
}

function modelPipeline(props: ModelPipelinesProps): Pipeline {
  const parameters = trainingParameters(props);
  const { image, steps } = inferenceImage(props);
  const train = trainingStep(props, parameters, steps);
  const model = new ModelStep('CreateModel', {
    displayName: 'Create model',
    retryPolicies: JOB_RETRIES.slice(0, 1),
    arguments: {
      ExecutionRoleArn: props.hostingRoleArn ?? props.roleArn,
      PrimaryContainer: { Image: image, ModelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts },
      ...vpcConfig(props),
    },
  });
  return new Pipeline(MODEL_PIPELINE_NAMES.model, {
    parameters: declared(parameters),
    steps: [...steps, train, model],
  });
}

function deployPipeline(props: ModelPipelinesProps): Pipeline {
  const parameters = trainingParameters(props);
  const threshold = floatParameter('AccuracyThreshold', {
    defaultValue: props.accuracyThreshold ?? 0.9,
    description: 'From 0 to 1: a less accurate model is not registered',
  });
  const approval = stringParameter('ModelApprovalStatus', {
    defaultValue: props.modelApprovalStatus ?? 'Approved',
    enumValues: ['Approved', 'PendingManualApproval'],
    description: 'Approved deploys at once; PendingManualApproval waits until someone approves the model',
  });

  const { image, steps } = inferenceImage(props);
  const train = trainingStep(props, parameters, steps);
  const evaluate = evaluationStep(props, parameters, train);
  const accuracy = evaluate.jsonGet<number>('Evaluation', 'metrics.accuracy.value');
  const evaluation = join('/', [
    evaluate.properties.ProcessingOutputConfig.Outputs.at('evaluation').S3Output.S3Uri,
    'evaluation.json',
  ]);

  const register = new RegisterModelStep('Register', {
    displayName: 'Register model',
    retryPolicies: JOB_RETRIES.slice(0, 1),
    arguments: {
      ModelPackageGroupName: props.modelPackageGroupName,
      ModelApprovalStatus: approval,
      ModelPackageDescription: 'Image classifier, evaluated on photos that training did not see',
      InferenceSpecification: {
        Containers: [
          { Image: image, ModelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts, Framework: 'PYTORCH' },
        ],
        SupportedContentTypes: ['image/jpeg', 'image/png', 'image/webp', 'application/json'],
        SupportedResponseMIMETypes: ['application/json'],
      },
      ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: evaluation } } },
      CustomerMetadataProperties: {
        Accuracy: accuracy.asText(),
        Endpoint: props.endpointName,
        PipelineExecution: executionVariables.PipelineExecutionId,
        TrainingJob: train.properties.TrainingJobName,
      },
    },
  });
  const deploy = new LambdaStep('Deploy', {
    displayName: 'Deploy',
    description: 'Creates or updates the endpoint; a model that waits for approval is deployed when it is approved',
    functionArn: props.deployFunctionArn,
    inputs: {
      modelPackageArn: register.properties.ModelPackageArn,
      modelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts,
      executionId: executionVariables.PipelineExecutionId,
    },
    outputs: {
      endpointName: 'String',
      action: 'String',
      endpointConfigName: 'String',
      modelName: 'String',
      endpointStatus: 'String',
    },
  });
  const condition = new ConditionStep('AccurateEnough', {
    displayName: 'Accurate enough?',
    conditions: [greaterThanOrEqualTo(accuracy, threshold)],
    ifSteps: [register, deploy],
    elseSteps: [
      new FailStep('NotAccurateEnough', {
        displayName: 'Not accurate enough',
        errorMessage: join('', [
          'The accuracy is ',
          accuracy,
          ', below the threshold of ',
          threshold,
          '. The model was not registered, and what is deployed stays.',
        ]),
      }),
    ],
  });
  return new Pipeline(MODEL_PIPELINE_NAMES.deploy, {
    parameters: [...declared(parameters), threshold, approval],
    steps: [...steps, train, evaluate, condition],
  });
}

/** The image that serves, and the step that finds it out where it is not given. */
function inferenceImage({ inferenceImageUri, deployFunctionArn }: ModelPipelinesProps): {
  readonly image: Value<string>;
  readonly steps: readonly LambdaStep[];
} {
  if (inferenceImageUri !== undefined) return { image: inferenceImageUri, steps: [] };
  const step = new LambdaStep('InferenceImage', {
    displayName: 'Inference image',
    description: 'Asks which image of the inference container is deployed',
    functionArn: deployFunctionArn,
    inputs: { action: 'image' },
    outputs: { imageUri: 'String' },
  });
  return { image: step.output('imageUri'), steps: [step] };
}

function check(props: ModelPipelinesProps): void {
  const problems: string[] = [];
  const isLiteral = (text: string): boolean => !text.includes('${');
  const requireS3 = (key: string, uri: string | undefined, end?: RegExp): void => {
    if (uri === undefined || !isLiteral(uri)) return;
    if (!/^s3:\/\/[a-z0-9][a-z0-9.-]+\/./.test(uri) || (end !== undefined && !end.test(uri))) {
      problems.push(
        `${key}: "${uri}" is not allowed; use s3://<bucket>/<key>${end === undefined ? '' : ' that ends with .tar.gz'}`,
      );
    }
  };
  requireS3('trainingSourceUri', props.trainingSourceUri, /\.tar\.gz$/);
  requireS3('processingCodeUri', props.processingCodeUri);
  requireS3('trainDataUri', props.trainDataUri);
  requireS3('testDataUri', props.testDataUri);
  if (props.trainDataUri === undefined && props.datasetBucketName === undefined)
    problems.push('trainDataUri: is missing; give it, or datasetBucketName');
  if ((props.subnetIds ?? []).length > 0 && (props.securityGroupIds ?? []).length === 0)
    problems.push('securityGroupIds: is missing; jobs in subnets need at least one');
  const threshold = props.accuracyThreshold ?? 0.9;
  if (threshold < 0 || threshold > 1) problems.push(`accuracyThreshold: ${threshold} is out of range; use 0 to 1`);
  const [runtime, wait] = [props.maxRuntimeSeconds ?? 14_400, props.maxWaitTimeSeconds ?? 28_800];
  if ((props.managedSpotTraining ?? true) && wait < runtime) {
    problems.push(
      `maxWaitTimeSeconds: ${wait} is below maxRuntimeSeconds (${runtime}); it is the training and the waits ` +
        `together: use ${runtime} or more`,
    );
  }
  if (problems.length > 0) throw new PipelineDefinitionError(undefined, problems);
}
