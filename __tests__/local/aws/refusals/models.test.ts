import { describeWithMoto, RefusingEmulator } from '../../../support/refusing-emulator';

const ZIP = 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

describeWithMoto("requests that break AWS's own models are refused (needs moto_server on PATH)", () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('models');
  }, 60_000);
  afterAll(() => aws?.stop());

  it('in JSON: names the member and the rule', async () => {
    await expect(aws.call('logs', 'CreateLogGroup', { logGroupName: 'a b' })).rejects.toThrow(
      "400 InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy " +
        'constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
    );
    await aws.call('logs', 'CreateLogGroup', { logGroupName: '/a-b' });
    await expect(aws.call('sagemaker', 'CreateModel', {})).rejects.toThrow(
      "400 ValidationException: 1 validation error detected: Value at 'modelName' failed to satisfy constraint: Member must not be null",
    );
    await expect(
      aws.call('ecs', 'RegisterTaskDefinition', {
        family: 'f',
        containerDefinitions: [
          { name: 'a', image: 'a', memory: 128, dependsOn: [{ containerName: 'b', condition: 'UP' }] },
        ],
      }),
    ).rejects.toThrow(
      "Value 'UP' at 'containerDefinitions.1.member.dependsOn.1.member.condition' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [START, COMPLETE, SUCCESS, HEALTHY]',
    );
  });

  it('in forms', async () => {
    await expect(
      aws.call('iam', 'CreateRole', { RoleName: 'no such name', AssumeRolePolicyDocument: TRUST }),
    ).rejects.toThrow("400 ValidationError: 1 validation error detected: Value 'no such name' at 'roleName'");
    await aws.call('iam', 'CreateRole', { RoleName: 'name', AssumeRolePolicyDocument: TRUST });
    await expect(
      aws.call('iam', 'TagRole', {
        RoleName: 'name',
        Tags: [
          { Key: 'a', Value: 'b' },
          { Key: 'x'.repeat(129), Value: '' },
        ],
      }),
    ).rejects.toThrow(
      "at 'tags.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
    );
  });

  it('of EC2, in its own words', async () => {
    await expect(aws.call('ec2', 'DeleteVpc', {})).rejects.toThrow(
      '400 MissingParameter: The request must contain the parameter vpcId',
    );
    await expect(aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'mine' })).rejects.toThrow(
      '400 InvalidParameterValue: Value (mine) for parameter instanceTenancy is invalid',
    );
    await aws.call('ec2', 'CreateVpc', {
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'v' }] }],
    });
  });

  it('in REST with JSON', async () => {
    const create = (settings: object) =>
      aws.rest('lambda', '/2015-03-31/functions', {
        method: 'POST',
        body: JSON.stringify({
          FunctionName: 'f',
          Role: 'arn:aws:iam::123456789012:role/name',
          Handler: 'a.b',
          Runtime: 'nodejs20.x',
          Code: { ZipFile: ZIP },
          ...settings,
        }),
      });
    await expect(create({ Timeout: 0 })).rejects.toThrow(
      "400 ValidationException: 1 validation error detected: Value '0' at 'timeout' failed to satisfy constraint",
    );
    await expect(create({ Runtime: 'nodejs99.x' })).rejects.toThrow("Value 'nodejs99.x' at 'runtime'");
  });

  it('in REST with XML, and leaves objects unread', async () => {
    await aws.rest('s3', '/photos', {
      method: 'PUT',
      body: '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>ap-northeast-2</LocationConstraint></CreateBucketConfiguration>',
    });
    const versioning = (status: string) =>
      aws.rest('s3', '/photos?versioning', {
        method: 'PUT',
        body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      });
    await expect(versioning('On')).rejects.toThrow(
      "400 InvalidArgument: 1 validation error detected: Value 'On' at 'versioningConfiguration.status'",
    );
    await versioning('Enabled');
    const policy = { Version: '2012-10-17', Statement: [] };
    await aws.rest('s3', '/photos?policy', { method: 'PUT', body: JSON.stringify(policy) });
    await aws.rest('s3', '/photos/a/b.txt', { method: 'PUT', body: 'hello' });
    expect(await aws.rest('s3', '/photos/a/b.txt')).toBe('hello');
  });

  it('but not what no model knows', async () => {
    await expect(aws.call('sts', 'GetCallerIdentity', {})).resolves.toMatchObject({ Account: '123456789012' });
    expect(await (await fetch(`${aws.endpoint}/moto-api/`)).text()).toContain('oto');
  });
});
