import path from 'node:path';
import { expectSaid, oneLine } from '../support/e2e/command';
import { added, inventory } from '../support/e2e/remaining';
import { journey } from '../support/e2e/journey';
import { World } from '../support/e2e/world';
import { changeSteps } from './steps/changes';
import { destroySteps } from './steps/destroy';
import { interruptedDeploySteps } from './steps/interrupted-local-deploy';
import { taskDefinitionSteps } from './steps/task-definition';
import { brokenContractSteps } from './steps/broken-contract';

const LAYERS = ['network', 'registry', 'compute'];

journey('layers with local state', (step) => {
  const world = new World();
  afterAll(() => world.stop());

  step('the emulator starts', () => world.start());

  step('a layer whose neighbour was never deployed says what to deploy first', async () => {
    world.configure({ state: { type: 'local' }, layers: { network: {}, registry: {}, compute: {} } });
    const { status, output } = await world.project.cdktf(['deploy', 'compute', '--auto-approve'], {
      STRATA_LAYERS: 'compute',
    });
    expect(status).not.toBe(0);
    expectSaid(
      output,
      'layer "compute" reads contract "network" (owner platform-network) in the range ^1.0, but layer "network" has no state in ' +
        `${path.join(world.project.localStateFolder, 'shop/e2e/network.tfstate')}. Deploy layer "network" first: cdktf deploy network`,
    );
    expect(oneLine(output).match(/Error: (?!Invoking)/g)).toHaveLength(1);
  });

  interruptedDeploySteps(step, world);

  step('cdktf deploy of compute alone finds its neighbour in its state', async () => {
    const said = await world.project.deploy(['compute'], { STRATA_LAYERS: 'compute' });
    expect(said).toMatch(/app_web_url = http:\/\/\S+/);
    for (const service of ['app-web', 'app-was']) {
      expectSaid(said, `${service} has no image yet and runs no task`);
    }
  });

  step('cdktf deploy of all at once makes what is missing and leaves the rest', async () => {
    const before = await inventory(world.clients);
    await world.project.deploy(LAYERS);
    const after = await inventory(world.clients);
    expect(added(before, after)).toEqual({ repositories: ['app-was', 'app-web', 'model-endpoint'] });
    expect(added(after, before)).toEqual({});
    expect(added(world.before, after)).toMatchObject({
      clusters: ['AppEcsCluster'],
      loadBalancers: ['app-was-alb', 'app-web-alb'],
      targetGroups: ['app-was-alb-tg', 'app-web-alb-tg'],
      scalableTargets: ['service/AppEcsCluster/app-was-service', 'service/AppEcsCluster/app-web-service'],
      scalingPolicies: ['app-was-asg-policy', 'app-web-asg-policy'],
    });
  });

  step('the second plan of every layer is empty', async () => {
    expect(await world.project.changes(LAYERS)).toEqual({ network: [], registry: [], compute: [] });
  });

  taskDefinitionSteps(step, world);
  changeSteps(step, world);
  brokenContractSteps(step, world);
  destroySteps(step, world, {
    // What the pipeline made: where the image is written down, and each revision that was in service when it attached
    // another.
    parameters: ['/shop/e2e/images/app-web'],
    activeTaskDefinitions: ['app-web-td:1', 'app-web-td:2', 'app-web-td:4'],
  });
});
