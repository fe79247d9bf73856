import {
  booleanParameter,
  ConditionStep,
  equals,
  executionVariables,
  FailStep,
  floatParameter,
  greaterThan,
  greaterThanOrEqualTo,
  integerParameter,
  isIn,
  join,
  LambdaStep,
  lessThan,
  lessThanOrEqualTo,
  ModelStep,
  not,
  or,
  Pipeline,
  PipelineDefinitionError,
  ProcessingStep,
  RegisterModelStep,
  stringParameter,
  TrainingStep,
  TransformStep,
  TuningStep,
  type api,
  type Step,
} from '@strata/sagemaker-pipeline';

const training: api.CreateTrainingJobRequest = {
  RoleArn: 'arn:aws:iam::123456789012:role/training',
  AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
  OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
};
const processing: api.CreateProcessingJobRequest = {
  RoleArn: 'arn:aws:iam::123456789012:role/training',
  AppSpecification: { ImageUri: 'image' },
  ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 } },
  ProcessingOutputConfig: {
    Outputs: [
      {
        OutputName: 'report',
        S3Output: { S3Uri: 's3://bucket/reports', LocalPath: '/opt/ml/processing/out', S3UploadMode: 'EndOfJob' },
      },
    ],
  },
};

const stepOf = (step: Step, ...others: Step[]) =>
  new Pipeline('p', { steps: [step, ...others] }).toDefinition().Steps[0]!;

describe('a pipeline', () => {
  it('is plain JSON of version 2020-12-01, listed under its own name as an experiment', () => {
    const definition = new Pipeline('p', {
      steps: [new TrainingStep('Train', { arguments: training })],
      metadata: { Team: 'ml' },
    }).toDefinition();
    expect(definition).toEqual({
      Version: '2020-12-01',
      Metadata: { Team: 'ml' },
      Parameters: [],
      PipelineExperimentConfig: {
        ExperimentName: { Get: 'Execution.PipelineName' },
        TrialName: { Get: 'Execution.PipelineExecutionId' },
      },
      Steps: [{ Name: 'Train', Type: 'Training', Arguments: training }],
    });
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
  });

  it('takes another experiment, or none', () => {
    const steps = [new TrainingStep('Train', { arguments: training })];
    expect(
      new Pipeline('p', {
        steps,
        experimentConfig: { experimentName: 'flowers', trialName: executionVariables.PipelineExecutionId },
      }).toDefinition().PipelineExperimentConfig,
    ).toEqual({ ExperimentName: 'flowers', TrialName: { Get: 'Execution.PipelineExecutionId' } });
    expect(new Pipeline('p', { steps, experimentConfig: false }).toDefinition()).not.toHaveProperty(
      'PipelineExperimentConfig',
    );
  });

  it('declares parameters of four types', () => {
    const parameters = [
      stringParameter('Approval', {
        defaultValue: 'Approved',
        enumValues: ['Approved', 'Rejected'],
        description: 'what then',
      }),
      integerParameter('Epochs', { defaultValue: 3 }),
      floatParameter('Rate'),
      booleanParameter('Spot', { defaultValue: false }),
    ];
    expect(
      new Pipeline('p', { parameters, steps: [new TrainingStep('Train', { arguments: training })] }).toDefinition()
        .Parameters,
    ).toEqual([
      {
        Name: 'Approval',
        Type: 'String',
        DefaultValue: 'Approved',
        Description: 'what then',
        EnumValues: ['Approved', 'Rejected'],
      },
      { Name: 'Epochs', Type: 'Integer', DefaultValue: 3 },
      { Name: 'Rate', Type: 'Float' },
      { Name: 'Spot', Type: 'Boolean', DefaultValue: false },
    ]);
  });

  it.each(['', '-p', 'p_q', 'p'.repeat(257)])('refuses the name "%s"', (name) => {
    expect(() => new Pipeline(name, { steps: [] })).toThrow(/use 1 to 256 letters, digits and hyphens/);
  });

  it('needs a step', () => {
    expect(() => new Pipeline('p', { steps: [] }).toDefinition()).toThrow(
      'pipeline "p": Steps: is empty; at least 1 is needed',
    );
  });

  it('leaves tokens of cdktf as they are', () => {
    const token = '${TfToken[TOKEN.7]}';
    const spec = {
      ...training,
      RoleArn: token,
      OutputDataConfig: { S3OutputPath: `s3://${token}/models` },
      VpcConfig: { Subnets: [token], SecurityGroupIds: ['#{TfToken[TOKEN.8]}'] },
    };
    expect(
      new Pipeline(`p-${token}`, { steps: [new TrainingStep('Train', { arguments: spec })] }).toDefinition().Steps[0]!
        .Arguments,
    ).toEqual(spec);
  });
});

describe('references', () => {
  const epochs = integerParameter('Epochs', { defaultValue: 3 });
  const train = new TrainingStep('Train', {
    arguments: {
      ...training,
      HyperParameters: { epochs: epochs.asText(), run: join('-', ['run', executionVariables.PipelineExecutionId, 7]) },
    },
  });
  const report = new ProcessingStep('Report', {
    arguments: processing,
    propertyFiles: { Scores: { outputName: 'report', path: 'scores.json' } },
  });

  it('are written as SageMaker reads them', () => {
    expect(train.properties.ModelArtifacts.S3ModelArtifacts.toJSON()).toEqual({
      Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts',
    });
    expect(train.properties.FinalMetricDataList.at(0).Value.toJSON()).toEqual({
      Get: 'Steps.Train.FinalMetricDataList[0].Value',
    });
    expect(report.properties.ProcessingOutputConfig.Outputs.at('report').S3Output.S3Uri.toJSON()).toEqual({
      Get: "Steps.Report.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri",
    });
    expect(report.jsonGet('Scores', 'list[0].f1').toJSON()).toEqual({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.Report.PropertyFiles.Scores' }, Path: 'list[0].f1' },
    });
    const { HyperParameters } = new Pipeline('p', { parameters: [epochs], steps: [train] }).toDefinition().Steps[0]!
      .Arguments;
    expect(HyperParameters).toEqual({
      epochs: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Epochs' }] } },
      run: { 'Std:Join': { On: '-', Values: ['run', { Get: 'Execution.PipelineExecutionId' }, 7] } },
    });
  });

  it('are no promises, so that a step can be the result of an async function', async () => {
    const { S3ModelArtifacts } = await (async () => train.properties.ModelArtifacts)();
    expect(S3ModelArtifacts.toJSON()).toEqual({ Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' });
  });
});

describe('steps', () => {
  it('say on what they depend, how they are shown, tried again and kept', () => {
    const first = new TrainingStep('First', { arguments: training });
    const second = new TrainingStep('Second', {
      arguments: training,
      dependsOn: [first],
      displayName: 'The second',
      description: 'after the first',
      retryPolicies: [
        { exceptionTypes: ['SageMaker.CAPACITY_ERROR'], maxAttempts: 3 },
        { exceptionTypes: ['Step.THROTTLING'], intervalSeconds: 5, backoffRate: 1.5, expireAfterMinutes: 60 },
      ],
      cacheConfig: { expireAfter: 'P30D' },
    });
    expect(stepOf(second, first)).toEqual({
      Name: 'Second',
      Type: 'Training',
      Arguments: training,
      DependsOn: ['First'],
      DisplayName: 'The second',
      Description: 'after the first',
      RetryPolicies: [
        { ExceptionType: ['SageMaker.CAPACITY_ERROR'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 },
        { ExceptionType: ['Step.THROTTLING'], IntervalSeconds: 5, BackoffRate: 1.5, ExpireAfterMin: 60 },
      ],
      CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
    });
  });

  it('process, with property files', () => {
    expect(
      stepOf(
        new ProcessingStep('Report', {
          arguments: processing,
          propertyFiles: { Scores: { outputName: 'report', path: 'scores.json' } },
        }),
      ),
    ).toEqual({
      Name: 'Report',
      Type: 'Processing',
      Arguments: processing,
      PropertyFiles: [{ PropertyFileName: 'Scores', OutputName: 'report', FilePath: 'scores.json' }],
    });
  });

  it('create a model, register it, transform with it and tune it', () => {
    const train = new TrainingStep('Train', { arguments: training });
    const data = train.properties.ModelArtifacts.S3ModelArtifacts;
    const model = new ModelStep('Create', {
      arguments: { ExecutionRoleArn: 'role', PrimaryContainer: { Image: 'image', ModelDataUrl: data } },
    });
    const register = new RegisterModelStep('Register', {
      arguments: {
        ModelPackageGroupName: 'group',
        ModelApprovalStatus: 'Approved',
        InferenceSpecification: { Containers: [{ Image: 'image', ModelDataUrl: data }] },
      },
    });
    const transform = new TransformStep('Transform', {
      arguments: {
        ModelName: model.properties.ModelName,
        TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/in' } } },
        TransformOutput: { S3OutputPath: 's3://bucket/out' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      },
    });
    const tune = new TuningStep('Tune', {
      arguments: {
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          ResourceLimits: { MaxParallelTrainingJobs: 1, MaxNumberOfTrainingJobs: 2 },
        },
      },
    });
    const { Steps } = new Pipeline('p', { steps: [train, model, register, transform, tune] }).toDefinition();
    expect(Steps.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      'Train Training',
      'Create Model',
      'Register RegisterModel',
      'Transform Transform',
      'Tune Tuning',
    ]);
    expect(Steps[1]!.Arguments).toEqual({
      ExecutionRoleArn: 'role',
      PrimaryContainer: { Image: 'image', ModelDataUrl: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' } },
    });
    expect(Steps[3]!.Arguments.ModelName).toEqual({ Get: 'Steps.Create.ModelName' });
  });

  it('invoke a function, with typed outputs', () => {
    const ask = new LambdaStep('Ask', {
      functionArn: 'arn:aws:lambda:x',
      inputs: { deep: { list: [1, executionVariables.PipelineArn] } },
      outputs: { answer: 'String', sure: 'Boolean' },
    });
    const fail = new FailStep('Stop', { errorMessage: join(' ', ['no:', ask.output('answer')]) });
    expect(stepOf(ask, fail)).toEqual({
      Name: 'Ask',
      Type: 'Lambda',
      FunctionArn: 'arn:aws:lambda:x',
      Arguments: { deep: { list: [1, { Get: 'Execution.PipelineArn' }] } },
      OutputParameters: [
        { OutputName: 'answer', OutputType: 'String' },
        { OutputName: 'sure', OutputType: 'Boolean' },
      ],
    });
    expect(stepOf(fail, ask).Arguments).toEqual({
      ErrorMessage: { 'Std:Join': { On: ' ', Values: ['no:', { Get: "Steps.Ask.OutputParameters['answer']" }] } },
    });
  });

  it('decide by every kind of condition', () => {
    const epochs = integerParameter('Epochs', { defaultValue: 3 });
    const name = stringParameter('Name', { defaultValue: 'a' });
    const conditions = [
      equals(name, 'a'),
      greaterThan(epochs, 1),
      greaterThanOrEqualTo(epochs, 1),
      lessThan(epochs, 9),
      lessThanOrEqualTo(epochs, 9),
      isIn(name, ['a', 'b']),
      not(equals(epochs, 2)),
      or([equals(epochs, 3), isIn(epochs, [4])]),
    ];
    const condition = new ConditionStep('Decide', {
      conditions,
      elseSteps: [new FailStep('Stop', { errorMessage: 'stop' })],
    });
    const definition = new Pipeline('p', { parameters: [epochs, name], steps: [condition] }).toDefinition();
    const compared = { LeftValue: { Get: 'Parameters.Epochs' } };
    expect(definition.Steps[0]!.Arguments).toEqual({
      Conditions: [
        { Type: 'Equals', LeftValue: { Get: 'Parameters.Name' }, RightValue: 'a' },
        { Type: 'GreaterThan', ...compared, RightValue: 1 },
        { Type: 'GreaterThanOrEqualTo', ...compared, RightValue: 1 },
        { Type: 'LessThan', ...compared, RightValue: 9 },
        { Type: 'LessThanOrEqualTo', ...compared, RightValue: 9 },
        { Type: 'In', QueryValue: { Get: 'Parameters.Name' }, Values: ['a', 'b'] },
        { Type: 'Not', Condition: { Type: 'Equals', ...compared, RightValue: 2 } },
        {
          Type: 'Or',
          Conditions: [
            { Type: 'Equals', ...compared, RightValue: 3 },
            { Type: 'In', QueryValue: { Get: 'Parameters.Epochs' }, Values: [4] },
          ],
        },
      ],
      IfSteps: [],
      ElseSteps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'stop' } }],
    });
  });

  it('decide once: SageMaker has no condition in a branch of another', () => {
    const epochs = integerParameter('Epochs', { defaultValue: 3 });
    const inner = new ConditionStep('Inner', { conditions: [equals(epochs, 3)] });
    const condition = new ConditionStep('Decide', { conditions: [lessThan(epochs, 9)], ifSteps: [inner] });
    expect(() => new Pipeline('p', { parameters: [epochs], steps: [condition] }).toDefinition()).toThrow(
      'step "Inner": a condition in a branch of condition "Decide", which SageMaker does not have; give one step all the conditions, or make the branch a separate pipeline',
    );
  });
});

it('throws errors that say so', () => {
  const error = new PipelineDefinitionError('p', ['one', 'two']);
  expect(error).toMatchObject({
    name: 'PipelineDefinitionError',
    errors: ['one', 'two'],
    message: 'pipeline "p" has 2 problems:\n  - one\n  - two',
  });
});
