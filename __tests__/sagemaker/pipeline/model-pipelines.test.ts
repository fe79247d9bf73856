import {
  modelPipelines,
  NO_TEST_DATA_PREFIX,
  type ModelPipelinesProps,
  type PipelineDefinition,
  type StepDefinition,
} from '@strata/sagemaker-pipeline';
import { props } from './props';

// oxlint-disable-next-line typescript/no-explicit-any -- arguments are JSON
const argumentsOf = (definition: PipelineDefinition, name: string): any => find(definition.Steps, name)!.Arguments;

function find(steps: readonly StepDefinition[], name: string): StepDefinition | undefined {
  for (const step of steps) {
    const branches = [step.Arguments.IfSteps, step.Arguments.ElseSteps].flatMap(
      (branch) => (branch ?? []) as unknown as StepDefinition[],
    );
    const found = step.Name === name ? step : find(branches, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const { train, model, deploy } = modelPipelines(props);

it('makes three pipelines of steps that run one after the other', () => {
  expect([train, model, deploy].map(({ Steps }) => Steps.map(({ Name }) => Name))).toEqual([
    ['Train'],
    ['Train', 'CreateModel'],
    ['Train', 'Evaluate', 'AccurateEnough'],
  ]);
  expect(argumentsOf(deploy, 'AccurateEnough').IfSteps.map(({ Name }: StepDefinition) => Name)).toEqual([
    'Register',
    'Deploy',
  ]);
  expect(argumentsOf(deploy, 'AccurateEnough').ElseSteps.map(({ Name }: StepDefinition) => Name)).toEqual([
    'NotAccurateEnough',
  ]);
});

it('gives every parameter a default', () => {
  const defaults = (definition: PipelineDefinition) =>
    Object.fromEntries(definition.Parameters!.map(({ Name, DefaultValue }) => [Name, DefaultValue]));
  const training = {
    TrainData: 's3://dataset/train/',
    TestData: `s3://artifacts/${NO_TEST_DATA_PREFIX}`,
    Epoch: 20,
    BatchSize: 64,
    LearningRate: 0.002,
    TrainingInstanceType: 'ml.m5.xlarge',
    TrainingInstanceCount: 1,
    MaxRuntimeInSeconds: 14_400,
    MaxWaitTimeInSeconds: 28_800,
  };
  expect(defaults(train)).toEqual(training);
  expect(defaults(model)).toEqual(training);
  expect(defaults(deploy)).toEqual({ ...training, AccuracyThreshold: 0.9, ModelApprovalStatus: 'Approved' });
});

it('trains in script mode, on spot capacity, with checkpoints of this execution alone', () => {
  expect(argumentsOf(train, 'Train')).toMatchObject({
    RoleArn: props.roleArn,
    HyperParameters: {
      sagemaker_program: '"train.py"',
      sagemaker_submit_directory: `"${props.trainingSourceUri}"`,
      sagemaker_region: '"ap-northeast-2"',
      epochs: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Epoch' }] } },
    },
    InputDataConfig: [{ ChannelName: 'train' }, { ChannelName: 'test' }],
    EnableManagedSpotTraining: true,
    StoppingCondition: {
      MaxRuntimeInSeconds: { Get: 'Parameters.MaxRuntimeInSeconds' },
      MaxWaitTimeInSeconds: { Get: 'Parameters.MaxWaitTimeInSeconds' },
    },
    CheckpointConfig: {
      LocalPath: '/opt/ml/checkpoints',
      S3Uri: {
        'Std:Join': { On: '/', Values: ['s3://artifacts/checkpoints', { Get: 'Execution.PipelineExecutionId' }] },
      },
    },
  });
});

it('reads the metrics out of the line that training prints', () => {
  const line =
    'epoch=3; training_loss=0.1234; training_accuracy=0.9800; validation_loss=0.1001; validation_accuracy=0.9712; seconds=4.2;';
  const found = argumentsOf(train, 'Train').AlgorithmSpecification.MetricDefinitions.map(
    ({ Name, Regex }: { Name: string; Regex: string }) => [Name, new RegExp(Regex).exec(line)?.[1]],
  );
  expect(Object.fromEntries(found)).toEqual({
    training_loss: '0.1234',
    training_accuracy: '0.9800',
    validation_loss: '0.1001',
    validation_accuracy: '0.9712',
  });
});

it('evaluates the trained model where the executor can put other folders', () => {
  const evaluate = argumentsOf(deploy, 'Evaluate');
  expect(evaluate.AppSpecification).toEqual({
    ImageUri: props.trainingImageUri,
    ContainerEntrypoint: ['python3', '/opt/ml/processing/code/evaluate.py'],
    ContainerArguments: [
      '--model',
      '/opt/ml/processing/model',
      '--data',
      '/opt/ml/processing/train',
      '--test-data',
      '/opt/ml/processing/test',
      '--output',
      '/opt/ml/processing/evaluation',
    ],
  });
  const inputs = evaluate.ProcessingInputs.map(({ S3Input }: { S3Input: { S3Uri: unknown; LocalPath: string } }) => [
    S3Input.LocalPath,
    S3Input.S3Uri,
  ]);
  expect(inputs).toEqual([
    ['/opt/ml/processing/code', props.processingCodeUri],
    ['/opt/ml/processing/model', { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' }],
    ['/opt/ml/processing/train', { Get: 'Parameters.TrainData' }],
    ['/opt/ml/processing/test', { Get: 'Parameters.TestData' }],
  ]);
});

it('registers with what was measured, deploys it, and else says by how little it failed', () => {
  const accuracy = {
    'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Evaluation' }, Path: 'metrics.accuracy.value' },
  };
  expect(argumentsOf(deploy, 'AccurateEnough').Conditions).toEqual([
    { Type: 'GreaterThanOrEqualTo', LeftValue: accuracy, RightValue: { Get: 'Parameters.AccuracyThreshold' } },
  ]);
  expect(argumentsOf(deploy, 'Register')).toMatchObject({
    ModelPackageGroupName: 'strata-dev-image-classifier',
    ModelApprovalStatus: { Get: 'Parameters.ModelApprovalStatus' },
    ModelMetrics: {
      ModelQuality: {
        Statistics: {
          ContentType: 'application/json',
          S3Uri: {
            'Std:Join': {
              On: '/',
              Values: [
                { Get: "Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri" },
                'evaluation.json',
              ],
            },
          },
        },
      },
    },
    CustomerMetadataProperties: {
      Accuracy: { 'Std:Join': { On: '', Values: [accuracy] } },
      Endpoint: 'image-classifier',
    },
  });
  expect(find(deploy.Steps, 'Deploy')).toMatchObject({
    FunctionArn: props.deployFunctionArn,
    Arguments: { modelPackageArn: { Get: 'Steps.Register.ModelPackageArn' } },
  });
  expect(argumentsOf(deploy, 'NotAccurateEnough').ErrorMessage['Std:Join'].Values).toEqual([
    'The accuracy is ',
    accuracy,
    ', below the threshold of ',
    { Get: 'Parameters.AccuracyThreshold' },
    '. The model was not registered, and what is deployed stays.',
  ]);
});

it('asks for the image before it trains, where none is given', () => {
  const made = modelPipelines({ ...props, inferenceImageUri: undefined });
  const image = { Get: "Steps.InferenceImage.OutputParameters['imageUri']" };
  expect(find(made.deploy.Steps, 'InferenceImage')).toMatchObject({
    Type: 'Lambda',
    FunctionArn: props.deployFunctionArn,
    Arguments: { action: 'image' },
  });
  expect(find(made.deploy.Steps, 'Train')!.DependsOn).toEqual(['InferenceImage']);
  expect(argumentsOf(made.deploy, 'Register').InferenceSpecification.Containers[0].Image).toEqual(image);
  expect(argumentsOf(made.model, 'CreateModel').PrimaryContainer.Image).toEqual(image);
  expect(find(made.train.Steps, 'InferenceImage')).toBeUndefined();
});

it('encrypts and stays in a VPC where it is told to', () => {
  const key = 'arn:aws:kms:ap-northeast-2:123456789012:key/1';
  const vpc = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const made = modelPipelines({ ...props, kmsKeyArn: key, subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] });
  expect(argumentsOf(made.model, 'Train')).toMatchObject({
    VpcConfig: vpc,
    OutputDataConfig: { KmsKeyId: key },
    ResourceConfig: { VolumeKmsKeyId: key },
  });
  expect(argumentsOf(made.model, 'CreateModel')).toMatchObject({ VpcConfig: vpc });
  expect(argumentsOf(made.deploy, 'Evaluate')).toMatchObject({
    NetworkConfig: { VpcConfig: vpc },
    ProcessingOutputConfig: { KmsKeyId: key },
    ProcessingResources: { ClusterConfig: { VolumeKmsKeyId: key } },
  });
});

test('jobs on instances with local disks have no key for a volume, which SageMaker refuses there', () => {
  const { train, deploy } = modelPipelines({
    ...props,
    kmsKeyArn: 'arn:aws:kms:x:1:key/k',
    trainingInstanceType: 'ml.g5.xlarge',
    evaluationInstanceType: 'ml.r5d.large',
  });
  expect(argumentsOf(train, 'Train').ResourceConfig).not.toHaveProperty('VolumeKmsKeyId');
  expect(argumentsOf(train, 'Train')).toMatchObject({ OutputDataConfig: { KmsKeyId: 'arn:aws:kms:x:1:key/k' } });
  expect(argumentsOf(deploy, 'Evaluate')).toMatchObject({
    ProcessingOutputConfig: { KmsKeyId: 'arn:aws:kms:x:1:key/k' },
    ProcessingResources: { ClusterConfig: expect.not.objectContaining({ VolumeKmsKeyId: expect.anything() }) },
  });
});

it('trains on on-demand capacity without a wait', () => {
  const { train: onDemand } = modelPipelines({ ...props, managedSpotTraining: false });
  expect(argumentsOf(onDemand, 'Train')).toMatchObject({
    EnableManagedSpotTraining: false,
    StoppingCondition: { MaxRuntimeInSeconds: { Get: 'Parameters.MaxRuntimeInSeconds' } },
  });
  expect(argumentsOf(onDemand, 'Train').StoppingCondition).not.toHaveProperty('MaxWaitTimeInSeconds');
  expect(onDemand.Parameters!.map(({ Name }) => Name)).not.toContain('MaxWaitTimeInSeconds');
});

it('takes tokens for all that Terraform knows later', () => {
  const tokens = Object.fromEntries(
    Object.entries(props).map(([key, value], i) => [
      key,
      key.endsWith('Uri')
        ? `s3://\${TfToken[TOKEN.${i}]}/sourcedir.tar.gz`
        : typeof value === 'string'
          ? `\${TfToken[TOKEN.${i}]}`
          : value,
    ]),
  );
  expect(() => modelPipelines(tokens as unknown as ModelPipelinesProps)).not.toThrow();
});

it('says everything that is wrong with its props', () => {
  const wrong = {
    ...props,
    trainingSourceUri: 'source.zip',
    processingCodeUri: 'https://x/y',
    testDataUri: 's3://',
    datasetBucketName: undefined,
    subnetIds: ['subnet-1'],
    accuracyThreshold: 90,
    maxWaitTimeSeconds: 60,
  };
  expect(() => modelPipelines(wrong)).toThrow(`the pipeline definition has 7 problems:
  - trainingSourceUri: "source.zip" is not allowed; use s3://<bucket>/<key> that ends with .tar.gz
  - processingCodeUri: "https://x/y" is not allowed; use s3://<bucket>/<key>
  - testDataUri: "s3://" is not allowed; use s3://<bucket>/<key>
  - trainDataUri: is missing; give it, or datasetBucketName
  - securityGroupIds: is missing; jobs in subnets need at least one
  - accuracyThreshold: 90 is out of range; use 0 to 1
  - maxWaitTimeSeconds: 60 is below maxRuntimeSeconds (14400); it is the training and the waits together: use 14400 or more`);
});
