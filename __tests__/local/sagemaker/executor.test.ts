import { DescribeEndpointCommand, DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { input, output, pipeline, PipelineHarness, processing, training, type Json } from './pipeline-harness';
import { image, role } from './harness';

jest.setTimeout(240_000);

const harness = new PipelineHarness();
beforeAll(() => harness.start());
afterAll(() => harness.close());

/**
 * "Trains" a model for the tests' container: its answer is the sum of the numbers in the channel's files, times a
 * factor.
 */
const TRAIN = `
import argparse, json, os, pathlib, sys
parser = argparse.ArgumentParser()
parser.add_argument("--factor", type=int)
parser.add_argument("--verbose", default="False")
arguments = parser.parse_args()
data = pathlib.Path(os.environ["SM_CHANNEL_TRAIN"])
total = sum(int(file.read_text()) for file in sorted(data.iterdir())) * arguments.factor
for epoch in range(3):
    sys.stderr.write(f"\\repoch {epoch}: 50 %")
    print(f"epoch={epoch}; accuracy=0.9{epoch};")
pathlib.Path(os.environ["SM_MODEL_DIR"], "model.json").write_text(json.dumps({"answer": total}))
pathlib.Path(os.environ["SM_OUTPUT_DATA_DIR"], "seen.json").write_text(json.dumps({"environment": {k: v for k, v in os.environ.items() if k.startswith("SM_")}, "arguments": sys.argv[1:], "python_path": os.environ["PYTHONPATH"]}))
pathlib.Path(os.environ["SM_CHECKPOINT_DIR"], "checkpoint").write_text("1")
`;

const EVALUATE = `
import json, pathlib, sys, tarfile
root = pathlib.Path(sys.argv[sys.argv.index("--root") + 1])
with tarfile.open(root / "model" / "model.tar.gz") as archive:
    answer = json.load(archive.extractfile("./model.json"))["answer"]
(root / "evaluation" / "evaluation.json").write_text(json.dumps({"metrics": {"accuracy": {"value": answer / 100}}, "list": [{"deep value": 7}]}))
print("evaluated", answer)
`;

const FUNCTION = `
exports.handler = async (event, context) => {
  console.log('asked for', JSON.stringify(event));
  if (event.fail) throw new Error('the account is full');
  const { SageMakerClient, CreateModelCommand, CreateEndpointConfigCommand, CreateEndpointCommand } = require(${JSON.stringify(require.resolve('@aws-sdk/client-sagemaker'))});
  const client = new SageMakerClient({});
  await client.send(new CreateModelCommand({ ModelName: 'deployed', ExecutionRoleArn: ${JSON.stringify(role)}, PrimaryContainer: { ModelPackageName: event.modelPackageArn } }));
  await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'deployed', ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'deployed', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }] }));
  await client.send(new CreateEndpointCommand({ EndpointName: process.env.ENDPOINT_NAME, EndpointConfigName: 'deployed' }));
  return { endpointName: process.env.ENDPOINT_NAME, count: 1, invokedAs: context.invokedFunctionArn };
};
`;

const arn = 'arn:aws:lambda:ap-northeast-2:000000000000:function:deploy';
const accuracy = {
  'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: 'metrics.accuracy.value' },
};
const threshold = { Name: 'Threshold', Type: 'Float', DefaultValue: 0.5 };

/** Trains, evaluates, decides; registers and deploys, or fails. */
function whole(source: string): Json {
  const train = training(source, {
    hyperparameters: { factor: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.Factor' }] } }, verbose: 'true' },
    arguments: {
      InputDataConfig: [
        {
          ChannelName: 'train',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: { Get: 'Parameters.TrainData' } } },
        },
      ],
      CheckpointConfig: {
        S3Uri: { 'Std:Join': { On: '/', Values: ['s3://checkpoints', { Get: 'Execution.PipelineExecutionId' }] } },
        LocalPath: '/opt/ml/checkpoints',
      },
    },
  });
  const evaluate = processing({
    entry: ['python3', '/opt/ml/processing/code/run.py', '--root', '/opt/ml/processing'],
    inputs: [input('code', 's3://code/run.py'), input('model', { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' })],
    outputs: [
      output('evaluation', {
        'Std:Join': { On: '/', Values: ['s3://evaluations', { Get: 'Execution.PipelineExecutionId' }] },
      }),
    ],
    rest: { PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'evaluation', FilePath: 'evaluation.json' }] },
  });
  const register = {
    Name: 'Register',
    Type: 'RegisterModel',
    Arguments: {
      ModelPackageGroupName: 'numbers',
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: {
        Containers: [{ Image: image, ModelDataUrl: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' } }],
        SupportedContentTypes: ['image/jpeg'],
        SupportedResponseMIMETypes: ['application/json'],
      },
      CustomerMetadataProperties: {
        Accuracy: { 'Std:Join': { On: '', Values: [accuracy] } },
        Outputs: { Get: "Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri" },
      },
    },
  };
  const deploy = {
    Name: 'Deploy',
    Type: 'Lambda',
    FunctionArn: arn,
    Arguments: { modelPackageArn: { Get: 'Steps.Register.ModelPackageArn' } },
    OutputParameters: [
      { OutputName: 'endpointName', OutputType: 'String' },
      { OutputName: 'count', OutputType: 'Integer' },
    ],
  };
  const fail = {
    Name: 'NotGoodEnough',
    Type: 'Fail',
    Arguments: {
      ErrorMessage: {
        'Std:Join': { On: '', Values: ['the accuracy is ', accuracy, ', not ', { Get: 'Parameters.Threshold' }] },
      },
    },
  };
  const decide = {
    Name: 'Decide',
    Type: 'Condition',
    Arguments: {
      Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: accuracy, RightValue: { Get: 'Parameters.Threshold' } }],
      IfSteps: [register, deploy],
      ElseSteps: [fail],
    },
  };
  // Not in the order in which they run.
  return pipeline(
    [decide, evaluate, train],
    [{ Name: 'TrainData', Type: 'String' }, { Name: 'Factor', Type: 'Integer', DefaultValue: 2 }, threshold],
  );
}

describe('a whole pipeline', () => {
  let photos: string;
  let functions: ReadonlyMap<string, { readonly file: string; readonly environment: Record<string, string> }>;
  let definition: Json;
  beforeAll(() => {
    photos = join(harness.directory, 'numbers');
    mkdirSync(photos);
    writeFileSync(join(photos, 'a'), '12');
    writeFileSync(join(photos, 'b'), '30');
    harness.object('s3://code/run.py', EVALUATE);
    const file = join(harness.directory, 'deploy.cjs');
    writeFileSync(file, FUNCTION);
    functions = new Map([[arn, { file, environment: { ENDPOINT_NAME: 'numbers' } }]]);
    definition = whole(harness.source(TRAIN));
  });

  test('runs from a local folder to an endpoint that answers', async () => {
    const result = await harness.execute(definition, {
      parameters: { TrainData: './numbers' },
      base: harness.directory,
      functions,
    });
    expect(result.failure).toBeUndefined();
    expect(result.steps.map(({ name, state }) => [name, state])).toEqual([
      ['Train', 'Succeeded'],
      ['Evaluate', 'Succeeded'],
      ['Decide', 'Succeeded'],
      ['Register', 'Succeeded'],
      ['Deploy', 'Succeeded'],
      ['NotGoodEnough', 'Skipped'],
    ]);
    expect(await harness.settled('numbers')).toMatchObject({ EndpointStatus: 'InService' });
    expect(await harness.invoke({ EndpointName: 'numbers' })).toMatchObject({ answer: 84 });
    expect(
      await harness.control.send(new DescribeModelPackageCommand({ ModelPackageName: 'numbers/1' })),
    ).toMatchObject({
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { Accuracy: '0.84', Outputs: `s3://evaluations/${result.id}` },
      InferenceSpecification: {
        Containers: [
          { ModelDataUrl: expect.stringMatching(/^s3:\/\/models\/trained\/pipelines-.*\/output\/model\.tar\.gz$/) },
        ],
      },
    });
    // What a person sees: steps with times, the job's own lines, values of the decision, and what came of it.
    expect(result.screen).toMatch(/^\[1\/6\] Train \(Training\)$/m);
    expect(result.screen).toMatch(/^ {8}epoch=2; accuracy=0\.92;$/m);
    expect(result.screen).toMatch(/^\[1\/6\] Train: succeeded \(\d+\.\d s\)$/m);
    expect(result.screen).toMatch(/^\[3\/6\] Decide: succeeded: 0\.84 >= 0\.5 is true \(/m);
    expect(result.screen).toMatch(/^\[4\/6\] Register: succeeded: arn:.*model-package\/numbers\/1, Approved \(/m);
    expect(result.screen).toMatch(/^\[5\/6\] Deploy: succeeded: endpointName numbers, count 1 \(/m);
    // What is kept of the run.
    expect(result.results.get('Train')?.properties).toMatchObject({
      FinalMetricDataList: [{ MetricName: 'accuracy', Value: 0.92 }],
      TrainingJobStatus: 'Completed',
    });
    expect(readFileSync(join(result.directory, 'Train/log.txt'), 'utf8')).toContain('epoch=0; accuracy=0.90;');
    expect(JSON.parse(readFileSync(join(result.directory, 'execution.json'), 'utf8'))).toMatchObject({
      PipelineExecutionStatus: 'Succeeded',
      Parameters: { Factor: 2 },
    });
  });

  test("gives training what SageMaker's toolkit gives it", async () => {
    const result = await harness.execute(definition, { parameters: { TrainData: photos, Threshold: '2' }, functions });
    const ml = join(result.directory, 'Train/ml');
    const artifacts = (
      result.results.get('Train')!.properties as unknown as { ModelArtifacts: { S3ModelArtifacts: string } }
    ).ModelArtifacts.S3ModelArtifacts;
    const archive = join(
      harness.directory,
      's3',
      artifacts.replace('s3://', '').replace('model.tar.gz', 'output.tar.gz'),
    );
    const seen = JSON.parse(execFileSync('tar', ['-xzOf', archive, './seen.json'], { encoding: 'utf8' })) as {
      environment: Record<string, string>;
      arguments: string[];
    };
    expect(seen.arguments).toEqual(['--factor', '2', '--verbose', 'True']);
    expect(seen.environment).toMatchObject({
      SM_MODEL_DIR: join(ml, 'model'),
      SM_CHANNEL_TRAIN: join(ml, 'input/data/train'),
      SM_CHANNELS: '["train"]',
      SM_OUTPUT_DATA_DIR: join(ml, 'output/data'),
      SM_OUTPUT_DIR: join(ml, 'output'),
      SM_HPS: '{"factor":2,"verbose":true}',
      SM_HP_FACTOR: '2',
      SM_USER_ARGS: '["--factor","2","--verbose","True"]',
      SM_HOSTS: '["algo-1"]',
      SM_CURRENT_HOST: 'algo-1',
      SM_NUM_GPUS: '0',
      SM_CHECKPOINT_DIR: join(ml, 'checkpoints'),
    });
    // Checkpoints are in S3 at once, where a training that was interrupted finds them.
    expect(readFileSync(join(harness.directory, 's3/checkpoints', result.id, 'checkpoint'), 'utf8')).toBe('1');
  });

  test('that is not good enough stops at the condition, and leaves the endpoint as it is', async () => {
    const before = await harness.control.send(new DescribeEndpointCommand({ EndpointName: 'numbers' }));
    const result = await harness.execute(definition, {
      parameters: { TrainData: photos, Threshold: '0.9' },
      functions,
    });
    expect(result.failure?.message).toBe('the accuracy is 0.84, not 0.9');
    expect(result.steps.map(({ name, state }) => [name, state])).toEqual([
      ['Train', 'Succeeded'],
      ['Evaluate', 'Succeeded'],
      ['Decide', 'Succeeded'],
      ['Register', 'Skipped'],
      ['Deploy', 'Skipped'],
      ['NotGoodEnough', 'Failed'],
    ]);
    expect(
      (await harness.control.send(new DescribeEndpointCommand({ EndpointName: 'numbers' }))).LastModifiedTime,
    ).toEqual(before.LastModifiedTime);
    expect(await harness.invoke({ EndpointName: 'numbers' })).toMatchObject({ answer: 84 });
  });

  test('whose function fails says what the function said', async () => {
    const file = join(harness.directory, 'failing.cjs');
    writeFileSync(file, FUNCTION.replace('event.fail', 'true'));
    const result = await harness.execute(definition, {
      parameters: { TrainData: photos },
      functions: new Map([[arn, { file }]]),
    });
    expect(result.failure?.message).toBe('step "Deploy": the function failed: the account is full');
    expect(result.screen).toMatch(/^ {8}asked for \{"modelPackageArn":"arn:/m);
  });
});

describe('a step that fails ends the run with its own error:', () => {
  const train = (
    program: string,
    more: Parameters<typeof training>[1] = {},
  ): Promise<Awaited<ReturnType<PipelineHarness['execute']>>> =>
    harness.execute(pipeline([training(harness.source(program, `${Math.random()}.tar.gz`), more)]));

  test('the last lines of what it wrote, and where the rest is', async () => {
    const result = await train('for i in range(100): print("line", i)\nraise SystemExit("no photos in class rose")');
    expect(result.failure?.message).toMatch(
      /^step "Train": the training job ended with exit code 1:\nline 86\n(.*\n)*no photos in class rose\nEverything it wrote is in .*Train\/log\.txt$/,
    );
    expect(readFileSync(join(result.directory, 'Train/log.txt'), 'utf8')).toContain('line 0\n');
  });

  test('the reason that it wrote down for SageMaker', async () => {
    const result = await train(
      'import os, pathlib\npathlib.Path(os.environ["SM_OUTPUT_DIR"], "failure").write_text("class rose is empty")\nraise SystemExit(3)',
    );
    expect(result.failure?.message).toContain('ended with exit code 3:\nclass rose is empty\n');
  });

  test.each<[string, string, Parameters<typeof training>[1], string]>([
    ['a training without a model', 'print("done")', {}, 'it ended well and left no model in SM_MODEL_DIR'],
    [
      'a number where SageMaker takes text',
      '',
      { hyperparameters: { epochs: 5 } },
      'step "Train": Arguments.HyperParameters.epochs: 5 is not allowed',
    ],
    [
      'a program that is not in the archive',
      '',
      { hyperparameters: { sagemaker_program: '"other.py"' } },
      'hyperparameter sagemaker_program is "other.py", and there is no such file in the source archive',
    ],
    [
      'an archive that is not there',
      '',
      { hyperparameters: { sagemaker_submit_directory: '"s3://code/none.tar.gz"' } },
      'hyperparameter sagemaker_submit_directory is "s3://code/none.tar.gz", and there is no ',
    ],
    [
      'a training that takes too long',
      'import time\ntime.sleep(60)',
      { arguments: { StoppingCondition: { MaxRuntimeInSeconds: 1 } } },
      'it was stopped after 1 s, its MaxRuntimeInSeconds',
    ],
  ])('%s', async (_title, program, more, message) => {
    const failed = await train(program, more).then(
      ({ failure }) => failure,
      (error: Error) => error,
    );
    expect(failed?.message).toContain(message);
  });

  test('a property file without what a condition reads', async () => {
    harness.object(
      's3://code/empty.py',
      'import sys, pathlib; pathlib.Path(sys.argv[1], "evaluation.json").write_text("{}")',
    );
    const evaluate = processing({
      entry: ['python3', '/opt/ml/processing/code/empty.py', '/opt/ml/processing/evaluation'],
      inputs: [input('code', 's3://code/empty.py')],
      outputs: [output('evaluation', 's3://evaluations/x')],
      rest: { PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'evaluation', FilePath: 'evaluation.json' }] },
    });
    const decide = {
      Name: 'Decide',
      Type: 'Condition',
      Arguments: {
        Conditions: [{ Type: 'GreaterThan', LeftValue: accuracy, RightValue: 0.5 }],
        IfSteps: [],
        ElseSteps: [],
      },
    };
    const { failure } = await harness.execute(pipeline([evaluate, decide]));
    expect(failure?.message).toMatch(/^step "Decide": .*evaluation\.json has nothing at "metrics\.accuracy\.value"$/);
  });
});

test('a run that is stopped ends its job, and says so', async () => {
  const program =
    'import os, pathlib, time\nopen(os.environ["SM_MODEL_DIR"] + "/pid", "w").write(str(os.getpid()))\nprint("begun", flush=True)\ntime.sleep(60)';
  const abort = new AbortController();
  const running = harness.execute(
    pipeline([
      training(harness.source(program, 'sleep.tar.gz')),
      { Name: 'After', Type: 'Fail', DependsOn: ['Train'], Arguments: { ErrorMessage: 'not reached' } },
    ]),
    { signal: abort.signal },
  );
  const executions = join(harness.directory, 'executions/Test');
  const pidFile = (): string | undefined =>
    readdirSync(executions)
      .map((name) => join(executions, name, 'Train/ml/model/pid'))
      .find((file) => existsSync(file) && readFileSync(file, 'utf8') !== '');
  while (pidFile() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  const pid = Number(readFileSync(pidFile()!, 'utf8'));
  abort.abort();
  const result = await running;
  expect(result.failure?.message).toBe('stopped');
  expect(result.steps.map(({ state }) => state)).toEqual(['Stopped', 'Skipped']);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a progress bar is shown on a terminal, and is no line of the log', async () => {
  const program =
    'import sys, time\nfor i in range(3):\n    sys.stderr.write(f"\\r{i * 50:3} %|####"); sys.stderr.flush(); time.sleep(0.05)\nsys.stderr.write("\\r         \\r")\nprint("accuracy=1.0;")\nraise SystemExit(1)';
  const source = harness.source(program, 'bar.tar.gz');
  const onTerminal = await harness.execute(pipeline([training(source)]), { tty: true });
  expect(onTerminal.screen).toContain('\r\u001B[2K         50 %|####');
  expect(readFileSync(join(onTerminal.directory, 'Train/log.txt'), 'utf8')).not.toContain('####');
  expect((await harness.execute(pipeline([training(source)]))).screen).not.toContain('####');
});
