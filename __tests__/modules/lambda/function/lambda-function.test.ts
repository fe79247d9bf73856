import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LambdaFunction, type LambdaFunctionProps } from '@strata/lambda';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { unzipSync } from 'fflate';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const folder = mkdtempSync(path.join(tmpdir(), 'strata-function-'));
const code = path.join(folder, 'code');
beforeAll(() => {
  mkdirSync(path.join(code, 'lib'), { recursive: true });
  writeFileSync(path.join(code, 'index.js'), 'exports.handler = async () => "ok";\n');
  writeFileSync(path.join(code, 'lib', 'more.js'), '');
  mkdirSync(path.join(folder, 'empty'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base: LambdaFunctionProps = { functionName: 'shop-resize', codeDirectory: code };
const withProps = (props: Partial<LambdaFunctionProps> = {}, more?: (made: LambdaFunction, scope: Construct) => void) =>
  synthResources((scope) => {
    const made = new LambdaFunction(scope, 'resize', { ...base, ...props });
    more?.(made, scope);
  });
interface Statement {
  readonly Sid: string;
  readonly Action: string[];
  readonly Resource: string[];
}
const statementsOf = (props: Partial<LambdaFunctionProps>) =>
  parseTerraformJson<{ Statement: Statement[] }>(withProps(props).one('aws_iam_role_policy').policy).Statement;
const sids = (props: Partial<LambdaFunctionProps>) => statementsOf(props).map(({ Sid }) => Sid);

test('the default runs Node.js 22 on arm64, writes JSON logs that end, and may do nothing else', () => {
  const found = withProps();
  expect(found.one('aws_lambda_function')).toEqual({
    function_name: 'shop-resize',
    role: expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/),
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    memory_size: 256,
    timeout: 30,
    filename: expect.stringMatching(/^assets\/.*\/code\.zip$/),
    source_code_hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    logging_config: { log_format: 'JSON', log_group: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\./) },
    tracing_config: { mode: 'PassThrough' },
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
  });
  expect(found.one('aws_cloudwatch_log_group')).toEqual({ name: '/aws/lambda/shop-resize', retention_in_days: 30 });
  expect(found.one('aws_iam_role')).toMatchObject({ name: 'shop-resize-role' });
  expect(found.document('aws_iam_role', 'assume_role_policy').Statement).toMatchObject([
    { Principal: { Service: 'lambda.amazonaws.com' } },
  ]);
  expect(statementsOf({})).toEqual([
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [expect.stringMatching(/^<aws_cloudwatch_log_group\..*\.arn>:\*$/)],
    },
  ]);
  expect(found.types).toEqual([
    'aws_cloudwatch_log_group',
    'aws_iam_role',
    'aws_iam_role_policy',
    'aws_lambda_function',
  ]);
});

test('the same files give the same code whatever their times; another file, or a file of another name, other code', () => {
  const hash = () => withProps().one('aws_lambda_function').source_code_hash;
  const first = hash();
  utimesSync(path.join(code, 'index.js'), new Date(0), new Date(0));
  expect(hash()).toBe(first);
  writeFileSync(path.join(code, 'new.js'), '');
  const second = hash();
  expect(second).not.toBe(first);
  rmSync(path.join(code, 'new.js'));
  writeFileSync(path.join(code, 'other.js'), '');
  expect([first, second]).not.toContain(hash());
  rmSync(path.join(code, 'other.js'));
  expect(hash()).toBe(first);
});

test('a zip is kept for the next synth, and is what Terraform uploads', () => {
  const outdir = path.join(folder, 'out');
  const synth = () => {
    const app = new App({ outdir, skipValidation: true });
    const stack = new TerraformStack(app, 'shop');
    const made = new LambdaFunction(stack, 'resize', base);
    app.synth();
    return {
      uploaded: readFileSync(path.join(outdir, 'stacks', 'shop', made.asset!.path)),
      hash: made.resource.sourceCodeHashInput,
    };
  };
  const first = synth();
  expect(createHash('sha256').update(first.uploaded).digest('base64')).toBe(first.hash);
  const files = unzipSync(first.uploaded);
  expect(Object.keys(files)).toEqual(['index.js', 'lib/more.js']);
  expect(Buffer.from(files['index.js']!).toString()).toBe(readFileSync(path.join(code, 'index.js'), 'utf8'));
  const [kept] = readdirSync(path.join(outdir, 'code-archives'));
  const zip = path.join(outdir, 'code-archives', kept!, 'code.zip');
  const { mtimeMs } = statSync(zip);
  expect(synth()).toEqual(first);
  expect(statSync(zip).mtimeMs).toBe(mtimeMs);
});

test('code may be in S3', () => {
  const found = withProps({
    codeDirectory: undefined,
    codeS3Bucket: 'b',
    codeS3Key: 'k.zip',
    codeS3ObjectVersion: '7',
  }).one('aws_lambda_function');
  expect(found).toMatchObject({ s3_bucket: 'b', s3_key: 'k.zip', s3_object_version: '7' });
  expect(found.filename).toBeUndefined();
  expect(found.source_code_hash).toBeUndefined();
});

test('every setting of the function', () => {
  const found = withProps({
    description: 'Makes photos smaller',
    runtime: 'python3.13',
    handler: 'app.main',
    architecture: 'x86_64',
    layerArns: ['arn:layer'],
    memoryMiB: 1024,
    timeoutSeconds: 900,
    ephemeralStorageMiB: 1024,
    reservedConcurrentExecutions: 2,
    environment: { BUCKET: 'b' },
    tracing: 'Active',
    logFormat: 'Text',
    logGroupName: '/shop/resize',
    logRetentionDays: 7,
    logKmsKeyArn: 'arn:aws:kms:r:1:key/l',
    kmsKeyArn: 'arn:aws:kms:r:1:key/e',
    roleName: 'resizer',
    permissionsBoundaryArn: 'arn:boundary',
    tags: { team: 'x' },
  });
  expect(found.one('aws_lambda_function')).toMatchObject({
    description: 'Makes photos smaller',
    runtime: 'python3.13',
    handler: 'app.main',
    architectures: ['x86_64'],
    layers: ['arn:layer'],
    memory_size: 1024,
    timeout: 900,
    ephemeral_storage: { size: 1024 },
    reserved_concurrent_executions: 2,
    environment: { variables: { BUCKET: 'b' } },
    tracing_config: { mode: 'Active' },
    logging_config: { log_format: 'Text' },
    kms_key_arn: 'arn:aws:kms:r:1:key/e',
    tags: { team: 'x' },
  });
  expect(found.one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/shop/resize',
    retention_in_days: 7,
    kms_key_id: 'arn:aws:kms:r:1:key/l',
    tags: { team: 'x' },
  });
  expect(found.one('aws_iam_role')).toMatchObject({
    name: 'resizer',
    permissions_boundary: 'arn:boundary',
    tags: { team: 'x' },
  });
});

test('the role gets what each option needs, and what it is told', () => {
  expect(
    sids({ kmsKeyArn: 'arn:aws:kms:r:1:key/e', tracing: 'Active', subnetIds: ['s'], securityGroupIds: ['g'] }),
  ).toEqual(['WriteLogs', 'ConnectToVpc', 'DecryptEnvironment', 'Trace']);
  const [, own] = statementsOf({
    roleStatements: [{ sid: 'Read', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }],
  });
  expect(own).toEqual({ Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'] });
  expect(withProps({ subnetIds: ['s'], securityGroupIds: ['g'] }).one('aws_lambda_function').vpc_config).toEqual({
    subnet_ids: ['s'],
    security_group_ids: ['g'],
  });
});

test('asynchronous invocations: attempts, age, and where failures go', () => {
  const queue = 'arn:aws:sqs:r:111122223333:q';
  const found = withProps({
    maximumRetryAttempts: 0,
    maximumEventAgeSeconds: 60,
    deadLetter: { sqsQueueArn: queue },
    onFailure: { snsTopicArn: 'arn:aws:sns:r:1:t' },
    onSuccess: { eventBusArn: 'arn:aws:events:r:1:b' },
  });
  expect(found.one('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 0,
    maximum_event_age_in_seconds: 60,
    destination_config: {
      on_failure: { destination: 'arn:aws:sns:r:1:t' },
      on_success: { destination: 'arn:aws:events:r:1:b' },
    },
  });
  expect(found.one('aws_lambda_function').dead_letter_config).toEqual({ target_arn: queue });
  expect(parseTerraformJson(found.one('aws_iam_role_policy').policy).Statement).toMatchObject([
    { Sid: 'WriteLogs' },
    { Sid: 'DeadLetter', Action: ['sqs:SendMessage'], Resource: [queue] },
    { Sid: 'OnFailure', Action: ['sns:Publish'] },
    { Sid: 'OnSuccess', Action: ['events:PutEvents'] },
  ]);
  expect(withProps({ maximumRetryAttempts: 1 }).one('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 1,
    maximum_event_age_in_seconds: 21600,
  });
  expect(sids({ onFailure: { functionArn: 'arn:aws:lambda:r:1:function:f' } })).toContain('OnFailure');
});

test('a rule on events invokes it, and only that rule may', () => {
  const found = withProps({
    eventTriggers: [
      {
        name: 'approved',
        description: 'd',
        eventPattern: { source: ['aws.sagemaker'] },
        maximumRetryAttempts: 3,
        deadLetterQueueArn: 'arn:aws:sqs:r:1:q',
      },
    ],
  });
  expect(found.one('aws_cloudwatch_event_rule')).toMatchObject({
    name: 'shop-resize-approved',
    description: 'd',
    event_pattern: '{"source":["aws.sagemaker"]}',
    state: 'ENABLED',
  });
  expect(found.one('aws_lambda_permission')).toMatchObject({
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    statement_id: 'approved',
    source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..*\.arn\}$/),
  });
  expect(found.one('aws_cloudwatch_event_target')).toMatchObject({
    target_id: 'approved',
    arn: expect.stringMatching(/^\$\{aws_lambda_function\..*\.arn\}$/),
    retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 86400 },
    dead_letter_config: { arn: 'arn:aws:sqs:r:1:q' },
    depends_on: [expect.stringMatching(/^aws_lambda_permission\./)],
  });
});

test('a schedule invokes it, with an input of its own', () => {
  const found = withProps({
    eventTriggers: [
      {
        name: 'hourly',
        ruleName: 'each-hour',
        scheduleExpression: 'rate(1 hour)',
        input: { kind: 'tidy' },
        enabled: false,
      },
    ],
  });
  expect(found.one('aws_cloudwatch_event_rule')).toMatchObject({
    name: 'each-hour',
    schedule_expression: 'rate(1 hour)',
    state: 'DISABLED',
  });
  expect(found.one('aws_cloudwatch_event_target')).toMatchObject({ input: '{"kind":"tidy"}' });
  expect(found.one('aws_cloudwatch_event_target').retry_policy).toBeUndefined();
});

test('others may be let in by name, a service only for an account or a resource', () => {
  const found = withProps({}, (made) => made.allowInvoke('partner', { principal: '111122223333' }));
  expect(found.one('aws_lambda_permission')).toMatchObject({ principal: '111122223333', statement_id: 'partner' });
  expect(() => withProps({}, (made) => made.allowInvoke('s3', { principal: 's3.amazonaws.com' }))).toThrow(
    'principal: "s3.amazonaws.com" could act for any account; set sourceArn or sourceAccount',
  );
  expect(() =>
    withProps({}, (made) => {
      made.allowInvoke('p', { principal: '111122223333' });
      made.allowInvoke('p', { principal: '111122223333' });
    }),
  ).toThrow('name: "p" is already used; give each permission its own name');
});

test('alarms on errors, throttles and duration, told to a topic; each can be turned off', () => {
  const found = withProps({ timeoutSeconds: 600, alarms: { topicArn: 'arn:aws:sns:r:1:t' } });
  expect(
    found
      .all('aws_cloudwatch_metric_alarm')
      .map(({ alarm_name, metric_name, threshold, alarm_actions, ok_actions }) => [
        alarm_name,
        metric_name,
        threshold,
        alarm_actions,
        ok_actions,
      ]),
  ).toEqual([
    ['shop-resize-duration', 'Duration', 540_000, ['arn:aws:sns:r:1:t'], ['arn:aws:sns:r:1:t']],
    ['shop-resize-errors', 'Errors', 0, ['arn:aws:sns:r:1:t'], ['arn:aws:sns:r:1:t']],
    ['shop-resize-throttles', 'Throttles', 0, ['arn:aws:sns:r:1:t'], ['arn:aws:sns:r:1:t']],
  ]);
  expect(
    withProps({
      alarms: { maxErrors: 5, maxThrottles: false, durationHighPercent: false, notifyOnRecovery: false },
    }).one('aws_cloudwatch_metric_alarm'),
  ).toMatchObject({
    metric_name: 'Errors',
    threshold: 5,
    treat_missing_data: 'notBreaching',
  });
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    const make = () =>
      new LambdaFunction(scope, 'f', {
        functionName: text,
        codeS3Bucket: text,
        codeS3Key: text,
        description: text,
        runtime: text,
        handler: text,
        memoryMiB: number,
        timeoutSeconds: number,
        environment: { NAME: text },
        kmsKeyArn: text,
        subnetIds: [text],
        securityGroupIds: [text],
        onFailure: { sqsQueueArn: text },
        logGroupName: text,
        eventTriggers: [{ name: 'a', ruleName: text, scheduleExpression: text }],
      });
    expect(make).not.toThrow();
  });
});

test.each<[string, Partial<LambdaFunctionProps>, string]>([
  [
    'a name',
    { functionName: 'a b' },
    'functionName: "a b" is not a function name; allowed are letters, digits, hyphens and underscores',
  ],
  ['a long name', { functionName: 'x'.repeat(65) }, 'functionName: "xxx'],
  [
    'no code',
    { codeDirectory: undefined },
    'codeDirectory: there is no code; set a folder, or codeS3Bucket and codeS3Key',
  ],
  [
    'code twice',
    { codeS3Bucket: 'b', codeS3Key: 'k' },
    'codeDirectory: set together with codeS3Bucket or codeS3Key; leave one of them out',
  ],
  [
    'a missing folder',
    { codeDirectory: '/nowhere' },
    'codeDirectory: "/nowhere" is not a folder with files; build the code first, or set another folder',
  ],
  ['a handler', { handler: 'main.handler' }, 'handler: "main.handler" names a file that is not in "'],
  ['a handler without a dot', { handler: 'index' }, 'handler: "index" names a file that is not in "'],
  [
    'a runtime',
    { runtime: 'node22' },
    'runtime: "node22" is not a Lambda runtime; use one such as nodejs22.x or python3.13',
  ],
  ['an architecture', { architecture: 'arm' as never }, 'architecture: "arm" is not allowed; use one of arm64, x86_64'],
  ['memory', { memoryMiB: 64 }, 'memoryMiB: 64 is out of range; use a whole number from 128 to 10240 MiB'],
  [
    'a timeout',
    { timeoutSeconds: 901 },
    'timeoutSeconds: 901 is out of range; use a whole number from 1 to 900 seconds',
  ],
  ['storage', { ephemeralStorageMiB: 511 }, 'ephemeralStorageMiB: 511 is out of range'],
  ['concurrency', { reservedConcurrentExecutions: -1 }, 'reservedConcurrentExecutions: -1 is out of range'],
  [
    'a description',
    { description: 'd'.repeat(257) },
    'description: has 257 characters, Lambda takes at most 256; shorten it',
  ],
  [
    'layers',
    { layerArns: ['1', '2', '3', '4', '5', '6'] },
    'layerArns: 6 layers are more than the 5 that Lambda allows; merge some',
  ],
  [
    'a VPC without groups',
    { subnetIds: ['s'] },
    'subnetIds: 1 subnets and 0 securityGroupIds are set; set at least one of each, or neither for no VPC',
  ],
  [
    'a reserved variable',
    { environment: { AWS_REGION: 'x' } },
    'environment.AWS_REGION: Lambda sets this variable itself; choose another name',
  ],
  [
    'a variable',
    { environment: { 'a-b': 'x' } },
    'environment: "a-b" is not the name of a variable; use 2 or more letters, digits and underscores, starting with a letter',
  ],
  [
    'a large environment',
    { environment: { AB: 'x'.repeat(4096) } },
    'environment: 4098 bytes are more than the 4096 that Lambda allows',
  ],
  [
    'a retention',
    { logRetentionDays: 8 },
    'logRetentionDays: 8 is not a CloudWatch Logs retention period; the nearest is 7',
  ],
  ['a log format', { logFormat: 'json' as never }, 'logFormat: "json" is not allowed; use one of JSON, Text'],
  ['tracing', { tracing: 'On' as never }, 'tracing: "On" is not allowed; use one of Active, PassThrough'],
  ['attempts', { maximumRetryAttempts: 3 }, 'maximumRetryAttempts: 3 is out of range; use a whole number from 0 to 2'],
  [
    'an age',
    { maximumEventAgeSeconds: 59 },
    'maximumEventAgeSeconds: 59 is out of range; use a whole number from 60 to 21600 seconds',
  ],
  [
    'two destinations',
    { deadLetter: { sqsQueueArn: 'arn:aws:sqs:r:1:q', snsTopicArn: 'arn:aws:sns:r:1:t' } },
    'deadLetter: 2 of sqsQueueArn, snsTopicArn are set; set exactly one',
  ],
  [
    'a wrong destination',
    { onFailure: { sqsQueueArn: 'arn:aws:sns:r:1:t' } },
    'onFailure.sqsQueueArn: "arn:aws:sns:r:1:t" is not an ARN of sqs',
  ],
  [
    'a statement',
    { roleStatements: [{ actions: ['s3:*'], resources: ['*'] }] },
    's3:*" allows every action of the service',
  ],
  [
    'a trigger of nothing',
    { eventTriggers: [{ name: 'a' }] },
    'eventTriggers[0]: neither of eventPattern and scheduleExpression is given; give one',
  ],
  [
    'a trigger of both',
    { eventTriggers: [{ name: 'a', eventPattern: { a: [] }, scheduleExpression: 'rate(1 hour)' }] },
    'eventTriggers[0]: both of eventPattern and scheduleExpression are given; give one',
  ],
  [
    'every event',
    { eventTriggers: [{ name: 'a', eventPattern: {} }] },
    'eventTriggers[0].eventPattern: {} matches every event; name at least the source',
  ],
  [
    'a schedule',
    { eventTriggers: [{ name: 'a', scheduleExpression: 'rate(1 hours)' }] },
    'eventTriggers[0].scheduleExpression: "rate(1 hours)" is not a schedule; write rate(5 minutes) or cron(0 8 * * ? *)',
  ],
  [
    'two triggers of a name',
    {
      eventTriggers: [
        { name: 'a', scheduleExpression: 'rate(1 hour)' },
        { name: 'a', scheduleExpression: 'rate(2 hours)' },
      ],
    },
    'eventTriggers[1].name: "a" is used twice; give each trigger its own name',
  ],
  [
    'attempts of a trigger',
    { eventTriggers: [{ name: 'a', scheduleExpression: 'rate(1 hour)', maximumRetryAttempts: 186 }] },
    'eventTriggers[0].maximumRetryAttempts: 186 is out of range',
  ],
  [
    'a queue of a trigger',
    { eventTriggers: [{ name: 'a', scheduleExpression: 'rate(1 hour)', deadLetterQueueArn: 'arn:aws:sns:r:1:t' }] },
    'eventTriggers[0].deadLetterQueueArn: "arn:aws:sns:r:1:t" is not the ARN of an SQS queue',
  ],
  ['an alarm', { alarms: { durationHighPercent: 100 } }, 'durationHighPercent: 100 is never or always exceeded'],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('refuses an empty folder', () => {
  expect(() => withProps({ codeDirectory: path.join(folder, 'empty') })).toThrow('is not a folder with files');
});
