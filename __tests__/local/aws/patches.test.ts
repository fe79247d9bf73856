import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { PATCHES } from '../../../local/aws/patches';
import { freePort, type Moto, startMoto } from '../../../local/aws/moto';
import { createShim } from '../../../local/aws/shim';
import { findProgram } from '../../../local/toolchain';

/** The parts of replies that the tests look at. */
interface JsonReply {
  readonly cluster: { readonly status: string };
  readonly taskDefinition: { readonly taskDefinitionArn: string };
  readonly services: readonly {
    readonly taskDefinition: string;
    readonly deployments: readonly { readonly taskDefinition: string }[];
  }[];
  readonly ScalableTargetARN: string;
  readonly ScalableTargets: readonly unknown[];
}

// A patch is several requests to a moto that may share its machine with other tests.
jest.setTimeout(30_000);

const REGION = 'ap-northeast-2';
/** A zip archive without a file, in base64. */
const EMPTY_ZIP = 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==';
const server = findProgram('moto_server');
// With CI=true a missing tool is a failure.
const withMoto = server === undefined && process.env.CI !== 'true' ? describe.skip : describe;

withMoto(`patches, in front of a real moto${server === undefined ? ' (skipped: no moto_server on PATH)' : ''}`, () => {
  let moto: Moto;
  let shim: Server;
  let endpoint: string;

  beforeAll(async () => {
    if (server === undefined) throw new Error('no moto_server on PATH');
    moto = startMoto(server, await freePort());
    await moto.ready;
    shim = createShim({ motoPort: moto.port });
    await new Promise<void>((resolve) => shim.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(shim.address() as AddressInfo).port}`;
  }, 60_000);

  afterAll(async () => {
    shim?.closeAllConnections();
    await new Promise((resolve) => (shim === undefined ? resolve(undefined) : shim.close(resolve)));
    moto?.process.kill('SIGKILL');
  });

  const signed = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

  async function json(service: string, target: string, input: unknown): Promise<JsonReply> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { ...signed(service), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${target}: HTTP ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text === '' ? '{}' : text) as JsonReply;
  }

  async function ec2(parameters: Record<string, string>): Promise<string> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: signed('ec2'),
      body: new URLSearchParams({ Version: '2016-11-15', ...parameters }),
    });
    return response.text();
  }

  const element = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  const s3 = (method: string, path: string, init: { body?: string; headers?: Record<string, string> } = {}) =>
    fetch(`${endpoint}/${path}`, { method, body: init.body, headers: { ...signed('s3'), ...init.headers } });
  const makeBucket = (name: string) =>
    s3('PUT', name, {
      body: `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`,
    });
  const ecs = (operation: string, input: unknown) =>
    json('ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, input);

  it('passes what is no patch to moto', async () => {
    expect((await ecs('CreateCluster', { clusterName: 'plain' })).cluster.status).toBe('ACTIVE');
    expect((await (await fetch(`${endpoint}/moto-api/`)).text()).toLowerCase()).toContain('moto');
  });

  it('keeps what an ECS service was given, through updates', async () => {
    const vpc = element(await ec2({ Action: 'CreateVpc', CidrBlock: '10.9.0.0/16' }), 'vpcId');
    const subnet = element(await ec2({ Action: 'CreateSubnet', VpcId: vpc, CidrBlock: '10.9.0.0/20' }), 'subnetId');
    await ecs('CreateCluster', { clusterName: 'c' });
    const containerDefinitions = [{ name: 'a', image: 'a:1', essential: true, memory: 128 }];
    const first = (await ecs('RegisterTaskDefinition', { family: 'td', containerDefinitions })).taskDefinition
      .taskDefinitionArn;
    const strategy = [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }];
    await ecs('CreateService', {
      cluster: 'c',
      serviceName: 's',
      taskDefinition: first,
      desiredCount: 2,
      capacityProviderStrategy: strategy,
      enableExecuteCommand: true,
      healthCheckGracePeriodSeconds: 60,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      networkConfiguration: { awsvpcConfiguration: { subnets: [subnet], securityGroups: [] } },
    });
    const describe = async () => (await ecs('DescribeServices', { cluster: 'c', services: ['s'] })).services[0]!;
    expect(await describe()).toMatchObject({
      capacityProviderStrategy: strategy,
      enableExecuteCommand: true,
      enableECSManagedTags: false,
      healthCheckGracePeriodSeconds: 60,
      platformVersion: 'LATEST',
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
    });
    expect(await describe()).not.toHaveProperty('launchType');
    const steady = { desiredCount: 2, runningCount: 2, pendingCount: 0 };
    expect(await describe()).toMatchObject({ ...steady, deployments: [{ ...steady, rolloutState: 'COMPLETED' }] });

    const second = (await ecs('RegisterTaskDefinition', { family: 'td', containerDefinitions })).taskDefinition
      .taskDefinitionArn;
    await ecs('UpdateService', { cluster: 'c', service: 's', taskDefinition: 'td:2', enableExecuteCommand: false });
    const updated = await describe();
    expect(updated).toMatchObject({
      taskDefinition: second,
      enableExecuteCommand: false,
      capacityProviderStrategy: strategy,
    });
    expect(updated.deployments[0]?.taskDefinition).toBe(second);
    await expect(ecs('UpdateService', { cluster: 'c', service: 's', taskDefinition: 'nothing:9' })).rejects.toThrow(
      'HTTP 400',
    );
  });

  it('keeps tags of scalable targets', async () => {
    const as = (operation: string, input: unknown) =>
      json('application-autoscaling', `AnyScaleFrontendService.${operation}`, input);
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/c/s',
      ScalableDimension: 'ecs:service:DesiredCount',
    };
    const { ScalableTargetARN: ResourceARN } = await as('RegisterScalableTarget', {
      ...target,
      MinCapacity: 2,
      MaxCapacity: 4,
      Tags: { a: '1', b: '2' },
    });
    await as('TagResource', { ResourceARN, Tags: { c: '3' } });
    await as('UntagResource', { ResourceARN, TagKeys: ['a'] });
    expect(await as('ListTagsForResource', { ResourceARN })).toEqual({ Tags: { b: '2', c: '3' } });
    expect((await as('DescribeScalableTargets', { ServiceNamespace: 'ecs' })).ScalableTargets).toHaveLength(1);
  });

  describe('SageMaker', () => {
    const sagemaker = (operation: string, input: unknown) =>
      json('sagemaker', `SageMaker.${operation}`, input) as Promise<unknown> as Promise<Record<string, unknown>>;

    it('makes Studio domains and user profiles, changes and deletes them', async () => {
      const { DomainId, DomainArn } = await sagemaker('CreateDomain', {
        DomainName: 'app-studio',
        AuthMode: 'IAM',
        VpcId: 'vpc-1',
        SubnetIds: ['subnet-1'],
        Tags: [{ Key: 'a', Value: '1' }],
      });
      expect(DomainArn).toBe(`arn:aws:sagemaker:${REGION}:123456789012:domain/${String(DomainId)}`);
      await sagemaker('CreateUserProfile', { DomainId, UserProfileName: 'kim' });
      await sagemaker('UpdateDomain', { DomainId, DefaultUserSettings: { ExecutionRole: 'arn:role' } });
      expect(await sagemaker('DescribeDomain', { DomainId })).toMatchObject({
        DomainName: 'app-studio',
        Status: 'InService',
        AuthMode: 'IAM',
        DefaultUserSettings: { ExecutionRole: 'arn:role' },
      });
      expect(await sagemaker('ListUserProfiles', {})).toMatchObject({
        UserProfiles: [{ UserProfileName: 'kim', Status: 'InService' }],
      });
      await sagemaker('AddTags', {
        ResourceArn: DomainArn,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '3' },
        ],
      });
      await sagemaker('DeleteTags', { ResourceArn: DomainArn, TagKeys: ['b'] });
      expect(await sagemaker('ListTags', { ResourceArn: DomainArn })).toEqual({ Tags: [{ Key: 'a', Value: '2' }] });
      await sagemaker('DeleteUserProfile', { DomainId, UserProfileName: 'kim' });
      await sagemaker('DeleteDomain', { DomainId });
      await expect(sagemaker('DescribeDomain', { DomainId })).rejects.toThrow('ResourceNotFound');
    });

    it('moves an endpoint to another configuration, and keeps all that a configuration was given', async () => {
      const variant = (InstanceType: string) => [
        { VariantName: 'AllTraffic', ModelName: 'm', InitialInstanceCount: 1, InstanceType },
      ];
      await sagemaker('CreateModel', {
        ModelName: 'm',
        ExecutionRoleArn: 'arn:role',
        PrimaryContainer: { Image: 'i:1' },
      });
      expect(await sagemaker('DescribeModel', { ModelName: 'm' })).toMatchObject({
        PrimaryContainer: { Image: 'i:1', Mode: 'SingleModel' },
      });
      await sagemaker('CreateEndpointConfig', {
        EndpointConfigName: 'one',
        ProductionVariants: variant('ml.c7g.large'),
        ShadowProductionVariants: variant('ml.c7g.large'),
        EnableNetworkIsolation: true,
      });
      await sagemaker('CreateEndpointConfig', {
        EndpointConfigName: 'two',
        ProductionVariants: variant('ml.c7g.xlarge'),
      });
      expect(await sagemaker('DescribeEndpointConfig', { EndpointConfigName: 'one' })).toMatchObject({
        ShadowProductionVariants: variant('ml.c7g.large'),
        EnableNetworkIsolation: true,
      });
      await sagemaker('CreateEndpoint', { EndpointName: 'Flowers', EndpointConfigName: 'one' });
      await expect(sagemaker('CreateEndpoint', { EndpointName: 'Flowers', EndpointConfigName: 'one' })).rejects.toThrow(
        'already existing',
      );
      const DeploymentConfig = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }] } };
      await sagemaker('UpdateEndpoint', { EndpointName: 'Flowers', EndpointConfigName: 'two', DeploymentConfig });
      expect(await sagemaker('DescribeEndpoint', { EndpointName: 'Flowers' })).toMatchObject({
        EndpointArn: `arn:aws:sagemaker:${REGION}:123456789012:endpoint/flowers`,
        EndpointConfigName: 'two',
        EndpointStatus: 'InService',
        LastDeploymentConfig: DeploymentConfig,
      });
      await sagemaker('DeleteEndpoint', { EndpointName: 'Flowers' });
      await expect(sagemaker('DescribeEndpoint', { EndpointName: 'Flowers' })).rejects.toThrow(
        'Could not find endpoint',
      );
    });

    it('keeps the policy of a model package group', async () => {
      const group = { ModelPackageGroupName: 'shared-flowers' };
      await expect(sagemaker('PutModelPackageGroupPolicy', { ...group, ResourcePolicy: '{}' })).rejects.toThrow(
        'Cannot find Model Package Group',
      );
      await sagemaker('CreateModelPackageGroup', group);
      await expect(sagemaker('GetModelPackageGroupPolicy', group)).rejects.toThrow('Cannot find resource policy');
      expect(
        await sagemaker('PutModelPackageGroupPolicy', { ...group, ResourcePolicy: '{"Version":"2012-10-17"}' }),
      ).toMatchObject({ ModelPackageGroupArn: expect.stringContaining('shared-flowers') });
      expect(await sagemaker('GetModelPackageGroupPolicy', group)).toMatchObject({
        ResourcePolicy: '{"Version":"2012-10-17"}',
      });
      await sagemaker('DeleteModelPackageGroupPolicy', group);
      await expect(sagemaker('GetModelPackageGroupPolicy', group)).rejects.toThrow('Cannot find resource policy');
      await sagemaker('DeleteModelPackageGroup', group);
    });

    it('deletes model package groups, and makes them again', async () => {
      const ModelPackageGroupName = 'flowers';
      await expect(sagemaker('DeleteModelPackageGroup', { ModelPackageGroupName })).rejects.toThrow('does not exist');
      await sagemaker('CreateModelPackageGroup', { ModelPackageGroupName });
      await sagemaker('DeleteModelPackageGroup', { ModelPackageGroupName });
      await expect(sagemaker('DescribeModelPackageGroup', { ModelPackageGroupName })).rejects.toThrow('does not exist');
      expect(await sagemaker('ListModelPackageGroups', {})).toMatchObject({ ModelPackageGroupSummaryList: [] });
      await sagemaker('CreateModelPackageGroup', { ModelPackageGroupName, ModelPackageGroupDescription: 'again' });
      expect(await sagemaker('DescribeModelPackageGroup', { ModelPackageGroupName })).toMatchObject({
        ModelPackageGroupDescription: 'again',
      });
    });
  });

  it('keeps where failed messages go, and which queues may send them there', async () => {
    const sqs = async (operation: string, input: object) =>
      (await json('sqs', `AmazonSQS.${operation}`, input)) as unknown as {
        readonly QueueUrl: string;
        readonly Attributes?: Readonly<Record<string, string>>;
      };
    const { QueueUrl: failed } = await sqs('CreateQueue', { QueueName: 'failed' });
    const RedrivePolicy = `{"maxReceiveCount":5,"deadLetterTargetArn":"arn:aws:sqs:${REGION}:123456789012:failed"}`;
    const { QueueUrl: queue } = await sqs('CreateQueue', {
      QueueName: 'work',
      Attributes: { RedrivePolicy, VisibilityTimeout: '60' },
    });
    const RedriveAllowPolicy = '{"redrivePermission":"denyAll"}';
    await sqs('SetQueueAttributes', { QueueUrl: failed, Attributes: { RedriveAllowPolicy } });
    const of = async (QueueUrl: string, ...AttributeNames: string[]) =>
      (await sqs('GetQueueAttributes', { QueueUrl, AttributeNames })).Attributes;
    expect(await of(failed, 'RedriveAllowPolicy')).toEqual({ RedriveAllowPolicy });
    expect(await of(queue, 'RedriveAllowPolicy')).toEqual({});
    expect(await of(queue, 'All')).toMatchObject({ RedrivePolicy, VisibilityTimeout: '60' });
    await sqs('SetQueueAttributes', { QueueUrl: failed, Attributes: { RedriveAllowPolicy: '' } });
    expect(await of(failed, 'All')).not.toHaveProperty('RedriveAllowPolicy');
  });

  it("keeps the parameters of a database's group", async () => {
    const rds = async (Action: string, parameters: Record<string, string> = {}) => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...signed('rds'), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ Action, Version: '2014-10-31', DBParameterGroupName: 'jobs', ...parameters }),
      });
      const text = await response.text();
      expect([Action, response.status, text]).toEqual([Action, 200, expect.any(String)]);
      return text;
    };
    await rds('CreateDBParameterGroup', { DBParameterGroupFamily: 'postgres16', Description: 'jobs' });
    const parameter = (name: string) => ({
      'Parameters.Parameter.1.ParameterName': name,
      'Parameters.Parameter.1.ParameterValue': '1',
      'Parameters.Parameter.1.ApplyMethod': 'immediate',
    });
    await rds('ModifyDBParameterGroup', parameter('rds.force_ssl'));
    expect(await rds('DescribeDBParameters')).toContain(
      '<ParameterName>rds.force_ssl</ParameterName><ParameterValue>1</ParameterValue>',
    );
    await rds('ResetDBParameterGroup', parameter('rds.force_ssl'));
    expect(await rds('DescribeDBParameters', { Source: 'user' })).not.toContain('rds.force_ssl');
  });

  /** The role f, of functions. */
  const makeFunctionRole = async (): Promise<void> => {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    const role = new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'f',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    });
    await fetch(endpoint, { method: 'POST', headers: signed('iam'), body: role });
  };

  it('keeps where the logs of a Lambda function go', async () => {
    const lambda = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${endpoint}/2015-03-31/functions${path}`, {
        method,
        headers: { ...signed('lambda'), 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return (await response.json()) as { LoggingConfig: unknown; Configuration?: { LoggingConfig: unknown } };
    };
    await makeFunctionRole();
    const made = {
      FunctionName: 'f',
      Role: 'arn:aws:iam::123456789012:role/f',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: EMPTY_ZIP },
    };
    expect(
      await lambda('POST', '', { ...made, LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/f' } }),
    ).toMatchObject({ LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/f' } });
    expect((await lambda('GET', '/f')).Configuration!.LoggingConfig).toEqual({
      LogFormat: 'JSON',
      LogGroup: '/shop/f',
    });
    await lambda('PUT', '/f/configuration', { LoggingConfig: { LogGroup: '/shop/g' } });
    expect(
      (await lambda('GET', `/${encodeURIComponent(`arn:aws:lambda:${REGION}:123456789012:function:f`)}/configuration`))
        .LoggingConfig,
    ).toEqual({ LogFormat: 'JSON', LogGroup: '/shop/g' });
    const invoked = async (name: string) => {
      const path = `${endpoint}/2015-03-31/functions/${name}/invocations`;
      return (await fetch(path, { method: 'POST', headers: signed('lambda'), body: '{}' })).status;
    };
    expect([await invoked('f'), await invoked('unknown')]).toEqual([200, 404]);
    await lambda('POST', '', { ...made, FunctionName: 'plain' });
    expect((await lambda('GET', '/plain')).Configuration!.LoggingConfig).toEqual({
      LogFormat: 'Text',
      LogGroup: '/aws/lambda/plain',
    });
  });

  it('changes the tags of a stage of an HTTP API', async () => {
    const api = async (method: string, path: string, body?: object) => {
      const headers = { ...signed('apigateway'), 'content-type': 'application/json' };
      const response = await fetch(`${endpoint}/v2${path}`, { method, headers, body: body && JSON.stringify(body) });
      return { status: response.status, reply: (await response.text()) || '{}' };
    };
    const made = await api('POST', '/apis', { name: 'jobs', protocolType: 'HTTP' });
    const { apiId } = JSON.parse(made.reply) as { apiId: string };
    await api('POST', `/apis/${apiId}/stages`, { stageName: '$default', tags: { a: '1', b: '2' } });
    const stage = `/apis/${apiId}/stages/%24default`;
    const tags = `/tags/${encodeURIComponent(`arn:aws:apigateway:${REGION}::/apis/${apiId}/stages/$default`)}`;
    expect((await api('POST', tags, { tags: { b: '3', c: '4' } })).status).toBe(201);
    expect((await api('DELETE', `${tags}?tagKeys=a`)).status).toBe(204);
    expect(JSON.parse((await api('GET', stage)).reply)).toMatchObject({ tags: { b: '3', c: '4' } });
    expect((await api('GET', stage)).reply).not.toContain('"a"');
  });

  it('hands no message of a queue to a function, and says that it would', async () => {
    const lambda = (method: string, path: string, body?: object) =>
      fetch(`${endpoint}/2015-03-31/${path}`, {
        method,
        headers: signed('lambda'),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).then((response) => response.json() as Promise<Record<string, unknown>>);
    await makeFunctionRole();
    const { QueueUrl } = (await json('sqs', 'AmazonSQS.CreateQueue', { QueueName: 'fed' })) as unknown as {
      QueueUrl: string;
    };
    await lambda('POST', 'functions', {
      FunctionName: 'fed',
      Role: 'arn:aws:iam::123456789012:role/f',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: EMPTY_ZIP },
    });
    const EventSourceArn = `arn:aws:sqs:${REGION}:123456789012:fed`;
    const made = await lambda('POST', 'event-source-mappings', { EventSourceArn, FunctionName: 'fed' });
    expect(made.State).toBe('Enabled');
    await json('sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'hello' });
    const { Messages } = (await json('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl })) as unknown as {
      Messages: { Body: string }[];
    };
    expect(Messages.map(({ Body }) => Body)).toEqual(['hello']);
    const path = `event-source-mappings/${String(made.UUID)}`;
    expect((await lambda('PUT', path, { Enabled: false })).State).toBe('Disabled');
    expect((await lambda('PUT', path, { BatchSize: 5 })).State).toBe('Disabled');
    expect(await lambda('GET', 'event-source-mappings/')).toMatchObject({
      EventSourceMappings: [{ State: 'Disabled' }],
    });
    expect((await lambda('PUT', path, { Enabled: true })).State).toBe('Enabled');
  });

  it('says the state of an IPv6 block as AWS does', async () => {
    const made = await ec2({ Action: 'CreateVpc', CidrBlock: '10.8.0.0/16', AmazonProvidedIpv6CidrBlock: 'true' });
    const vpc = element(made, 'vpcId');
    const block = /<ipv6CidrBlock>([0-9a-f:]+)\/56</.exec(await ec2({ Action: 'DescribeVpcs', 'VpcId.1': vpc }))?.[1];
    const subnet = element(
      await ec2({ Action: 'CreateSubnet', VpcId: vpc, CidrBlock: '10.8.0.0/20', Ipv6CidrBlock: `${block}/64` }),
      'subnetId',
    );
    expect(await ec2({ Action: 'DescribeSubnets', 'SubnetId.1': subnet })).toMatch(
      /<ipv6CidrBlockState>\s*<state>associated<\/state>/,
    );
  });

  it('finds an endpoint service by its name, in every zone', async () => {
    const found = await ec2({
      Action: 'DescribeVpcEndpointServices',
      'ServiceName.1': 'com.amazonaws.ap-northeast-2.sagemaker.runtime',
    });
    expect(found).toContain('<serviceName>com.amazonaws.ap-northeast-2.sagemaker.runtime</serviceName>');
    expect(found).toContain('<availabilityZoneSet><item>ap-northeast-2a</item>');
  });

  it('has no service quotas, and says so', async () => {
    expect(
      await json('servicequotas', 'ServiceQuotasV20190624.ListServiceQuotas', { ServiceCode: 'sagemaker' }),
    ).toEqual({ Quotas: [] });
  });

  it('keeps the description of a rule between two security groups', async () => {
    const vpc = element(await ec2({ Action: 'CreateVpc', CidrBlock: '10.7.0.0/16' }), 'vpcId');
    const group = async (name: string) =>
      element(
        await ec2({ Action: 'CreateSecurityGroup', GroupName: name, GroupDescription: name, VpcId: vpc }),
        'groupId',
      );
    const [web, was] = [await group('web'), await group('was')];
    const rule = {
      GroupId: was,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '80',
      'IpPermissions.1.ToPort': '81',
    };
    const target = {
      'IpPermissions.1.Groups.1.GroupId': web,
      'IpPermissions.1.Groups.1.Description': 'TCP 80 from web & others',
    };
    const ids: string[] = [];
    for (const Action of ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'])
      ids.push(element(await ec2({ Action, ...rule, ...target }), 'securityGroupRuleId'));
    for (const id of ids) {
      const described = await ec2({ Action: 'DescribeSecurityGroupRules', 'SecurityGroupRuleId.1': id });
      expect(element(described, 'description')).toBe('TCP 80 from web &amp; others');
      expect([element(described, 'fromPort'), element(described, 'toPort'), element(described, 'ipProtocol')]).toEqual([
        '80',
        '81',
        'tcp',
      ]);
      expect(/<referencedGroupInfo>[\s\S]*?<groupId>([^<]+)</.exec(described)?.[1]).toBe(web);
    }
    const everything = {
      GroupId: was,
      'IpPermissions.1.IpProtocol': '-1',
      'IpPermissions.1.Groups.1.GroupId': was,
      'IpPermissions.1.Groups.1.Description': 'itself',
    };
    const all = element(await ec2({ Action: 'AuthorizeSecurityGroupIngress', ...everything }), 'securityGroupRuleId');
    expect(
      element(await ec2({ Action: 'DescribeSecurityGroupRules', 'SecurityGroupRuleId.1': all }), 'description'),
    ).toBe('itself');
  });

  it('routes the tables that a gateway endpoint is given later, so that it can be deleted', async () => {
    const vpc = element(await ec2({ Action: 'CreateVpc', CidrBlock: '10.6.0.0/16' }), 'vpcId');
    const table = async () => element(await ec2({ Action: 'CreateRouteTable', VpcId: vpc }), 'routeTableId');
    const [first, second, third] = [await table(), await table(), await table()];
    const made = await ec2({
      Action: 'CreateVpcEndpoint',
      VpcId: vpc,
      VpcEndpointType: 'Gateway',
      ServiceName: `com.amazonaws.${REGION}.s3`,
      'RouteTableId.1': first,
      'RouteTableId.2': second,
    });
    const endpointId = element(made, 'vpcEndpointId');
    await ec2({
      Action: 'ModifyVpcEndpoint',
      VpcEndpointId: endpointId,
      'AddRouteTableId.1': third,
      'RemoveRouteTableId.1': first,
    });
    const routes = async (id: string) =>
      (await ec2({ Action: 'DescribeRouteTables', 'RouteTableId.1': id })).includes(endpointId);
    expect([await routes(first), await routes(second), await routes(third)]).toEqual([false, true, true]);
    expect(await ec2({ Action: 'DeleteVpcEndpoints', 'VpcEndpointId.1': endpointId })).not.toContain('InvalidRoute');
    expect([await routes(second), await routes(third)]).toEqual([false, false]);
  });

  it('lets a bucket demand TLS without denying everything, and gives the policy back as it was', async () => {
    await makeBucket('tls');
    const deny = {
      Sid: 'tls',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::tls/*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
    expect((await s3('PUT', 'tls?policy', { body: policy })).status).toBeLessThan(300);
    expect(await (await s3('GET', 'tls?policy')).text()).toBe(policy);
    expect((await s3('PUT', 'tls/key', { body: 'state' })).status).toBe(200);
    expect(await (await s3('GET', 'tls/key')).text()).toBe('state');
    expect((await s3('DELETE', 'tls?policy')).status).toBe(204);
    expect((await s3('GET', 'tls?policy')).status).toBe(404);
  });

  it('still denies what is denied without a condition', async () => {
    await makeBucket('closed');
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::closed/*' }];
    await s3('PUT', 'closed?policy', { body: JSON.stringify({ Version: '2012-10-17', Statement }) });
    expect((await s3('PUT', 'closed/key', { body: 'x' })).status).toBe(403);
  });

  it('gives a lifecycle rule back with the number of former versions it keeps', async () => {
    await makeBucket('versions');
    const expiry =
      '<NoncurrentVersionExpiration><NewerNoncurrentVersions>50</NewerNoncurrentVersions><NoncurrentDays>90</NoncurrentDays></NoncurrentVersionExpiration>';
    const body = `<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>${expiry}</Rule></LifecycleConfiguration>`;
    expect((await s3('PUT', 'versions?lifecycle', { body })).status).toBe(200);
    expect(await (await s3('GET', 'versions?lifecycle')).text()).toContain(expiry);
    expect((await s3('DELETE', 'versions?lifecycle')).status).toBe(204);
    expect((await s3('GET', 'versions?lifecycle')).status).toBe(404);
  });

  it('empties a bucket whose versioning was suspended, delete markers and all', async () => {
    await makeBucket('emptied');
    const versioning = (status: string) =>
      s3('PUT', 'emptied?versioning', {
        body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      });
    const status = async () => element(await (await s3('GET', 'emptied?versioning')).text(), 'Status');
    await versioning('Enabled');
    for (const body of ['first', 'second']) {
      await s3('PUT', 'emptied/key.tflock', { body });
      await s3('DELETE', 'emptied/key.tflock');
    }
    expect((await versioning('Suspended')).status).toBe(200);
    expect(await status()).toBe('Suspended');
    const versions = [...(await (await s3('GET', 'emptied?versions')).text()).matchAll(/<VersionId>([^<]+)</g)].map(
      ([, version]) => version!,
    );
    expect(versions).toHaveLength(4);
    const objects = versions
      .map((version) => `<Object><Key>key.tflock</Key><VersionId>${version}</VersionId></Object>`)
      .join('');
    expect((await s3('POST', 'emptied?delete', { body: `<Delete>${objects}</Delete>` })).status).toBe(200);
    expect((await s3('DELETE', 'emptied')).status).toBe(204);
    await makeBucket('emptied');
    expect(await status()).toBe('');
    await versioning('Enabled');
    expect(await status()).toBe('Enabled');
  });

  it('lets one of many conditional writers of an object be first, again and again', async () => {
    await makeBucket('locks');
    for (let round = 0; round < 5; round++) {
      const writers = Array.from({ length: 12 }, (_, writer) =>
        s3('PUT', `locks/${round}.tflock`, { body: `${writer}`, headers: { 'if-none-match': '*' } }),
      );
      const statuses = (await Promise.all(writers)).map((response) => response.status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 11 }, () => 412)]);
    }
  });
});

describe('conditional writes', () => {
  it('of one object are passed on one at a time, of others at once', async () => {
    let inFlight = 0;
    const most: Record<string, number> = {};
    const upstream = createServer((message, response) => {
      const key = message.url?.split('?')[0] ?? '';
      inFlight++;
      most[key] = Math.max(most[key] ?? 0, inFlight);
      setTimeout(() => {
        inFlight--;
        response.end();
      }, 20);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const shim = createShim({ motoPort: (upstream.address() as AddressInfo).port });
    await new Promise<void>((resolve) => shim.listen(0, '127.0.0.1', resolve));
    const port = (shim.address() as AddressInfo).port;
    const put = (path: string) =>
      fetch(`http://127.0.0.1:${port}/${path}`, {
        method: 'PUT',
        body: 'x',
        headers: { 'if-none-match': '*', authorization: 'AWS4-HMAC-SHA256 Credential=t/20260101/r/s3/aws4_request' },
      });
    try {
      await Promise.all([put('b/same'), put('b/same?x-id=PutObject'), put('b/same')]);
      expect(most['/b/same']).toBe(1);
      await Promise.all([put('b/one'), put('b/two'), put('b/three')]);
      expect(Math.max(most['/b/one'] ?? 0, most['/b/two'] ?? 0, most['/b/three'] ?? 0)).toBe(3);
    } finally {
      shim.closeAllConnections();
      shim.close();
      upstream.closeAllConnections();
      upstream.close();
    }
  });
});

describe('the list of patches', () => {
  const document = readFileSync(join(__dirname, '../../../docs/emulator.md'), 'utf8');

  it.each(PATCHES.map((patch) => [`${patch.service} ${patch.operations.join(', ')}`, patch] as const))(
    'docs/emulator.md holds %s',
    (_name, patch) => {
      expect(document).toContain(
        `| ${patch.service} | ${patch.operations.join(', ')} | ${patch.missing} | ${patch.why} | ${patch.how} | ${patch.seenIn} |`,
      );
    },
  );

  it('docs/emulator.md holds no other', () => {
    const rows = document.split('\n').filter((line) => /^\| [a-z0-9-]+ \|.*\| \d+\.\d+\.\d+ \|$/.test(line));
    expect(rows).toHaveLength(PATCHES.length);
  });
});
