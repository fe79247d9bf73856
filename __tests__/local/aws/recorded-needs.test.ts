import { RECORD_PATH } from '../../../local/aws/shim';
import { describeWithMoto, RefusingEmulator } from '../../support/refusing-emulator';

jest.setTimeout(60_000);

describeWithMoto('an emulator that records (needs moto_server on PATH)', () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('record');
  });
  afterAll(() => aws?.stop());
  const record = async (): Promise<unknown> => (await fetch(`${aws.endpoint}${RECORD_PATH}`)).json();

  it('tells what calls took since it was asked last: actions, resources, tags and roles', async () => {
    await aws.call('sts', 'GetCallerIdentity');
    await aws.call('ecr', 'CreateRepository', { repositoryName: 'web', tags: [{ Key: 'project', Value: 'shop' }] });
    await aws.call('ecr', 'DescribeRepositories', { repositoryNames: ['web'] });
    await aws.call('ecr', 'DescribeRepositories', { repositoryNames: ['web'] });
    const resource = 'arn:aws:ecr:ap-northeast-2:123456789012:repository/web';
    expect(await record()).toEqual({
      needs: [
        { action: 'ecr:CreateRepository', resource },
        { action: 'ecr:TagResource', resource, context: { 'ecr:CreateAction': 'CreateRepository' } },
        { action: 'ecr:DescribeRepositories', resource },
      ],
      unknown: ['sts:GetCallerIdentity'],
    });
    expect(await record()).toEqual({ needs: [], unknown: [] });
  });

  /** What calls took: `action resource`. */
  const taken = async (): Promise<string[]> => {
    const { needs } = (await record()) as { needs: { action: string; resource: string }[] };
    return needs.map(
      ({ action, resource }) => `${action} ${resource.replace(/^arn:aws:\w[\w-]*:ap-northeast-2:\d+:/, '')}`,
    );
  };

  it('names what AWS asks IAM about, not what the call calls it', async () => {
    await aws.call('logs', 'CreateLogGroup', { logGroupName: '/app', tags: { project: 'shop' } });
    expect(await taken()).toEqual([
      'logs:CreateLogGroup log-group:/app:log-stream:',
      'logs:TagResource log-group:/app',
    ]);
    await aws.call('events', 'PutRule', { Name: 'r', EventBusName: 'default', ScheduleExpression: 'rate(1 hour)' });
    await aws.call('events', 'DescribeRule', { Name: 'r' });
    expect(await taken()).toEqual(['events:PutRule rule/r', 'events:DescribeRule rule/r']);
    await aws.call('kms', 'CreateKey', { Tags: [{ TagKey: 'project', TagValue: 'shop' }] });
    expect(await taken()).toEqual(['kms:CreateKey *', 'kms:TagResource key/*']);
    const ScalableDimension = 'dynamodb:table:WriteCapacityUnits';
    const target = { ServiceNamespace: 'dynamodb', ResourceId: 'table/t', ScalableDimension };
    await aws.call('application-autoscaling', 'RegisterScalableTarget', { ...target, MinCapacity: 1, MaxCapacity: 2 });
    await aws
      .call('application-autoscaling', 'PutScalingPolicy', { ...target, PolicyName: 'cpu' })
      .catch(() => undefined);
    await aws.call('application-autoscaling', 'DescribeScalableTargets', { ServiceNamespace: 'dynamodb' });
    expect(await taken()).toEqual([
      'application-autoscaling:RegisterScalableTarget scalable-target/*',
      'application-autoscaling:PutScalingPolicy scalable-target/*',
      'application-autoscaling:DescribeScalableTargets *',
    ]);
  });

  it('load balancers of the second version, and rules of security groups where they have tags', async () => {
    const { VpcId } = (await aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const subnets: string[] = [];
    for (const [index, AvailabilityZone] of ['ap-northeast-2a', 'ap-northeast-2b'].entries()) {
      const input = { VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone };
      subnets.push((await aws.call('ec2', 'CreateSubnet', input)).Subnet.SubnetId);
    }
    await record();
    const Tags = [{ Key: 'project', Value: 'shop' }];
    const created = await aws.call('elbv2', 'CreateLoadBalancer', { Name: 'web', Subnets: subnets, Tags });
    const arn: string = created.LoadBalancers[0].LoadBalancerArn;
    await aws.call('elbv2', 'AddTags', { ResourceArns: [arn], Tags });
    expect(await taken()).toEqual([
      'elasticloadbalancing:CreateLoadBalancer loadbalancer/app/web/*',
      'elasticloadbalancing:AddTags loadbalancer/app/web/*',
      `elasticloadbalancing:AddTags ${arn.split(':').at(-1)}`,
    ]);
    const { GroupId } = await aws.call('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'g', Description: 'd' });
    await record();
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }];
    const authorize = (more: object) =>
      aws.call('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions, ...more });
    await authorize({ TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }] });
    expect(await taken()).toEqual([
      `ec2:AuthorizeSecurityGroupIngress security-group/${GroupId}`,
      'ec2:AuthorizeSecurityGroupIngress security-group-rule/*',
      'ec2:CreateTags security-group-rule/*',
    ]);
  });

  it('a database, its groups and the secret of its password', async () => {
    const input = {
      DBInstanceIdentifier: 'jobs',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'owner',
      ManageMasterUserPassword: true,
      Tags: [{ Key: 'project', Value: 'shop' }],
    };
    await aws.call('rds', 'CreateDBInstance', input);
    await aws.call('rds', 'DescribeDBInstances', { DBInstanceIdentifier: 'jobs' });
    expect(await taken()).toEqual([
      'rds:CreateDBInstance db:jobs',
      'rds:CreateDBInstance og:default*',
      'rds:CreateDBInstance pg:default*',
      'rds:AddTagsToResource db:jobs',
      'secretsmanager:CreateSecret secret:rds!db-*',
      'secretsmanager:TagResource secret:rds!db-*',
      'kms:DescribeKey key/*',
      'rds:DescribeDBInstances db:jobs',
    ]);
  });

  it('methods and paths of API Gateway', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'jobs', protocolType: 'HTTP', tags: { project: 'shop' } });
    const created = await aws.rest('apigateway', '/v2/apis', { method: 'POST', headers, body });
    const { apiId } = JSON.parse(created) as { apiId: string };
    await aws.rest('apigateway', `/v2/apis/${apiId}`);
    const paths = (await taken()).map((one) => one.replace('arn:aws:apigateway:ap-northeast-2::', ''));
    expect(paths).toEqual(['apigateway:POST /apis', 'apigateway:POST /tags/*', `apigateway:GET /apis/${apiId}`]);
  });

  it('versions, tags and copies of objects', async () => {
    await aws.rest('s3', '/code', {
      method: 'PUT',
      body: `<CreateBucketConfiguration><LocationConstraint>ap-northeast-2</LocationConstraint></CreateBucketConfiguration>`,
    });
    await record();
    await aws.rest('s3', '/code/a', { method: 'PUT', body: 'x', headers: { 'x-amz-tagging': 'project=shop' } });
    await aws.rest('s3', '/code/b', { method: 'PUT', headers: { 'x-amz-copy-source': '/code/a' } });
    await aws.rest('s3', '/code/a?versionId=null', { method: 'DELETE' });
    expect(await taken()).toEqual([
      's3:PutObject arn:aws:s3:::code/a',
      's3:PutObjectTagging arn:aws:s3:::code/a',
      's3:PutObject arn:aws:s3:::code/b',
      's3:GetObject arn:aws:s3:::code/a',
      's3:DeleteObjectVersion arn:aws:s3:::code/a',
    ]);
  });

  it('one that does not record says how to', async () => {
    const other = await RefusingEmulator.start('iam');
    const answer = await fetch(`${other.endpoint}${RECORD_PATH}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('start the emulator with STRATA_EMULATOR_RECORD=on');
    await other.stop();
  });
});
