// Layers are planned, deployed and changed by a CI's roles that have exactly what `npm run permissions` prints.
import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { fromWebToken } from '@aws-sdk/credential-providers';
import type { Layer } from '../../scripts/changes/layers';
import { CONFIGURATIONS } from '../../scripts/permissions/configurations';
import { trustPolicies } from '../../scripts/permissions/oidc';
import { policiesOf, type Place } from '../../scripts/permissions/policies';
import { readCalls } from '../../scripts/permissions/read-calls';
import { oneLine } from '../support/e2e/command';
import { journey } from '../support/e2e/journey';
import { ENVIRONMENT, PROJECT } from '../support/e2e/project';
import { World } from '../support/e2e/world';
import { webIdentityTokenOf } from '../support/web-identity-token';

/** CI tries the smallest and changes nothing; `STRATA_PERMISSIONS_LAYERS=network,compute` tries others, and changes. */
const NAMED = process.env.STRATA_PERMISSIONS_LAYERS;
const LAYERS = (NAMED ?? 'registry').split(',') as Layer[];

const PLACE: Place = {
  partition: 'aws',
  region: 'ap-northeast-2',
  account: '123456789012',
  project: PROJECT,
  environment: ENVIRONMENT,
  prefix: '',
};
const SUBJECTS = { plan: 'pull_request', apply: `environment:${ENVIRONMENT}` };
const FLAGS = ['-input=false', '-no-color'];

journey('the least permissions of who deploys', (step) => {
  const world = new World();
  const credentials = new Map<string, NodeJS.ProcessEnv>();
  const as = (layer: Layer, what: 'plan' | 'apply') => credentials.get(`${layer}-${what}`)!;
  /** An environment with what a layer needs, and the layer itself. */
  const configure = (layer: Layer, config: object, tags?: Readonly<Record<string, string>>) => {
    const { before = {} } = CONFIGURATIONS[layer];
    world.configure({ state: { type: 'local' }, layers: { ...before, [layer]: config }, ...(tags && { tags }) });
  };
  afterAll(() => world.stop());

  step("a CI's jobs assume roles that have the printed policies", async () => {
    await world.start();
    const iam = new IAMClient(world.clients);
    const [Url, audience] = ['https://token.actions.githubusercontent.com', 'sts.amazonaws.com'];
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: [audience] }));
    const trust = trustPolicies('github:example/shop', PLACE);
    for (const layer of LAYERS) {
      const calls = readCalls(layer);
      const plan = policiesOf(calls.plan, PLACE);
      for (const [what, policies] of [
        ['plan', plan],
        ['apply', [...plan, ...policiesOf(calls.apply, PLACE)]],
      ] as const) {
        const RoleName = `${layer}-${what}`;
        const AssumeRolePolicyDocument = JSON.stringify(trust[what]);
        const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
        for (const [index, policy] of policies.entries()) {
          const PolicyName = `${RoleName}-${index}`;
          const PolicyDocument = JSON.stringify(policy);
          const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
          await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
        }
        const claims = { iss: Url, aud: audience, sub: `repo:example/shop:${SUBJECTS[what]}` };
        const roleArn = Role!.Arn!;
        const webIdentityToken = webIdentityTokenOf(claims);
        const assume = fromWebToken({ roleArn, roleSessionName: 'ci', webIdentityToken, clientConfig: world.clients });
        const { accessKeyId, secretAccessKey, sessionToken } = await assume();
        credentials.set(RoleName, {
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
        });
      }
    }
  });

  for (const layer of LAYERS) {
    const { before = {}, deployed, changed } = CONFIGURATIONS[layer];

    if (Object.keys(before).length > 0)
      step(`what ${layer} needs is there`, async () => {
        configure(layer, deployed);
        await world.project.deploy(Object.keys(before), { STRATA_LAYERS: Object.keys(before).join(',') });
      });

    step(`who plans ${layer} may plan it and not apply it`, async () => {
      configure(layer, deployed);
      await world.project.synth({ STRATA_LAYERS: layer });
      await world.project.init(layer);
      const flags = ['apply', '-auto-approve', ...FLAGS];
      const { status, output } = await world.project.terraform(layer, flags, as(layer, 'plan'));
      expect(output).toMatch(/^Plan: \d+ to add, 0 to change, 0 to destroy/m);
      expect(oneLine(output)).toMatch(
        new RegExp(`assumed-role/${layer}-plan/ci is not authorized to perform: [\\w-]+:\\w+ on resource: arn:aws:`),
      );
      expect(status).toBe(1);
    });

    const apply = async () => {
      const applied = await world.project.terraform(layer, ['apply', '-auto-approve', ...FLAGS], as(layer, 'apply'));
      expect(applied).toMatchObject({ status: 0, output: expect.stringContaining('Apply complete!') });
      const planned = await world.project.terraform(layer, ['plan', '-detailed-exitcode', ...FLAGS], as(layer, 'plan'));
      expect(planned).toMatchObject({ status: 0 });
    };
    step(`who applies ${layer} may deploy it; who plans it sees no change`, apply, 600_000);

    if (NAMED !== undefined)
      step(
        `who applies ${layer} may change it`,
        async () => {
          configure(layer, changed, { team: 'web' });
          await world.project.synth({ STRATA_LAYERS: layer });
          await apply();
        },
        600_000,
      );

    step(
      `who applies ${layer} may destroy it`,
      async () => {
        const flags = ['destroy', '-auto-approve', ...FLAGS];
        const destroyed = await world.project.terraform(layer, flags, as(layer, 'apply'));
        expect(destroyed).toMatchObject({ status: 0, output: expect.stringContaining('Destroy complete!') });
      },
      600_000,
    );
  }
});
