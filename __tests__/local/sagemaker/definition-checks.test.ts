import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../../local/sagemaker/pipeline/conditions';
import { prepareExecution } from '../../../local/sagemaker/pipeline/prepare-execution';
import { parameterValues } from '../../../local/sagemaker/pipeline/parameters';
import { planText } from '../../../local/sagemaker/pipeline/plan';
import { resolveValue, splitPath, type Scope } from '../../../local/sagemaker/pipeline/values';
import { LocalS3 } from '../../../local/sagemaker';
import { input, pipeline, PipelineHarness, processing, training, type Json } from './pipeline-harness';

const harness = new PipelineHarness();
afterAll(() => harness.close());

describe('parameters', () => {
  const declared = pipeline(
    [],
    [
      { Name: 'TrainData', Type: 'String' },
      { Name: 'Epoch', Type: 'Integer', DefaultValue: 20 },
      { Name: 'LearningRate', Type: 'Float', DefaultValue: 0.1 },
      { Name: 'Augment', Type: 'Boolean', DefaultValue: true },
      { Name: 'Approval', Type: 'String', DefaultValue: 'Approved', EnumValues: ['Approved', 'PendingManualApproval'] },
    ],
  );
  const values = (given: Readonly<Record<string, string>>): unknown =>
    Object.fromEntries(parameterValues(declared as never, new Map(Object.entries(given))));

  test('have the type that is declared, or the default', () => {
    expect(
      values({
        TrainData: 's3://photos/',
        Epoch: '3',
        LearningRate: '1e-3',
        Augment: 'false',
        Approval: 'PendingManualApproval',
      }),
    ).toEqual({
      TrainData: 's3://photos/',
      Epoch: 3,
      LearningRate: 0.001,
      Augment: false,
      Approval: 'PendingManualApproval',
    });
    expect(values({ TrainData: 'x' })).toEqual({
      TrainData: 'x',
      Epoch: 20,
      LearningRate: 0.1,
      Augment: true,
      Approval: 'Approved',
    });
  });

  test('that are wrong are all named at once', () => {
    expect(() =>
      values({ Epochs: '3', Epoch: '1.5', LearningRate: 'fast', Augment: 'yes', Approval: 'Rejected' }),
    ).toThrow(
      [
        '6 problems with the parameters:',
        '- Epochs: there is no such parameter; use TrainData, Epoch, LearningRate, Augment, Approval',
        '- TrainData: is missing and has no default; give it by --parameter TrainData=…',
        '- Epoch: "1.5" is not a whole number',
        '- LearningRate: "fast" is not a number',
        '- Augment: "yes" is not true or false',
        '- Approval: "Rejected" is not allowed; use one of Approved, PendingManualApproval',
      ].join('\n'),
    );
    expect(() => values({ TrainData: '' })).toThrow('TrainData: "" is not text (SageMaker takes no empty one)');
  });
});

describe('values', () => {
  const file = join(harness.directory, 'report.json');
  writeFileSync(file, JSON.stringify({ metrics: { accuracy: { value: 0.93 } }, list: [{ 'deep value': 7 }] }));
  const scope: Scope = {
    parameters: new Map<string, string | number | boolean>([
      ['Epoch', 3],
      ['Bucket', 'photos'],
    ]),
    execution: { PipelineExecutionId: 'abc' },
    steps: new Map([
      [
        'Train',
        {
          properties: {
            ModelArtifacts: { S3ModelArtifacts: 's3://m/model.tar.gz' },
            FinalMetricDataList: [{ MetricName: 'accuracy', Value: 0.9 }],
          },
          propertyFiles: new Map([['Report', file]]),
        },
      ],
    ]),
    s3: new LocalS3('/s3'),
  };
  const jsonGet = (Path: string): Json => ({
    'Std:JsonGet': { PropertyFile: { Get: 'Steps.Train.PropertyFiles.Report' }, Path },
  });

  test.each<[string, unknown, unknown]>([
    ['a parameter', { Get: 'Parameters.Epoch' }, 3],
    ['an execution variable', { Get: 'Execution.PipelineExecutionId' }, 'abc'],
    ["a step's property", { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' }, 's3://m/model.tar.gz'],
    ['an entry of a list, by place', { Get: 'Steps.Train.FinalMetricDataList[0].Value' }, 0.9],
    ['an entry of a list, by name', { Get: "Steps.Train.FinalMetricDataList['accuracy'].Value" }, 0.9],
    [
      'a join, deep inside',
      {
        list: [
          { 'Std:Join': { On: '/', Values: ['s3:/', { Get: 'Parameters.Bucket' }, { Get: 'Parameters.Epoch' }] } },
        ],
      },
      { list: ['s3://photos/3'] },
    ],
    ['a property file', jsonGet('metrics.accuracy.value'), 0.93],
    ['a property file, by brackets', jsonGet("list[0]['deep value']"), 7],
    ['what refers to nothing', { Get: 1, other: null }, { Get: 1, other: null }],
  ])('%s', (_title, value, expected) => {
    expect(resolveValue(value, scope)).toEqual(expected);
  });

  test.each<[unknown, string]>([
    [{ Get: 'Parameters.Epochs' }, 'there is no parameter "Epochs"'],
    [{ Get: 'Execution.Nothing' }, 'there is no execution variable "Nothing" here; there are PipelineExecutionId'],
    [{ Get: 'Steps.Other.A' }, 'step "Other" has not run'],
    [{ Get: 'Steps.Train.Nothing' }, '"Steps.Train.Nothing": step "Train" has no such property here'],
    [jsonGet('metrics.loss'), 'has nothing at "metrics.loss"'],
  ])('%j leads nowhere', (value, message) => {
    expect(() => resolveValue(value, scope)).toThrow(message);
  });

  test('paths are split at dots and brackets', () => {
    expect(splitPath(`a.b[0]['c.d']["e"]`)).toEqual(['a', 'b', '0', 'c.d', 'e']);
  });

  const compare = (Type: string, LeftValue: unknown, RightValue: unknown): Json => ({ Type, LeftValue, RightValue });
  test.each<[Json[], boolean, string]>([
    [[compare('GreaterThanOrEqualTo', jsonGet('metrics.accuracy.value'), 0.93)], true, '0.93 >= 0.93'],
    [[compare('GreaterThan', jsonGet('metrics.accuracy.value'), 0.93)], false, '0.93 > 0.93'],
    [
      [
        compare('LessThan', { Get: 'Parameters.Epoch' }, 4),
        compare('LessThanOrEqualTo', { Get: 'Parameters.Epoch' }, 2),
      ],
      false,
      '3 < 4 and 3 <= 2',
    ],
    [[compare('Equals', { Get: 'Parameters.Bucket' }, 'photos')], true, '"photos" = "photos"'],
    [[{ Type: 'In', QueryValue: { Get: 'Parameters.Epoch' }, Values: [1, 3] }], true, '3 in 1, 3'],
    [[{ Type: 'Not', Condition: compare('Equals', { Get: 'Parameters.Epoch' }, 3) }], false, 'not (3 = 3)'],
    [
      [
        {
          Type: 'Or',
          Conditions: [
            compare('Equals', { Get: 'Parameters.Epoch' }, 1),
            compare('Equals', { Get: 'Parameters.Epoch' }, 3),
          ],
        },
      ],
      true,
      '(3 = 1 or 3 = 3)',
    ],
  ])('conditions %j', (conditions, holds, text) => {
    expect(decide(conditions, scope)).toEqual({ holds, text });
  });

  test('of different types cannot be compared', () => {
    expect(() => decide([compare('Equals', { Get: 'Parameters.Epoch' }, '3')], scope)).toThrow(
      '3 and "3" cannot be compared: one is of type number, the other of type string',
    );
  });
});

describe('before anything runs', () => {
  const prepare = (definition: Json, more: object = {}): ReturnType<typeof prepareExecution> =>
    prepareExecution({ name: 'Test', definition, directory: harness.directory, base: harness.directory, ...more });
  const source = harness.source('');

  test('steps that cannot run here are refused, all by name, in branches too', () => {
    const condition = {
      Name: 'Decide',
      Type: 'Condition',
      Arguments: { Conditions: [], IfSteps: [{ Name: 'Spark', Type: 'EMR', Arguments: {} }], ElseSteps: [] },
    };
    const builtIn = training(source, { name: 'BuiltIn' });
    delete (builtIn['Arguments'] as { HyperParameters: Json }).HyperParameters['sagemaker_program'];
    const several = training(source, {
      name: 'Several',
      arguments: { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } },
    });
    const steps = [
      { Name: 'Tune', Type: 'Tuning', Arguments: {} },
      condition,
      builtIn,
      several,
      processing({ name: 'Binary', entry: ['/opt/program'] }),
      {
        Name: 'Call',
        Type: 'Lambda',
        FunctionArn: 'arn:aws:lambda:x:1:function:f',
        Arguments: {},
        OutputParameters: [],
      },
    ];
    expect(() => prepare(pipeline(steps))).toThrow(
      [
        'this pipeline cannot run on this machine:',
        '- step "Tune": a step of type Tuning cannot run here; only Training, Processing, Condition, RegisterModel, Model, Lambda, Fail can',
        '- step "Spark": a step of type EMR cannot run here; only Training, Processing, Condition, RegisterModel, Model, Lambda, Fail can',
        '- step "BuiltIn": only script mode runs here: the hyperparameters sagemaker_program and sagemaker_submit_directory are missing',
        '- step "Several": it asks for 2 instances; this machine is one',
        '- step "Binary": its ContainerEntrypoint begins with "/opt/program"; only python3, bash and sh are there on this machine as in the image',
        '- step "Call": there is no function arn:aws:lambda:x:1:function:f here; name its code by --function arn:aws:lambda:x:1:function:f=<file.js>',
      ].join('\n'),
    );
  });

  test('a definition that SageMaker would refuse is refused here, by the same rules', () => {
    expect(() =>
      prepare(
        pipeline([
          processing({
            name: 'Evaluate',
            inputs: [input('model', { Get: 'Steps.Tran.ModelArtifacts.S3ModelArtifacts' })],
          }),
        ]),
      ),
    ).toThrow('step "Evaluate": "Steps.Tran.ModelArtifacts.S3ModelArtifacts": there is no step "Tran"');
    expect(() => prepare({ Version: '2020-12-01' })).toThrow('Test');
  });

  test('inputs that are not there are named', () => {
    const data = training(source, {
      arguments: {
        InputDataConfig: [
          {
            ChannelName: 'train',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: { Get: 'Parameters.TrainData' } } },
          },
        ],
      },
    });
    expect(() => prepare(pipeline([data], [{ Name: 'TrainData', Type: 'String', DefaultValue: './photoes' }]))).toThrow(
      `1 input cannot be found:\n- step "Train": channel "train" is "./photoes", and there is no ${join(harness.directory, 'photoes')}; name a folder by --parameter TrainData=…`,
    );
  });

  test('the plan has the steps in the order in which they run', () => {
    const fail = { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'no' } };
    const decision = {
      Name: 'Decide',
      Type: 'Condition',
      Arguments: {
        Conditions: [{ Type: 'Equals', LeftValue: { Get: 'Steps.Train.TrainingJobStatus' }, RightValue: 'Completed' }],
        IfSteps: [
          processing({
            name: 'Report',
            inputs: [input('model', { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' })],
          }),
        ],
        ElseSteps: [fail],
      },
    };
    const after = processing({ name: 'After', rest: { DependsOn: ['Train'] } });
    expect(planText(prepare(pipeline([after, decision, training(source)])).plan)).toBe(
      [
        '  Train                        Training\n',
        '  After                        Processing\n',
        '  Decide                       Condition\n',
        '    if it holds:\n',
        '      Report                       Processing\n',
        '    else:\n',
        '      Stop                         Fail\n',
      ].join(''),
    );
  });
});
