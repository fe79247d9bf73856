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
  interruptedDeploySteps(step, world);

  step('cdktf deploy of compute alone finds its neighbour in its state', async () => {
    const said = await world.project.deploy(['compute'], { STRATA_LAYERS: 'compute' });
    expect(said).toMatch(/app_web_url = http:\/\/\S+/);
    for (const service of ['app-web', 'app-was']) {
      expect(said).toContain(`${service} has no image yet and runs no task`);
    }
  });

  step('cdktf deploy of all at once makes what is missing and leaves the rest', async () => {
    const serials = () => ['network', 'compute'].map((layer) => world.project.localState(layer).serial);
    const before = serials();
    await world.project.deploy(LAYERS);
    expect(serials()).toEqual(before);
    expect(added(world.before, await inventory(world.clients))).toMatchObject({
      repositories: ['app-was', 'app-web'],
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
    // Made by no layer: the pipeline wrote it.
    parameters: ['/shop/e2e/images/app-web'],
  });
});
