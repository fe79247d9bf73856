import { EC2Client } from '@aws-sdk/client-ec2';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { deleteStudioLeftover, findStudioLeftovers } from '../../../local/studio-leftovers';
import { describeWithMoto, RefusingEmulator, TEST_REGION } from '../../support/refusing-emulator';

jest.setTimeout(60_000);

describeWithMoto('what SageMaker leaves of a Studio domain', () => {
  let aws: RefusingEmulator;

  beforeAll(async () => {
    process.env.STRATA_EMULATOR_LEFTOVERS = 'on';
    aws = await RefusingEmulator.start('rules');
  });
  afterAll(async () => {
    delete process.env.STRATA_EMULATOR_LEFTOVERS;
    await aws?.stop();
  });

  test('keeps the VPC until it is deleted; domains that exist keep theirs', async () => {
    const options = {
      region: TEST_REGION,
      endpoint: aws.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const clients = { ec2: new EC2Client(options), sagemaker: new SageMakerClient(options) };
    const policy = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
    };
    const role = { RoleName: 'studio', AssumeRolePolicyDocument: JSON.stringify(policy) };
    const ExecutionRole: string = (await aws.call('iam', 'CreateRole', role)).Role.Arn;
    const make = async (DomainName: string) => {
      const VpcId: string = (await aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
      const made = await aws.call('sagemaker', 'CreateDomain', {
        DomainName,
        AuthMode: 'IAM',
        DefaultUserSettings: { ExecutionRole },
        SubnetIds: ['subnet-1'],
        VpcId,
      });
      return { VpcId, DomainId: String(made.DomainArn).split('/')[1]! };
    };
    const gone = await make('gone');
    const kept = await make('kept');
    const group = { GroupName: `security-group-for-inbound-nfs-${kept.DomainId}`, Description: 'd', VpcId: kept.VpcId };
    await aws.call('ec2', 'CreateSecurityGroup', group);
    await aws.call('sagemaker', 'DeleteDomain', { DomainId: gone.DomainId });
    await expect(aws.call('ec2', 'DeleteVpc', { VpcId: gone.VpcId })).rejects.toThrow('DependencyViolation');

    const leftovers = await findStudioLeftovers(clients);
    expect(leftovers).toEqual([
      { domainId: gone.DomainId, vpcId: gone.VpcId, groupIds: [expect.any(String), expect.any(String)] },
    ]);
    await deleteStudioLeftover(clients.ec2, leftovers[0]!);
    await aws.call('ec2', 'DeleteVpc', { VpcId: gone.VpcId });
    expect(await findStudioLeftovers(clients)).toEqual([]);
  });
});
