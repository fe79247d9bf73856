import { Token } from 'cdktf';
import { VpcEndpoints, type VpcEndpointsProps } from '@strata/vpc';
import { errorOf, synth } from './synth';

const props: VpcEndpointsProps = {
  name: 'app-vpc',
  vpcId: 'vpc-0f1e2d3c4b5a69788',
  vpcCidrBlock: '10.0.0.0/16',
  privateSubnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
  privateRouteTableIds: ['rtb-0a1b2c3d'],
  region: 'ap-northeast-2',
};
const made = (more?: Partial<VpcEndpointsProps>) =>
  synth((scope) => new VpcEndpoints(scope, 'endpoints', { ...props, ...more }));
const refused = (more: Partial<VpcEndpointsProps>) =>
  errorOf((scope) => new VpcEndpoints(scope, 'endpoints', { ...props, ...more }));

test('only the free gateway for S3 unless told otherwise', () => {
  const endpoints = made();
  expect(endpoints.one('aws_vpc_endpoint')).toEqual({
    vpc_id: props.vpcId,
    service_name: 'com.amazonaws.ap-northeast-2.s3',
    vpc_endpoint_type: 'Gateway',
    route_table_ids: ['rtb-0a1b2c3d'],
    tags: { Name: 'app-vpc-s3' },
  });
  expect(endpoints.resources('aws_security_group')).toEqual([]);
});

test('interface endpoints are in the private subnets, with private DNS, behind one group', () => {
  const endpoints = made({ gatewayServices: [], interfaceServices: ['ecr.api', 'logs'] });
  const [api, logs] = endpoints.resources('aws_vpc_endpoint');
  expect(api).toEqual({
    vpc_id: props.vpcId,
    service_name: 'com.amazonaws.ap-northeast-2.ecr.api',
    vpc_endpoint_type: 'Interface',
    private_dns_enabled: true,
    subnet_ids: props.privateSubnetIds,
    security_group_ids: [expect.stringContaining('aws_security_group')],
    tags: { Name: 'app-vpc-ecr.api' },
  });
  expect(logs).toMatchObject({
    service_name: 'com.amazonaws.ap-northeast-2.logs',
    security_group_ids: api!.security_group_ids,
  });
});

test('the group lets HTTPS in from the VPC and nothing out', () => {
  const endpoints = made({ interfaceServices: ['logs'] });
  expect(endpoints.one('aws_security_group')).toMatchObject({ name: 'app-vpc-endpoints', vpc_id: props.vpcId });
  expect(endpoints.one('aws_vpc_security_group_ingress_rule')).toMatchObject({
    cidr_ipv4: '10.0.0.0/16',
    ip_protocol: 'tcp',
    from_port: 443,
    to_port: 443,
  });
  expect(endpoints.resources('aws_vpc_security_group_egress_rule')).toEqual([]);
  expect(endpoints.one('aws_security_group').ingress).toBeUndefined();
});

test("the region is the provider's unless told", () => {
  const endpoints = made({ region: undefined, interfaceServices: ['logs', 'sqs'] });
  expect(endpoints.data('aws_region')).toHaveLength(1);
  for (const { service_name } of endpoints.resources('aws_vpc_endpoint'))
    expect(service_name).toMatch(/^com\.amazonaws\.\$\{data\.aws_region\..*\.id\}\.(s3|logs|sqs)$/);
  expect(made().data('aws_region')).toEqual([]);
});

test.each([
  'com.amazonaws.vpce.ap-northeast-2.vpce-svc-0f1e2d3c4b5a69788',
  'aws.sagemaker.ap-northeast-2.notebook',
  'cn.com.amazonaws.cn-north-1.ecr.api',
])('a whole service name, %s, is used as it is', (service) => {
  expect(made({ gatewayServices: [], interfaceServices: [service] }).one('aws_vpc_endpoint').service_name).toBe(
    service,
  );
});

test("a policy goes to the endpoint of its service; the others keep AWS's", () => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const [s3, logs] = made({ interfaceServices: ['logs'], policies: { s3: policy } }).resources('aws_vpc_endpoint');
  expect(s3!.policy).toBe(policy);
  expect(logs!.policy).toBeUndefined();
});

test('an endpoint keeps its id whatever else there is', () => {
  const few = made({ interfaceServices: ['logs'] }).ids('aws_vpc_endpoint');
  const many = made({ gatewayServices: ['dynamodb', 's3'], interfaceServices: ['ecr.api', 'ecr.dkr', 'logs'] }).ids(
    'aws_vpc_endpoint',
  );
  expect(many).toHaveLength(5);
  expect(many).toEqual(expect.arrayContaining(few));
});

test('endpoints are found by their service, and all services are listed', () => {
  let endpoints!: VpcEndpoints;
  synth(
    (scope) => (endpoints = new VpcEndpoints(scope, 'endpoints', { ...props, interfaceServices: ['logs', 'ecr.api'] })),
  );
  expect(Object.keys(endpoints.gatewayEndpoints)).toEqual(['s3']);
  expect(Object.keys(endpoints.interfaceEndpoints)).toEqual(['logs', 'ecr.api']);
  expect(endpoints.services).toEqual(['ecr.api', 'logs', 's3']);
});

test('route tables and subnets that only Terraform knows pass', () => {
  const ids = Token.asList({ resolve: () => '${data.aws_route_tables.x.ids}' });
  expect(made({ privateRouteTableIds: ids }).one('aws_vpc_endpoint').route_table_ids).toBe(
    '${data.aws_route_tables.x.ids}',
  );
});

test.each<[Partial<VpcEndpointsProps>, string]>([
  [
    { gatewayServices: ['logs'] },
    'gatewayServices: "logs" has no gateway endpoint; use dynamodb, s3, s3express, or interfaceServices for an interface endpoint',
  ],
  [
    { interfaceServices: ['s3'], gatewayServices: [] },
    'interfaceServices: "s3" has a gateway endpoint, which is free; use gatewayServices',
  ],
  [
    { interfaceServices: ['ECR'] },
    'interfaceServices: "ECR" is not a service name; write it as AWS does behind com.amazonaws.<region>, such as "ecr.api"',
  ],
  [{ interfaceServices: ['logs', 'logs'] }, 'interfaceServices: "logs" is listed twice; list each service once'],
  [
    { privateRouteTableIds: [] },
    'privateRouteTableIds: is empty; gateway endpoints need route tables, or gatewayServices: []',
  ],
  [
    { privateSubnetIds: undefined, interfaceServices: ['logs'] },
    'privateSubnetIds: is empty; interface endpoints need subnets, at most one per zone',
  ],
  [{ policies: { logs: '{}' } }, 'policies: "logs" has no endpoint here; use s3'],
  [{ name: 'sg-app' }, 'name: "sg-app" starts with "sg-", which AWS reserves; choose another VPC name'],
])('%j is refused', (more, message) => {
  expect(refused(more)).toBe(`[stack/endpoints] ${message}`);
});

describe('zones that lack a service', () => {
  const zones = ['ap-northeast-2a', 'ap-northeast-2d'];
  const endpoints = made({ gatewayServices: ['s3'], interfaceServices: ['logs'], availabilityZones: zones });
  const [endpoint] = endpoints.resources('aws_vpc_endpoint').filter((one) => one.vpc_endpoint_type === 'Interface');

  test('are looked up, for interface endpoints only', () => {
    expect(endpoints.data('aws_vpc_endpoint_service')).toEqual([
      { service_name: 'com.amazonaws.ap-northeast-2.logs', service_type: 'Interface' },
    ]);
  });

  test('are left out, and a service in none of them is refused', () => {
    const zonesOf = 'tolist\\(data.aws_vpc_endpoint_service.endpoints_service-logs_[0-9A-F]+.availability_zones\\)';
    expect(endpoint!.subnet_ids).toMatch(
      new RegExp(`contains\\(${zonesOf}, "ap-northeast-2a"\\) \\? "subnet-0a1b2c3d" : ""`),
    );
    const [{ condition, error_message: message }] = (
      endpoint!.lifecycle as { precondition: [{ condition: string; error_message: string }] }
    ).precondition;
    expect(condition).toContain('anytrue([contains(');
    expect(message).toContain('interfaceServices: "logs" is in none of the zones of the private subnets');
  });

  test('need a zone for each subnet', () => {
    expect(refused({ interfaceServices: ['logs'], availabilityZones: ['ap-northeast-2a'] })).toContain(
      'availabilityZones: 1 zones for 2 privateSubnetIds; give the zone of each subnet, in their order',
    );
  });
});
