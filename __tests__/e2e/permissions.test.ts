// Layers are planned and deployed by a CI's roles that have exactly what `npm run permissions` prints.
import { CreatePolicyCommand, AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { actAs } from '../../local/aws/act-as';
import type { Layer } from '../../scripts/changes/layers';
import { trustPolicies } from '../../scripts/permissions/oidc';
import { policiesOf, type Place } from '../../scripts/permissions/policies';
import { readCalls } from '../../scripts/permissions/read-calls';
import { oneLine } from '../support/e2e/command';
import { journey } from '../support/e2e/journey';
import { ENVIRONMENT, PROJECT } from '../support/e2e/project';
import { World } from '../support/e2e/world';

/** CI tries the smallest; `STRATA_PERMISSIONS_LAYERS=network,registry,compute` tries more, each with its own roles. */
const LAYERS = (process.env.STRATA_PERMISSIONS_LAYERS ?? 'registry').split(',') as Layer[];

const PLACE: Place = {
  partition: 'aws',
  region: 'ap-northeast-2',
  account: '123456789012',
  project: PROJECT,
  environment: ENVIRONMENT,
  prefix: '',
};

const FLAGS = ['-auto-approve', '-input=false', '-no-color'];

journey('the least permissions of who deploys', (step) => {
  const world = new World();
  const credentials = new Map<string, NodeJS.ProcessEnv>();
  const as = (layer: Layer, what: 'plan' | 'apply') => credentials.get(`${layer}-${what}`)!;
  afterAll(() => world.stop());

  step('roles that a CI may assume get the printed policies', async () => {
    await world.start();
    world.configure({
      state: { type: 'local' },
      layers: { network: { natGateways: 'single' }, registry: {}, compute: {} },
    });
    const iam = new IAMClient(world.clients);
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
        const { accessKeyId, secretAccessKey } = await actAs(world.clients.endpoint, Role!.Arn!, 'ci');
        credentials.set(RoleName, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
      }
    }
  });

  for (const layer of LAYERS) {
    step(`who plans ${layer} may plan it and not apply it`, async () => {
      await world.project.synth({ STRATA_LAYERS: layer });
      await world.project.init(layer);
      const { status, output } = await world.project.terraform(layer, ['apply', ...FLAGS], as(layer, 'plan'));
      expect(output).toMatch(/^Plan: \d+ to add, 0 to change, 0 to destroy/m);
      expect(oneLine(output)).toMatch(
        new RegExp(`assumed-role/${layer}-plan/ci is not authorized to perform: [\\w-]+:\\w+ on resource: arn:aws:`),
      );
      expect(status).toBe(1);
    });

    step(`who applies ${layer} may deploy it; who plans it sees no change`, async () => {
      const applied = await world.project.terraform(layer, ['apply', ...FLAGS], as(layer, 'apply'));
      expect(applied).toMatchObject({ status: 0, output: expect.stringContaining('Apply complete!') });
      const planned = await world.project.terraform(
        layer,
        ['plan', '-detailed-exitcode', '-input=false', '-no-color'],
        as(layer, 'plan'),
      );
      expect(planned).toMatchObject({ status: 0 });
    });
  }

  for (const layer of [...LAYERS].reverse())
    step(`who applies ${layer} may destroy it`, async () => {
      const destroyed = await world.project.terraform(layer, ['destroy', ...FLAGS], as(layer, 'apply'));
      expect(destroyed).toMatchObject({ status: 0, output: expect.stringContaining('Destroy complete!') });
    });
});
