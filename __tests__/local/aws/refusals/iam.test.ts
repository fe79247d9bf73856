import { trustPolicies } from '../../../../scripts/permissions/oidc';
import { describeWithMoto, RefusingEmulator, TEST_ACCOUNT, TEST_REGION } from '../../../support/refusing-emulator';
import { webIdentityTokenOf } from '../../../support/web-identity-token';

jest.setTimeout(60_000);

const roleArn = (name: string) => `arn:aws:iam::${TEST_ACCOUNT}:role/${name}`;
const arn = (service: string, rest: string) => `arn:aws:${service}:${TEST_REGION}:${TEST_ACCOUNT}:${rest}`;
const root = { AWS: `arn:aws:iam::${TEST_ACCOUNT}:root` };
const written = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describeWithMoto('a role is held against its own policies (needs moto_server on PATH)', () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('iam');
  }, 60_000);
  afterAll(() => aws?.stop());
  beforeEach(async () => {
    await fetch(`${aws.endpoint}/moto-api/reset`, { method: 'POST' });
  });

  /** A role with one inline policy, and the access key of a session of it. */
  async function assume(statements: object[], principal: object = root, more: object = {}): Promise<string> {
    const trusted = written({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });
    await aws.call('iam', 'CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: trusted, ...more });
    await allowed(...statements);
    return (await session()).Credentials.AccessKeyId;
  }
  const allowed = (...statements: object[]) =>
    aws.call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'own', PolicyDocument: written(...statements) });
  const session = () => aws.call('sts', 'AssumeRole', { RoleArn: roleArn('worker'), RoleSessionName: 'test' });
  const bucket = (name: string) =>
    aws.rest('s3', `/${name}`, {
      method: 'PUT',
      body: `<CreateBucketConfiguration><LocationConstraint>${TEST_REGION}</LocationConstraint></CreateBucketConfiguration>`,
    });

  it('AssumeRole asks the trust policy; the error names who, what and which', async () => {
    await expect(assume([allow('logs:*', '*')], { Service: 'ecs-tasks.amazonaws.com' })).rejects.toThrow(
      `403 AccessDenied: User: arn:aws:iam::${TEST_ACCOUNT}:user/administrator is not authorized to perform: ` +
        `sts:AssumeRole on resource: ${roleArn('worker')}`,
    );
    await aws.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName: 'worker',
      PolicyDocument: written({ Effect: 'Allow', Principal: root, Action: 'sts:AssumeRole' }),
    });
    await session();
  });

  it('ECS: a service of another name', async () => {
    const key = await assume([allow('ecs:DescribeServices', arn('ecs', 'service/c/web'))]);
    await aws.call('ecs', 'CreateCluster', { clusterName: 'c' });
    const describeService = (name: string) =>
      aws.call('ecs', 'DescribeServices', { cluster: 'c', services: [name] }, key);
    await expect(describeService('was')).rejects.toThrow(
      `400 AccessDeniedException: User: arn:aws:sts::${TEST_ACCOUNT}:assumed-role/worker/test is not authorized to ` +
        `perform: ecs:DescribeServices on resource: ${arn('ecs', 'service/c/was')} because no identity-based policy ` +
        'allows the ecs:DescribeServices action',
    );
    await describeService('web');
    await aws.call('sts', 'GetCallerIdentity', {}, key);
  });

  it('iam:PassRole of a role in a task definition, for the service it is for', async () => {
    const register = allow('ecs:RegisterTaskDefinition', arn('ecs', 'task-definition/web:*'));
    const key = await assume([register]);
    const input = {
      family: 'web',
      taskRoleArn: roleArn('task'),
      containerDefinitions: [{ name: 'a', image: 'a', memory: 128 }],
    };
    const attempt = () => aws.call('ecs', 'RegisterTaskDefinition', input, key);
    await expect(attempt()).rejects.toThrow(`perform: iam:PassRole on resource: ${roleArn('task')}`);
    const pass = (service: string) =>
      allow('iam:PassRole', roleArn('task'), { Condition: { StringEquals: { 'iam:PassedToService': service } } });
    await allowed(register, pass('lambda.amazonaws.com'));
    await expect(attempt()).rejects.toThrow('iam:PassRole');
    await allowed(register, pass('ecs-tasks.amazonaws.com'));
    await attempt();
  });

  it('EC2: each resource of a call, and tags that are given with it', async () => {
    const { VpcId } = (await aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
    const create = allow('ec2:CreateSubnet', [arn('ec2', 'subnet/*'), arn('ec2', `vpc/${VpcId}`)]);
    const key = await assume([allow('ec2:CreateSubnet', arn('ec2', `vpc/${VpcId}`))]);
    const input = { VpcId, CidrBlock: '10.0.0.0/24' };
    const TagSpecifications = [{ ResourceType: 'subnet', Tags: [{ Key: 'project', Value: 'shop' }] }];
    const attempt = (more = {}) => aws.call('ec2', 'CreateSubnet', { ...input, ...more }, key);
    await expect(attempt()).rejects.toThrow(`ec2:CreateSubnet on resource: ${arn('ec2', 'subnet/*')}`);
    await allowed(create);
    await expect(attempt({ TagSpecifications })).rejects.toThrow(
      `403 UnauthorizedOperation: User: arn:aws:sts::${TEST_ACCOUNT}:assumed-role/worker/test is not authorized to ` +
        `perform: ec2:CreateTags on resource: ${arn('ec2', 'subnet/*')}`,
    );
    const onCreation = { Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSubnet' } } };
    await allowed(create, allow('ec2:CreateTags', arn('ec2', 'subnet/*'), onCreation));
    await attempt({ TagSpecifications });
  });

  it('S3: ListObjectsV2 is ListBucket with its prefix, HEAD is GetObject; a bucket policy denies', async () => {
    await bucket('photos');
    const prefixed = { Condition: { StringLike: { 's3:prefix': ['in/*'] } } };
    const key = await assume([
      allow('s3:ListBucket', 'arn:aws:s3:::photos', prefixed),
      allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::photos/in/*'),
    ]);
    const s3 = (path: string, method = 'GET') => aws.rest('s3', `/photos${path}`, { method }, key);
    await s3('/in/a', 'PUT');
    await s3('/in/a', 'HEAD');
    await expect(s3('/out/a', 'PUT')).rejects.toThrow(
      '403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/worker/test is not authorized to perform: ' +
        's3:PutObject on resource: arn:aws:s3:::photos/out/a',
    );
    await expect(s3('/in/a', 'DELETE')).rejects.toThrow('s3:DeleteObject');
    await s3('?list-type=2&prefix=in/b');
    await expect(s3('?list-type=2')).rejects.toThrow('s3:ListBucket on resource: arn:aws:s3:::photos because');
    await aws.rest('s3', '/photos?policy', {
      method: 'PUT',
      body: written({
        Effect: 'Deny',
        Principal: { AWS: roleArn('worker') },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::photos/*',
      }),
    });
    await expect(s3('/in/a')).rejects.toThrow(
      's3:GetObject on resource: arn:aws:s3:::photos/in/a with an explicit deny',
    );
  });

  it('KMS: the key of a bucket and of a secret', async () => {
    const { Arn } = (await aws.call('kms', 'CreateKey', { Policy: written(allow('kms:*', '*', { Principal: root })) }))
      .KeyMetadata;
    await bucket('photos');
    await aws.rest('s3', '/photos?encryption', {
      method: 'PUT',
      body:
        '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>' +
        `<KMSMasterKeyID>${Arn}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
    });
    const secret = await aws.call('secretsmanager', 'CreateSecret', { Name: 'db', SecretString: 's', KmsKeyId: Arn });
    const read = [
      allow('s3:GetObject', 'arn:aws:s3:::photos/*'),
      allow('secretsmanager:GetSecretValue', secret.ARN as string),
    ];
    await aws.rest('s3', '/photos/a', { method: 'PUT', body: 'x' });
    const key = await assume(read);
    const object = () => aws.rest('s3', '/photos/a', {}, key);
    const value = () => aws.call('secretsmanager', 'GetSecretValue', { SecretId: secret.ARN }, key);
    await expect(object()).rejects.toThrow(`kms:Decrypt on resource: ${Arn}`);
    await expect(value()).rejects.toThrow(`kms:Decrypt on resource: ${Arn}`);
    const via = { Condition: { StringEquals: { 'kms:ViaService': `s3.${TEST_REGION}.amazonaws.com` } } };
    await allowed(...read, allow('kms:Decrypt', Arn as string, via));
    expect(await object()).toBe('x');
    await expect(value()).rejects.toThrow('kms:Decrypt');
    await allowed(...read, allow('kms:Decrypt', Arn as string));
    await value();
  });

  it('KMS: a key that is made with tags', async () => {
    const key = await assume([allow('kms:CreateKey', '*')]);
    const attempt = () => aws.call('kms', 'CreateKey', { Tags: [{ TagKey: 'project', TagValue: 'shop' }] }, key);
    await expect(attempt()).rejects.toThrow(`kms:TagResource on resource: ${arn('kms', 'key/*')}`);
    await allowed(allow('kms:CreateKey', '*'), allow('kms:TagResource', arn('kms', 'key/*')));
    await attempt();
  });

  it('a permissions boundary takes away what a policy gives', async () => {
    const boundary = await aws.call('iam', 'CreatePolicy', {
      PolicyName: 'b',
      PolicyDocument: written(allow('logs:*', '*')),
    });
    const key = await assume([allow(['logs:*', 'sqs:*'], '*')], root, { PermissionsBoundary: boundary.Policy.Arn });
    await aws.call('logs', 'CreateLogGroup', { logGroupName: 'g' }, key);
    await expect(aws.call('sqs', 'CreateQueue', { QueueName: 'q' }, key)).rejects.toThrow('sqs:CreateQueue');
  });

  it('resources by name: logs, queues, repositories, functions, parameters, endpoints', async () => {
    const key = await assume([
      allow('logs:CreateLogStream', arn('logs', 'log-group:/app:*')),
      allow('sqs:SendMessage', arn('sqs', 'q')),
      allow('ecr:DescribeImages', arn('ecr', 'repository/app')),
      allow('ecr:GetAuthorizationToken', '*'),
      allow('ssm:GetParameter', arn('ssm', 'parameter/app/image')),
      allow('codebuild:BatchGetProjects', arn('codebuild', 'project/app')),
      allow('sagemaker:DescribeEndpoint', arn('sagemaker', 'endpoint/flowers')),
      allow('lambda:InvokeFunction', arn('lambda', 'function:f')),
    ]);
    const url = async (QueueName: string) => (await aws.call('sqs', 'CreateQueue', { QueueName })).QueueUrl as string;
    const urls = [await url('q'), await url('r')];
    await aws.call('logs', 'CreateLogGroup', { logGroupName: '/app' });
    /** Whether IAM lets a call through; what moto says to it does not count. */
    const passes = async (service: string, operation: string, input: object) => {
      try {
        await aws.call(service, operation, input, key);
        return true;
      } catch (error) {
        return !String(error).includes('AccessDenied');
      }
    };
    const both = async (service: string, operation: string, right: object, wrong: object) =>
      [await passes(service, operation, right), await passes(service, operation, wrong)] as const;
    const fits = [true, false];
    expect(
      await both(
        'logs',
        'CreateLogStream',
        { logGroupName: '/app', logStreamName: 's' },
        { logGroupName: '/b', logStreamName: 's' },
      ),
    ).toEqual(fits);
    expect(
      await both(
        'sqs',
        'SendMessage',
        { QueueUrl: urls[0], MessageBody: 'm' },
        { QueueUrl: urls[1], MessageBody: 'm' },
      ),
    ).toEqual(fits);
    expect(await both('ecr', 'DescribeImages', { repositoryName: 'app' }, { repositoryName: 'b' })).toEqual(fits);
    expect(await both('ecr', 'GetAuthorizationToken', {}, {})).toEqual([true, true]);
    expect(await both('ssm', 'GetParameter', { Name: '/app/image' }, { Name: '/app' })).toEqual(fits);
    expect(await both('codebuild', 'BatchGetProjects', { names: ['app'] }, { names: ['b'] })).toEqual(fits);
    expect(await both('sagemaker', 'DescribeEndpoint', { EndpointName: 'flowers' }, { EndpointName: 'b' })).toEqual(
      fits,
    );
    const invoke = (name: string) =>
      aws.rest('lambda', `/2015-03-31/functions/${name}/invocations`, { method: 'POST' }, key);
    await expect(invoke('g')).rejects.toThrow(`lambda:InvokeFunction on resource: ${arn('lambda', 'function:g')}`);
    await expect(invoke('f')).rejects.not.toThrow('AccessDenied');
  });

  it('an access key that the emulator was told belongs to a role', async () => {
    await assume([allow('logs:DescribeLogGroups', '*')]);
    await fetch(`${aws.endpoint}/_strata/callers`, {
      method: 'POST',
      body: JSON.stringify({ accessKeyId: 'local-app', roleArn: roleArn('worker'), session: 'app' }),
    });
    await aws.call('logs', 'DescribeLogGroups', {}, 'local-app');
    await expect(aws.call('logs', 'CreateLogGroup', { logGroupName: 'g' }, 'local-app')).rejects.toThrow(
      `assumed-role/worker/app is not authorized to perform: logs:CreateLogGroup on resource: ${arn('logs', 'log-group:g:log-stream:')}`,
    );
  });

  describe('AssumeRoleWithWebIdentity of a CI asks the trust that `npm run permissions -- --oidc` prints', () => {
    const place = { partition: 'aws', region: TEST_REGION, account: TEST_ACCOUNT, project: 'shop', prefix: '' };
    const GITHUB = { iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com' };
    const GITLAB = { iss: 'https://gitlab.com', aud: 'https://gitlab.com' };

    async function setUp(oidc: string, { iss, aud }: typeof GITHUB): Promise<void> {
      const trust = trustPolicies(oidc, { ...place, environment: 'prod' });
      await aws.call('iam', 'CreateOpenIDConnectProvider', { Url: iss, ClientIDList: [aud, 'other'] });
      for (const [RoleName, policy] of Object.entries(trust))
        await aws.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(policy) });
    }
    /** As an SDK sends it: without a signature. */
    async function answer(role: string, claims: object): Promise<string> {
      const body = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: roleArn(role),
        RoleSessionName: 'ci',
        WebIdentityToken: webIdentityTokenOf(claims),
      });
      const response = await fetch(aws.endpoint, { method: 'POST', body });
      const text = await response.text();
      return response.ok ? 'assumed' : (/<Message>([^<]*)/.exec(text)?.[1] ?? text);
    }
    const refused = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';

    it('GitHub: the branch, pull requests and the environment of one repository', async () => {
      await setUp('github:example/shop', GITHUB);
      const as = (role: string, sub: string, more: object = {}) => answer(role, { ...GITHUB, sub, ...more });
      expect(await as('plan', 'repo:example/shop:pull_request')).toBe('assumed');
      expect(await as('plan', 'repo:example/shop:ref:refs/heads/main')).toBe('assumed');
      expect(await as('apply', 'repo:example/shop:environment:prod')).toBe('assumed');
      for (const sub of [
        'repo:example/shop:ref:refs/heads/main',
        'repo:example/shop:pull_request',
        'repo:example/shop:environment:dev',
        'repo:example/other:environment:prod',
        'repo:other/shop:environment:prod',
        'repo:example@123456/shop@456789:environment:prod',
      ])
        expect([sub, await as('apply', sub)]).toEqual([sub, refused]);
      for (const sub of ['repo:example/shop:ref:refs/heads/x', 'repo:example/shop:ref:refs/tags/main'])
        expect([sub, await as('plan', sub)]).toEqual([sub, refused]);
      const sub = 'repo:example/shop:environment:prod';
      expect(await as('apply', sub, { aud: 'https://github.com/example' })).toBe('Incorrect token audience');
      expect(await as('apply', sub, GITLAB)).toBe(
        'No OpenIDConnect provider found in your account for https://gitlab.com',
      );
      expect(await as('apply', sub, { exp: 1 })).toBe('Token expired');
      expect(await answer('apply', [])).toBe('The ID Token provided is not a valid JWT.');
      expect(await as('apply', sub, { aud: 'other' })).toBe(refused);
    });

    it('GitHub: a repository whose subjects have ids', async () => {
      await setUp('github:example@123456/shop@456789', GITHUB);
      const as = (sub: string) => answer('apply', { ...GITHUB, sub });
      expect(await as('repo:example@123456/shop@456789:environment:prod')).toBe('assumed');
      expect(await as('repo:example@123456/shop@456780:environment:prod')).toBe(refused);
      expect(await as('repo:example/shop:environment:prod')).toBe(refused);
    });

    it('GitLab: branches of one project', async () => {
      await setUp('gitlab:example/web/shop', GITLAB);
      const as = (role: string, sub: string) => answer(role, { ...GITLAB, sub: `project_path:${sub}` });
      expect(await as('plan', 'example/web/shop:ref_type:branch:ref:feature/x')).toBe('assumed');
      expect(await as('apply', 'example/web/shop:ref_type:branch:ref:main')).toBe('assumed');
      for (const sub of [
        'example/web/shop:ref_type:branch:ref:feature/x',
        'example/web/shop:ref_type:tag:ref:main',
        'example/web:ref_type:branch:ref:main',
        'other/shop:ref_type:branch:ref:main',
      ])
        expect([sub, await as('apply', sub)]).toEqual([sub, refused]);
      expect(await as('plan', 'example/web/shop:ref_type:tag:ref:v1')).toBe(refused);
      expect(await as('plan', 'example/web/shop2:ref_type:branch:ref:main')).toBe(refused);
    });
  });
});
