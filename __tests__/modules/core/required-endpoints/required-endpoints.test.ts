import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { requiredEndpoints, type EndpointNeeds } from '@strata/core/rules';
import { ACTION_ENDPOINTS } from '../../../../modules/core/required-endpoints/action-endpoints';

const NOTHING = { gateway: [], interface: [], unknown: [] };

test.each<[EndpointNeeds, object]>([
  [{}, {}],
  [{ ecrImages: false, actions: [] }, {}],
  [{ ecrImages: true }, { gateway: ['s3'], interface: ['ecr.api', 'ecr.dkr'] }],
  [{ cloudWatchLogs: true }, { interface: ['logs'] }],
  [{ secretsManagerSecrets: true }, { interface: ['secretsmanager'] }],
  [{ ssmParameters: true }, { interface: ['ssm'] }],
  [{ ecsExec: true }, { interface: ['ssmmessages'] }],
])('%j needs %j', (needs, expected) => {
  expect(requiredEndpoints(needs)).toEqual({ ...NOTHING, ...expected });
});

test.each<[string, object]>([
  ['sagemaker:InvokeEndpoint', { interface: ['sagemaker.runtime'] }],
  ['sagemaker:InvokeEndpointAsync', { interface: ['sagemaker.runtime'] }],
  ['SageMaker:invokeendpoint', { interface: ['sagemaker.runtime'] }],
  ['sagemaker:DescribeEndpoint', { interface: ['sagemaker.api'] }],
  ['sagemaker:PutRecord', { interface: ['sagemaker.featurestore-runtime'] }],
  ['sagemaker:Invoke*', { interface: ['sagemaker.api', 'sagemaker.runtime'] }],
  [
    'sagemaker:*',
    { interface: ['sagemaker.api', 'sagemaker.featurestore-runtime', 'sagemaker.metrics', 'sagemaker.runtime'] },
  ],
  ['s3:GetObject', { gateway: ['s3'] }],
  ['s3:*', { gateway: ['s3'] }],
  ['dynamodb:PutItem', { gateway: ['dynamodb'] }],
  ['dynamodb:GetRecords', { interface: ['dynamodb-streams'] }],
  ['bedrock:InvokeModelWithResponseStream', { interface: ['bedrock-runtime'] }],
  ['bedrock:InvokeAgent', { interface: ['bedrock-agent-runtime'] }],
  ['bedrock:GetKnowledgeBase', { interface: ['bedrock-agent'] }],
  ['bedrock:ListFoundationModels', { interface: ['bedrock'] }],
  ['ecr:BatchGetImage', { gateway: ['s3'], interface: ['ecr.api', 'ecr.dkr'] }],
  ['ecr:DescribeImages', { interface: ['ecr.api'] }],
  ['kms:Decrypt', { interface: ['kms'] }],
  ['sqs:SendMessage', { interface: ['sqs'] }],
  ['sns:Publish', { interface: ['sns'] }],
  ['xray:PutTraceSegments', { interface: ['xray'] }],
  ['sts:AssumeRole', { interface: ['sts'] }],
  ['events:PutEvents', { interface: ['events'] }],
  ['kinesis:PutRecord', { interface: ['kinesis-streams'] }],
  ['firehose:PutRecord', { interface: ['kinesis-firehose'] }],
  ['cloudwatch:PutMetricData', { interface: ['monitoring'] }],
  ['states:StartExecution', { interface: ['states'] }],
  ['states:StartSyncExecution', { interface: ['sync-states'] }],
  ['ses:SendEmail', { interface: ['email'] }],
  ['lambda:InvokeFunction', { interface: ['lambda'] }],
  ['rds-db:connect', {}],
  ['iam:PassRole', {}],
  ['elasticfilesystem:ClientMount', {}],
])('action %s needs %j', (action, expected) => {
  expect(requiredEndpoints({ actions: [action] })).toEqual({ ...NOTHING, ...expected });
});

test.each(['iam:ListRoles', 'route53:ChangeResourceRecordSets', 'gamelift:*', '*', 's*:Get*', 'GetObject', 's3'])(
  'no endpoint is known for %s',
  (action) => {
    expect(requiredEndpoints({ actions: [action] })).toEqual({ ...NOTHING, unknown: [action] });
  },
);

test('the needs of several services are put together, sorted, each once', () => {
  expect(
    requiredEndpoints(
      { ecrImages: true, cloudWatchLogs: true, actions: ['sqs:*', 'gamelift:*'] },
      { ecrImages: true, ecsExec: true, actions: ['s3:GetObject', 'dynamodb:GetItem', 'gamelift:*'] },
    ),
  ).toEqual({
    gateway: ['dynamodb', 's3'],
    interface: ['ecr.api', 'ecr.dkr', 'logs', 'sqs', 'ssmmessages'],
    unknown: ['gamelift:*'],
  });
  expect(requiredEndpoints()).toEqual(NOTHING);
});

test('every row of the table is reached by its own actions', () => {
  for (const row of ACTION_ENDPOINTS) {
    for (const action of row.actions) {
      const endpoints = requiredEndpoints({ actions: [action] });
      expect({ action, found: endpoints.interface }).toEqual({
        action,
        found: expect.arrayContaining([...(row.interface ?? [])]),
      });
      expect({ action, found: endpoints.gateway }).toEqual({
        action,
        found: expect.arrayContaining([...(row.gateway ?? [])]),
      });
    }
  }
});

test('a pattern with many wildcards is compared in no time', () => {
  const started = Date.now();
  requiredEndpoints({ actions: [`bedrock:${'*a'.repeat(40)}`, `s3:${'*'.repeat(60)}x`] });
  expect(Date.now() - started).toBeLessThan(1000);
});

test('loads neither cdktf nor constructs', () => {
  const script = `
    const Module = require('node:module');
    const load = Module._load;
    Module._load = function (request, ...rest) {
      if (/cdktf|constructs/.test(request)) { console.log(request); process.exit(3); }
      return load.call(this, request, ...rest);
    };
    require('tsx/cjs');
    const { requiredEndpoints } = require('./modules/core/required-endpoints/required-endpoints.ts');
    console.log(requiredEndpoints({ ecsExec: true }).interface.join());
  `;
  const result = spawnSync(process.execPath, ['-e', script], {
    cwd: path.resolve(__dirname, '../../../..'),
    encoding: 'utf8',
  });
  expect({ status: result.status, stdout: result.stdout.trim() }).toEqual({ status: 0, stdout: 'ssmmessages' });
});
