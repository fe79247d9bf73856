// The first command of the README, in a checkout of its own: from nothing to a page that names a flower, and back.
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import path from 'node:path';
import { stopApplication } from '../../local/run/background-application';
import { freePort } from '../../local/aws/moto';
import labels from '../../sagemaker/sample-model/labels.json';
import { sendPhoto } from '../apps/harness';
import { runCommand } from '../support/e2e/command';
import { journey, motoFolder } from '../support/e2e/journey';
import { withRecentNode } from '../support/e2e/recent-node';
import { toolchain } from '../support/terraform';
import { WorkspaceCopy } from '../support/workspace-copy';

/** What nothing that is started reads. */
const NOT_STARTED = /^(__tests__|docs)\//;

journey('npm start', (step) => {
  const checkout = new WorkspaceCopy(NOT_STARTED);
  let environment: NodeJS.ProcessEnv = {};
  let page = '';

  const npm = async (...args: readonly string[]): Promise<string> => {
    const { status, output } = await runCommand('npm', args, { cwd: checkout.folder, environment });
    if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${output}`);
    return output;
  };

  afterAll(async () => {
    // What a failed step left.
    await stopApplication(path.join(checkout.folder, '.strata'));
    await npm('run', '--silent', 'emulator', '--', 'stop');
    checkout.remove();
  });

  step('deploys the layers and says where the page is', async () => {
    const tools = toolchain();
    environment = withRecentNode({
      ...(typeof tools === 'string' ? process.env : tools.environment),
      PATH: [motoFolder(), process.env.PATH].filter((part) => part !== undefined).join(path.delimiter),
      STRATA_EMULATOR_PORT: String(await freePort()),
    });
    const said = await npm('start');
    page = /^ {2}(http:\/\/127\.0\.0\.1:\d+) /m.exec(said)?.[1] ?? said;
    expect(page).toMatch(/^http:/);
    expect(said).toMatch(/its model, image-classifier: /);
  });

  step('the page is there, and names the flower on a photo', async () => {
    const html = await fetch(page);
    expect(html.status).toBe(200);
    expect(await html.text()).toContain('<title>');
    const { status, body } = await sendPhoto(page);
    expect(status).toBe(200);
    const { label } = body['result'] as unknown as { readonly label: string };
    expect(labels.map((known) => known.label)).toContain(label);
  });

  step('app-was may do no more than its role at the emulator: a right that is taken away is missed', async () => {
    const iam = new IAMClient({
      endpoint: `http://127.0.0.1:${environment.STRATA_EMULATOR_PORT}`,
      region: 'ap-northeast-2',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const policy = { RoleName: 'ecsWasTaskRole', PolicyName: 'less' };
    const Statement = [{ Effect: 'Deny', Action: 'sagemaker:InvokeEndpoint', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    expect((await sendPhoto(page)).status).toBe(503);
    await iam.send(new DeleteRolePolicyCommand(policy));
    expect((await sendPhoto(page)).status).toBe(200);
  });

  step('npm start -- --destroy leaves nothing, and no page', async () => {
    expect(await npm('start', '--', '--destroy')).toMatch(/^Nothing is left/m);
    await expect(fetch(page)).rejects.toThrow('fetch failed');
  });
});
