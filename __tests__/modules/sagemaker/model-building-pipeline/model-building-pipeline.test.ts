import { ModelBuildingPipeline, type ModelBuildingPipelineProps } from '@strata/sagemaker';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const definition = {
  Version: '2020-12-01',
  Parameters: [{ Name: 'Epoch', Type: 'Integer', DefaultValue: 10 }],
  Steps: [{ Name: 'Train', Type: 'Training' }],
};
const base: ModelBuildingPipelineProps = {
  pipelineName: 'ShopTrain',
  definition,
  roleArn: 'arn:aws:iam::111122223333:role/pipeline',
};
const made = (props: Partial<ModelBuildingPipelineProps> = {}) =>
  synthResources((scope) => {
    const pipeline = new ModelBuildingPipeline(scope, 'train', { ...base, ...props });
    new TerraformOutput(scope, 'name', { value: pipeline.pipelineName });
    new TerraformOutput(scope, 'arn', { value: pipeline.pipelineArn });
  });

test('a pipeline is its definition, as text, and costs nothing', () => {
  const found = made();
  expect(found.types).toEqual(['aws_sagemaker_pipeline']);
  expect(found.one('aws_sagemaker_pipeline')).toEqual({
    pipeline_name: 'ShopTrain',
    pipeline_display_name: 'ShopTrain',
    pipeline_definition: JSON.stringify(definition),
    role_arn: 'arn:aws:iam::111122223333:role/pipeline',
  });
  expect(found.outputs).toEqual({
    name: expect.stringMatching(/pipeline_name\}$/),
    arn: expect.stringMatching(/\.arn\}$/),
  });
});

test('values that only Terraform knows may stand in the definition, beside braces and quotes', () => {
  const { outputs } = synthResources((scope) => {
    const bucket = new TerraformVariable(scope, 'bucket', { type: 'string' }).stringValue;
    const pipeline = new ModelBuildingPipeline(scope, 'train', {
      ...base,
      definition: {
        ...definition,
        Steps: [{ Name: 'Train', Arguments: { Uri: `s3://${bucket}/models`, Say: '{"a":"b"}\n' } }],
      } as never,
    });
    new TerraformOutput(scope, 'definition', { value: pipeline.resource.pipelineDefinitionInput });
  });
  const { Steps } = parseTerraformJson<{ Steps: unknown[] }>(outputs.definition);
  expect(Steps).toEqual([{ Name: 'Train', Arguments: { Uri: 's3://<var.bucket>/models', Say: '{"a":"b"}\n' } }]);
});

test('a definition may be in S3', () => {
  expect(
    made({ definition: undefined, definitionS3Bucket: 'b', definitionS3Key: 'k', definitionS3VersionId: '7' }).one(
      'aws_sagemaker_pipeline',
    ),
  ).toMatchObject({
    pipeline_definition_s3_location: { bucket: 'b', object_key: 'k', version_id: '7' },
  });
});

test('display name, description, parallel steps, tags', () => {
  expect(
    made({ displayName: 'Train', description: 'Trains', maxParallelExecutionSteps: 2, tags: { team: 'ml' } }).one(
      'aws_sagemaker_pipeline',
    ),
  ).toMatchObject({
    pipeline_display_name: 'Train',
    pipeline_description: 'Trains',
    parallelism_configuration: { max_parallel_execution_steps: 2 },
    tags: { team: 'ml' },
  });
});

test('a schedule starts it, by a role that may do only that', () => {
  const found = made({
    permissionsBoundaryArn: 'arn:boundary',
    schedules: [
      {
        name: 'weekly',
        scheduleExpression: 'cron(0 3 ? * SUN *)',
        timezone: 'Asia/Seoul',
        parameters: { Epoch: '20' },
        flexibleWindowMinutes: 30,
      },
    ],
  });
  expect(found.one('aws_scheduler_schedule')).toMatchObject({
    name: 'ShopTrain-weekly',
    schedule_expression: 'cron(0 3 ? * SUN *)',
    schedule_expression_timezone: 'Asia/Seoul',
    state: 'ENABLED',
    flexible_time_window: { mode: 'FLEXIBLE', maximum_window_in_minutes: 30 },
    target: {
      arn: expect.stringMatching(/^\$\{aws_sagemaker_pipeline\..*\.arn\}$/),
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\./),
      sagemaker_pipeline_parameters: { pipeline_parameter: [{ name: 'Epoch', value: '20' }] },
    },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
  });
  expect(found.one('aws_iam_role')).toMatchObject({ name: 'ShopTrain-schedule', permissions_boundary: 'arn:boundary' });
  expect(parseTerraformJson(found.one('aws_iam_role').assume_role_policy)).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': expect.any(String) },
          ArnLike: { 'aws:SourceArn': expect.stringMatching(/:schedule-group\/default$/) },
        },
      },
    ],
  });
  expect(parseTerraformJson(found.one('aws_iam_role_policy').policy)).toMatchObject({
    Statement: [
      {
        Action: ['sagemaker:StartPipelineExecution'],
        Resource: [expect.stringMatching(/^<aws_sagemaker_pipeline\..*\.arn>$/)],
      },
    ],
  });
});

test("a schedule without more is at its time, in UTC, with the pipeline's defaults; it may sleep", () => {
  const schedule = (props = {}) =>
    made({ schedules: [{ name: 'daily', scheduleExpression: 'rate(1 day)', ...props }] }).one('aws_scheduler_schedule');
  expect(schedule()).toMatchObject({ schedule_expression_timezone: 'UTC', flexible_time_window: { mode: 'OFF' } });
  expect((schedule().target as Record<string, unknown>).sagemaker_pipeline_parameters).toBeUndefined();
  expect(schedule({ enabled: false }).state).toBe('DISABLED');
  const long = { pipelineName: 'P'.repeat(100), schedules: [{ name: 'daily', scheduleExpression: 'rate(1 day)' }] };
  expect(made(long).one('aws_scheduler_schedule').name).toBe(`${'P'.repeat(58)}-daily`);
  expect(
    made({
      pipelineName: 'P'.repeat(100),
      schedules: [{ name: 'd', scheduleExpression: 'at(2027-01-01T00:00:00)' }],
    }).one('aws_iam_role').name,
  ).toHaveLength(64);
  expect(
    made({ scheduleRoleName: 'mine', schedules: [{ name: 'd', scheduleExpression: 'rate(2 hours)' }] }).one(
      'aws_iam_role',
    ).name,
  ).toBe('mine');
});

const schedule = { name: 'a', scheduleExpression: 'rate(1 day)' };

test.each<[Partial<ModelBuildingPipelineProps>, string]>([
  [
    { pipelineName: 'a_b' },
    'pipelineName: "a_b" is not a pipeline name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [{ displayName: '-a' }, 'displayName: "-a" is not a display name'],
  [{ description: '' }, 'description: has 0 characters; use 1 to 3072'],
  [{ maxParallelExecutionSteps: 0 }, 'maxParallelExecutionSteps: 0 is out of range'],
  [{ definition: undefined }, 'definition: is missing; give it, or definitionS3Bucket and definitionS3Key'],
  [
    { definition: undefined, definitionS3Bucket: 'b' },
    'definitionS3Bucket and definitionS3Key: only one is given; give both',
  ],
  [
    { definitionS3Bucket: 'b', definitionS3Key: 'k' },
    'definition: given together with definitionS3Bucket and definitionS3Key; leave one out',
  ],
  [
    { definition: { ...definition, Version: '2021' } },
    'definition.Version: "2021" is not allowed; use one of 2020-12-01',
  ],
  [{ definition: { ...definition, Steps: [] } }, 'definition.Steps: there is no step; a pipeline needs at least one'],
  [{ schedules: [{ ...schedule, name: 'a b' }] }, 'schedules[0].name: "a b" is not a schedule name'],
  [{ schedules: [schedule, schedule] }, 'schedules[1].name: "a" is used twice; give each schedule its own name'],
  [
    { schedules: [{ ...schedule, scheduleExpression: 'daily' }] },
    'schedules[0].scheduleExpression: "daily" is not a schedule; write cron(0 3 ? * SUN *), rate(7 days) or at(2026-12-31T08:00:00)',
  ],
  [
    { schedules: [{ ...schedule, timezone: 'Seoul' }] },
    'schedules[0].timezone: "Seoul" is not a time zone; use a name of the IANA database, such as "Asia/Seoul"',
  ],
  [
    { schedules: [{ ...schedule, flexibleWindowMinutes: 1441 }] },
    'schedules[0].flexibleWindowMinutes: 1441 is out of range; use a whole number from 1 to 1440 minutes',
  ],
  [
    { schedules: [{ ...schedule, parameters: { Epochs: '1' } }] },
    'schedules[0].parameters: "Epochs" is not allowed; use one of Epoch; did you mean "Epoch"?',
  ],
])('refuses %j', (props, message) => {
  expect(() => made(props)).toThrow(message);
});

test('refuses a definition that is too long for a request', () => {
  expect(() => made({ definition: { ...definition, Steps: [{ Text: 'x'.repeat(1_048_576) }] } })).toThrow(
    /definition: has 10\d{5} characters, SageMaker takes at most 1048576 in a request; put it in S3 and give definitionS3Bucket and definitionS3Key/,
  );
});
