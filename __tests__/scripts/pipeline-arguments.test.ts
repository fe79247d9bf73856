import { readPipelineArguments } from '../../scripts/pipeline-arguments';

const definition = {
  Parameters: [
    { Name: 'TrainData', Type: 'String' },
    { Name: 'LearningRate', Type: 'Float' },
  ],
};
const parameters = (...words: string[]): unknown =>
  Object.fromEntries(readPipelineArguments(words).parametersOf(definition));

test('parameters are given by name, or as options of their own', () => {
  expect(parameters('P', '--parameter', 'TrainData=s3://a=b', '--learning-rate', '0.1')).toEqual({
    TrainData: 's3://a=b',
    LearningRate: '0.1',
  });
  expect(parameters('P', '--parameter=TrainData=x', '--learningRate=-1')).toEqual({
    TrainData: 'x',
    LearningRate: '-1',
  });
});

test('the pipeline, switches and functions', () => {
  expect(
    readPipelineArguments(['--dry-run', './p.json', '--function', 'arn:aws:lambda:x:1:function:f=./f.js']),
  ).toMatchObject({
    pipeline: './p.json',
    dryRun: true,
    list: false,
    help: false,
    functions: [['arn:aws:lambda:x:1:function:f', './f.js']],
  });
  expect(readPipelineArguments([])).toMatchObject({ pipeline: undefined });
});

test.each<[string[], string]>([
  [['P', '--parameter', 'TrainData'], '"--parameter TrainData" is not of the form <Name>=<value>'],
  [['P', '--parameter'], '--parameter needs a value'],
  [['P', '--train-data', '--dry-run'], '--train-data needs a value'],
  [['P', '--dry-run=yes'], '--dry-run takes no value'],
  [['P', 'Q'], 'one pipeline at a time, not P, Q'],
  [['P', '-x'], 'unknown option "-x"; --help shows what there is'],
  [
    ['P', '--epochs', '3'],
    '--epochs is not an option, and the pipeline has no such parameter; its parameters are TrainData, LearningRate',
  ],
  [['P', '--train-data', 'a', '--parameter', 'TrainData=b'], 'parameter TrainData is set twice'],
])('%j is refused', (words, message) => {
  expect(() => readPipelineArguments(words).parametersOf(definition)).toThrow(message);
});
