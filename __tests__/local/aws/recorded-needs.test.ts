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

  it('one that does not record says how to', async () => {
    const other = await RefusingEmulator.start('iam');
    const answer = await fetch(`${other.endpoint}${RECORD_PATH}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('start the emulator with STRATA_EMULATOR_RECORD=on');
    await other.stop();
  });
});
