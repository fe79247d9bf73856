import { actAs } from '../../../local/aws/act-as';
import { Roles } from '../../../local/sagemaker/roles';
import { describeWithMoto, RefusingEmulator, TEST_REGION } from '../../support/refusing-emulator';

jest.setTimeout(60_000);

describeWithMoto("an app's role at the emulator", () => {
  let aws: RefusingEmulator;
  const endpoint = `arn:aws:sagemaker:${TEST_REGION}:123456789012:endpoint`;
  const trust = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };

  beforeAll(async () => {
    aws = await RefusingEmulator.start('iam');
  });
  afterAll(() => aws?.stop());

  it('decides which endpoints it may invoke, with the conditions that it has', async () => {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const { Role } = await aws.call('iam', 'CreateRole', { RoleName: 'app', AssumeRolePolicyDocument });
    const allow = (Action: string, Resource: string, Condition = {}) => ({
      Effect: 'Allow',
      Action,
      Resource,
      Condition,
    });
    const Statement = [
      allow('sagemaker:InvokeEndpoint', `${endpoint}/flowers`),
      allow('sagemaker:InvokeEndpoint', `${endpoint}/birds`, { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
      allow('sagemaker:InvokeEndpointAsync', `${endpoint}/later`),
    ];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await aws.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'invoke', PolicyDocument });

    const roles = new Roles();
    const { accessKeyId } = await actAs(aws.endpoint, Role.Arn as string, 'task');
    const emulated = { arn: Role.Arn as string, endpoint: aws.endpoint, region: TEST_REGION };
    roles.set(accessKeyId, { name: 'app', policies: [], emulated });
    const refusal = (action: 'Invoke' | 'InvokeAsync', name: string) =>
      roles.refusal(
        accessKeyId,
        action === 'Invoke' ? 'sagemaker:InvokeEndpoint' : 'sagemaker:InvokeEndpointAsync',
        name,
      );
    expect(await refusal('Invoke', 'flowers')).toBeUndefined();
    expect(await refusal('InvokeAsync', 'later')).toBeUndefined();
    expect(await refusal('Invoke', 'birds')).toBe(
      'User: arn:aws:sts::123456789012:assumed-role/app/task is not authorized to perform: sagemaker:InvokeEndpoint ' +
        `on resource: ${endpoint}/birds because no identity-based policy allows the sagemaker:InvokeEndpoint action`,
    );
    expect(await refusal('InvokeAsync', 'flowers')).toContain(
      `sagemaker:InvokeEndpointAsync on resource: ${endpoint}/flowers`,
    );
  });
});
