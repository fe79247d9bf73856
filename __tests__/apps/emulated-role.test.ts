// The apps with a task role that the AWS emulator has, as `npm start` runs them.
import { runApplication } from '../../local/run/application';
import { describeWithMoto, RefusingEmulator, TEST_REGION } from '../support/refusing-emulator';
import { sendPhoto } from './harness';

jest.setTimeout(120_000);

describeWithMoto('app-was with its role at the emulator (needs moto_server on PATH)', () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('iam');
  });
  afterAll(() => aws?.stop());

  it('a right that is taken from the role is missed, and the log names role, action and resource', async () => {
    const written = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const trust = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const RoleName = 'ecsWasTaskRole';
    const { Role } = await aws.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: written(trust) });
    const invoke = (Effect: string) =>
      aws.call('iam', 'PutRolePolicy', {
        RoleName,
        PolicyName: 'invoke',
        PolicyDocument: written({ Effect, Action: 'sagemaker:InvokeEndpoint', Resource: '*' }),
      });
    await invoke('Allow');
    const lines: string[] = [];
    const emulated = { arn: Role.Arn as string, endpoint: aws.endpoint, region: TEST_REGION };
    const was = 'http://was.local';
    const application = await runApplication({
      containers: [
        { image: 'app-web', port: 0, environment: { APP_WAS_URL: was, AWS_REGION: TEST_REGION } },
        {
          image: 'app-was',
          port: 0,
          environment: { SAGEMAKER_ENDPOINT_NAME: 'image-classifier', AWS_REGION: TEST_REGION },
          addresses: [was],
          taskRole: { name: RoleName, policies: [], emulated },
        },
      ],
      fakeEndpoint: true,
      onLine: (_app, line) => lines.push(line),
    });
    try {
      expect((await sendPhoto(application.url)).status).toBe(200);
      await invoke('Deny');
      expect((await sendPhoto(application.url)).status).toBe(503);
      await invoke('Allow');
      expect((await sendPhoto(application.url)).status).toBe(200);
    } finally {
      await application.stop();
    }
    expect(lines.join('\n')).toContain(
      'assumed-role/ecsWasTaskRole/ecsWasTaskRole is not authorized to perform: sagemaker:InvokeEndpoint on resource: ' +
        'arn:aws:sagemaker:ap-northeast-2:123456789012:endpoint/image-classifier with an explicit deny',
    );
  });
});
