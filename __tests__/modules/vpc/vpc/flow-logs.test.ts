import { FlowLogs, type FlowLogsProps } from '@strata/vpc';
import { errorOf, synth } from './synth';

const props: FlowLogsProps = { vpcId: 'vpc-0f1e2d3c4b5a69788', name: 'app-vpc' };
const made = (more?: Partial<FlowLogsProps>) =>
  synth((scope) => new FlowLogs(scope, 'flow-logs', { ...props, ...more }));
const refused = (more: Partial<FlowLogsProps>) =>
  errorOf((scope) => new FlowLogs(scope, 'flow-logs', { ...props, ...more }));
const BUCKET = 'arn:aws:s3:::company-logs/vpc/';

test('go to a log group of their own, all traffic, kept a month', () => {
  const logs = made();
  expect(logs.one('aws_cloudwatch_log_group')).toMatchObject({ name: '/vpc/app-vpc/flow-logs', retention_in_days: 30 });
  expect(logs.one('aws_flow_log')).toMatchObject({
    vpc_id: 'vpc-0f1e2d3c4b5a69788',
    traffic_type: 'ALL',
    max_aggregation_interval: 600,
    log_destination_type: 'cloud-watch-logs',
    log_destination: expect.stringMatching(/aws_cloudwatch_log_group\..*\.arn/),
    iam_role_arn: expect.stringMatching(/aws_iam_role\..*\.arn/),
    tags: { Name: 'app-vpc' },
  });
});

test('the role writes to that log group and nowhere else, for flow logs of this account only', () => {
  const logs = made();
  const [statement, anywhere] = JSON.parse(logs.one('aws_iam_role_policy').policy as string).Statement;
  expect(statement.Resource).toEqual([
    expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[^}]*\.arn\}$/),
    expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.[^}]*\.arn\}:\*$/),
  ]);
  expect(statement.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams']);
  expect(anywhere).toEqual({ Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' });
  const [trust] = JSON.parse(logs.one('aws_iam_role').assume_role_policy as string).Statement;
  expect(trust.Principal).toEqual({ Service: 'vpc-flow-logs.amazonaws.com' });
  expect(trust.Condition.StringEquals['aws:SourceAccount']).toContain('aws_caller_identity');
  expect(trust.Condition.ArnLike['aws:SourceArn']).toMatch(/:vpc-flow-log\/\*$/);
});

test("the role's name prefix keeps to 38 characters", () => {
  const { name_prefix } = made({ name: 'a-very-long-name-for-a-vpc of mine' }).one('aws_iam_role');
  expect(name_prefix).toBe('a-very-long-name-for-a-vpc--flow-logs-');
  expect(String(name_prefix)).toHaveLength(38);
});

test('go to S3 when told, without a log group or a role', () => {
  const logs = made({ destination: 's3', bucketArn: BUCKET });
  expect(logs.one('aws_flow_log')).toMatchObject({ log_destination_type: 's3', log_destination: BUCKET });
  expect(logs.one('aws_flow_log').iam_role_arn).toBeUndefined();
  expect([...logs.resources('aws_cloudwatch_log_group'), ...logs.resources('aws_iam_role')]).toEqual([]);
});

test('retention, log group, key, traffic and interval can be chosen', () => {
  const logs = made({
    retentionDays: 7,
    logGroupName: '/shop/dev/flow',
    kmsKeyArn: 'arn:aws:kms:x:1:key/1',
    trafficType: 'REJECT',
    maxAggregationIntervalSeconds: 60,
    tags: { team: 'network' },
  });
  expect(logs.one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/shop/dev/flow',
    retention_in_days: 7,
    kms_key_id: 'arn:aws:kms:x:1:key/1',
    tags: { team: 'network' },
  });
  expect(logs.one('aws_flow_log')).toMatchObject({
    traffic_type: 'REJECT',
    max_aggregation_interval: 60,
    tags: { team: 'network', Name: 'app-vpc' },
  });
});

test.each<[Partial<FlowLogsProps>, string]>([
  [
    { retentionDays: 8 },
    'retentionDays: 8 is not a CloudWatch Logs retention period; the nearest is 7; allowed are 1, 3, 5, 7, 14',
  ],
  [{ retentionDays: 360 }, 'retentionDays: 360 is not a CloudWatch Logs retention period; the nearest is 365'],
  [{ trafficType: 'all' as 'ALL' }, 'trafficType: "all" is not allowed; use one of ACCEPT, REJECT, ALL'],
  [{ destination: 'firehose' as 's3' }, 'destination: "firehose" is not allowed; use one of cloud-watch-logs, s3'],
  [{ maxAggregationIntervalSeconds: 300 }, 'maxAggregationIntervalSeconds: 300 is not allowed; use one of 60, 600'],
  [
    { logGroupName: 'flow logs' },
    'logGroupName: "flow logs" is not a log group name; allowed are letters, digits and _ - / . #',
  ],
  [{ destination: 's3' }, 'bucketArn: is missing; destination "s3" needs the ARN of a bucket'],
  [
    { destination: 's3', bucketArn: 'company-logs' },
    'bucketArn: "company-logs" is not the ARN of a bucket; write it as "arn:aws:s3:::bucket"',
  ],
  [
    { destination: 's3', bucketArn: BUCKET, retentionDays: 7 },
    'retentionDays: does not go with destination "s3"; leave it out',
  ],
  [
    { bucketArn: BUCKET },
    'bucketArn: does not go with destination "cloud-watch-logs"; leave it out or use destination "s3"',
  ],
])('%j is refused', (more, message) => {
  expect(refused(more)).toContain(`[stack/flow-logs] ${message}`);
});
