import { foundByArn } from '../../../local/recover/arn-types';
import { candidates, notLookedFor } from '../../../local/recover/candidates';
import type { Found } from '../../../local/recover/found';
import type { Planned, StackJson } from '../../../local/recover/plan';

const OURS = { project: 'shop', environment: 'dev', layer: 'network' };
const named = (Name: string): Record<string, string> => ({ ...OURS, Name });
const stack = (resource: StackJson['resource']): StackJson => ({ terraform: {}, resource });
const ids = (creates: readonly Planned[], found: readonly Found[], resource: StackJson['resource'] = {}) =>
  Object.fromEntries(
    candidates({ stack: stack(resource), creates, found }).map(({ planned, found: all }) => [
      planned.address,
      all.map(({ id }) => id),
    ]),
  );

describe('what in AWS may be a resource of the configuration', () => {
  test('is told by its tag Name where several have the tags of the layer', () => {
    const creates = ['a', 'b'].map((name) => ({
      address: `aws_subnet.${name}`,
      type: 'aws_subnet',
      values: { tags_all: named(name) },
    }));
    const found = ['a', 'b', 'c'].map((name) => ({ type: 'aws_subnet', id: `subnet-${name}`, tags: named(name) }));
    expect(ids(creates, found)).toEqual({ 'aws_subnet.a': ['subnet-a'], 'aws_subnet.b': ['subnet-b'] });
  });

  test('is both where two have the same name: neither is chosen', () => {
    const creates = [{ address: 'aws_vpc.v', type: 'aws_vpc', values: { tags_all: named('v') } }];
    const found = ['vpc-1', 'vpc-2'].map((id) => ({ type: 'aws_vpc', id, tags: named('v') }));
    expect(ids(creates, found)).toEqual({ 'aws_vpc.v': ['vpc-1', 'vpc-2'] });
  });

  test('has an import id of names where its type has no tags, through what it refers to', () => {
    const creates: Planned[] = [
      { address: 'aws_route_table.t', type: 'aws_route_table', values: { tags_all: named('t') } },
      { address: 'aws_route.r', type: 'aws_route', values: { destination_cidr_block: '0.0.0.0/0' } },
      { address: 'aws_iam_role.x', type: 'aws_iam_role', values: { name: 'task' } },
      { address: 'aws_iam_role_policy.p', type: 'aws_iam_role_policy', values: { name: 'send' } },
    ];
    const found = [{ type: 'aws_route_table', id: 'rtb-1', tags: named('t') }];
    const resource = {
      aws_route: { r: { route_table_id: '${aws_route_table.t.id}' } },
      aws_iam_role_policy: { p: { role: '${aws_iam_role.x.id}' } },
    };
    expect(ids(creates, found, resource)).toMatchObject({
      'aws_route.r': ['rtb-1_0.0.0.0/0'],
      'aws_iam_role_policy.p': ['task:send'],
    });
  });

  test('is nothing where what it belongs to does not exist', () => {
    const creates: Planned[] = [
      { address: 'aws_route_table.t', type: 'aws_route_table', values: { tags_all: named('t') } },
      { address: 'aws_route.r', type: 'aws_route', values: { destination_cidr_block: '0.0.0.0/0' } },
    ];
    const resource = { aws_route: { r: { route_table_id: '${aws_route_table.t.id}' } } };
    expect(ids(creates, [], resource)).toEqual({ 'aws_route_table.t': [], 'aws_route.r': [] });
  });

  test('is told by its values where its tags are the same as others have', () => {
    const rule = (id: string, port: string): Found => ({
      type: 'aws_vpc_security_group_ingress_rule',
      id,
      values: { security_group_id: 'sg-1', ip_protocol: 'tcp', from_port: port, to_port: port, cidr_ipv6: undefined },
    });
    const values = { security_group_id: 'sg-1', ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv6: null };
    const address = 'aws_vpc_security_group_ingress_rule.https';
    const creates = [{ address, type: 'aws_vpc_security_group_ingress_rule', values }];
    expect(ids(creates, [rule('sgr-80', '80'), rule('sgr-443', '443')])).toEqual({ [address]: ['sgr-443'] });
  });

  test('is the route, the stage and the policy of an API that was found', () => {
    const creates: Planned[] = [
      { address: 'aws_apigatewayv2_api.a', type: 'aws_apigatewayv2_api', values: { name: 'jobs' } },
      { address: 'aws_apigatewayv2_stage.s', type: 'aws_apigatewayv2_stage', values: { name: '$default' } },
      { address: 'aws_apigatewayv2_route.r', type: 'aws_apigatewayv2_route', values: { route_key: 'GET /jobs' } },
      { address: 'aws_iam_policy.p', type: 'aws_iam_policy', values: { name: 'jobs-submitter' } },
    ];
    const route = (id: string, key: string): Found => ({
      type: 'aws_apigatewayv2_route',
      id: `a1/${id}`,
      values: { api_id: 'a1', route_key: key },
    });
    const policy = (name: string): Found => ({ type: 'aws_iam_policy', id: `arn:aws:iam::1:policy/${name}`, name });
    const found = [
      ...foundByArn('arn:aws:apigateway:eu-west-1::/apis/a1', OURS),
      ...[route('r1', 'GET /jobs'), route('r2', 'POST /jobs')],
      ...[policy('jobs-submitter'), policy('other')],
    ];
    const apiId = { api_id: '${aws_apigatewayv2_api.a.id}' };
    const resource = { aws_apigatewayv2_stage: { s: apiId }, aws_apigatewayv2_route: { r: apiId } };
    expect(ids(creates, found, resource)).toEqual({
      'aws_apigatewayv2_api.a': ['a1'],
      'aws_apigatewayv2_stage.s': ['a1/$default'],
      'aws_apigatewayv2_route.r': ['a1/r1'],
      'aws_iam_policy.p': ['arn:aws:iam::1:policy/jobs-submitter'],
    });
  });

  test('has the prefix of a name that Terraform makes', () => {
    const creates = [
      { address: 'aws_s3_bucket.b', type: 'aws_s3_bucket', values: { bucket_prefix: 'shop-dev-data-' } },
    ];
    const found = ['shop-dev-data-2026', 'shop-dev-models-2026'].flatMap((name) =>
      foundByArn(`arn:aws:s3:::${name}`, OURS),
    );
    expect(ids(creates, found)).toEqual({ 'aws_s3_bucket.b': ['shop-dev-data-2026'] });
  });

  test('is not looked for where a type is not known, which is said', () => {
    expect(notLookedFor([{ address: 'aws_x.y', type: 'aws_x', values: {} }])).toEqual(['aws_x']);
  });
});

test.each([
  ['arn:aws:ec2:eu-west-1:1:subnet/subnet-1', 'aws_subnet', 'subnet-1'],
  ['arn:aws:ec2:eu-west-1:1:natgateway/nat-1', 'aws_nat_gateway', 'nat-1'],
  ['arn:aws-cn:ecs:cn-north-1:1:cluster/Shop', 'aws_ecs_cluster', 'Shop'],
  ['arn:aws:ecs:eu-west-1:1:service/Shop/web', 'aws_ecs_service', 'Shop/web'],
  ['arn:aws:sqs:eu-west-1:1:jobs', 'aws_sqs_queue', 'https://sqs.eu-west-1.amazonaws.com/1/jobs'],
  ['arn:aws-cn:sqs:cn-north-1:1:jobs', 'aws_sqs_queue', 'https://sqs.cn-north-1.amazonaws.com.cn/1/jobs'],
  ['arn:aws:lambda:eu-west-1:1:event-source-mapping:0a-1b', 'aws_lambda_event_source_mapping', '0a-1b'],
  ['arn:aws:kms:eu-west-1:1:key/abc', 'aws_kms_key', 'abc'],
  [
    'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/0a',
    'aws_lb_target_group',
    'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/0a',
  ],
])('%s is imported as %s by %s', (arn, type, id) => {
  expect(foundByArn(arn, OURS)).toEqual([expect.objectContaining({ type, id, tags: OURS })]);
});

test('what is found by its name has no type by its ARN', () => {
  expect(foundByArn('arn:aws:iam::1:role/task', OURS)).toEqual([]);
});
